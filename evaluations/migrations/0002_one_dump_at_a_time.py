from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("evaluations", "0001_initial")]

    operations = [
        migrations.AddConstraint(
            model_name="dump",
            constraint=models.UniqueConstraint(
                models.Value(1),
                condition=models.Q(("state__in", ["queued", "building"])),
                name="dump_one_under_way",
            ),
        ),
    ]
