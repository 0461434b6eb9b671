from django.db import migrations
from django.db.models import Exists, OuterRef
from django.db.models.functions import Now

from evaluations.models.prompts import wording_of

BATCH = 1000


def fill_wordings(apps, schema_editor):
    Prompt = apps.get_model("evaluations", "Prompt")
    unknown = Prompt.objects.filter(wording="").only("turns").order_by("pk")
    last = 0
    while batch := list(unknown.filter(pk__gt=last)[:BATCH]):
        for prompt in batch:
            prompt.wording = wording_of(prompt.turns[0])
        Prompt.objects.bulk_update(batch, ["wording"])
        last = batch[-1].pk


def mark_drawn(apps, schema_editor):
    Prompt = apps.get_model("evaluations", "Prompt")
    Battle = apps.get_model("evaluations", "Battle")
    drawn = Battle.objects.filter(prompt=OuterRef("pk"), origin="draw")
    Prompt.objects.filter(Exists(drawn)).update(drawn_at=Now())


class Migration(migrations.Migration):

    dependencies = [
        ("evaluations", "0009_fair_draws"),
    ]

    operations = [
        migrations.RunPython(fill_wordings, migrations.RunPython.noop, elidable=True),
        migrations.RunPython(mark_drawn, migrations.RunPython.noop, elidable=True),
    ]
