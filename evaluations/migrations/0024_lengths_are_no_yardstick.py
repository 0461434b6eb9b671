from django.db import migrations

# That of AlpacaEval's table may have come in before it could be marked as such.
MARK = """
UPDATE evaluations_benchmark SET is_yardstick = false
WHERE name = 'AlpacaEval output length' AND metric = 'characters, average';
"""


class Migration(migrations.Migration):

    dependencies = [
        ('evaluations', '0023_wait_for_freezing'),
    ]

    operations = [
        migrations.RunSQL(MARK, migrations.RunSQL.noop),
    ]
