from django.db import migrations

# As in 0013, but of the set's row as it stands: who adds to a set that is just being
# frozen waits and is refused, and a freeze waits for those who came first. The flag is
# taken of locked rows; as a condition it could be tried before they are locked.
FUNCTION = """
CREATE OR REPLACE FUNCTION evaluations_keep_frozen() RETURNS trigger
    LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (OLD.turns, OLD."references", OLD.prompt_set_id)
        = (NEW.turns, NEW."references", NEW.prompt_set_id)
        AND OLD.external_id IS NOT DISTINCT FROM NEW.external_id THEN
        RETURN NEW;
    END IF;
    IF (
        SELECT bool_or(frozen_at IS NOT NULL) FROM (
            SELECT frozen_at FROM evaluations_promptset
            WHERE TG_OP <> 'INSERT' AND id = OLD.prompt_set_id
                OR TG_OP <> 'DELETE' AND id = NEW.prompt_set_id
            ORDER BY id {lock}
        ) touched
    ) THEN
        RAISE EXCEPTION 'prompt_set_is_frozen' USING
            ERRCODE = 'check_violation', CONSTRAINT = 'prompt_set_is_frozen';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('evaluations', '0022_what_is_a_yardstick'),
    ]

    operations = [
        migrations.RunSQL(FUNCTION.format(lock="FOR SHARE"), FUNCTION.format(lock="")),
    ]
