"""Triggers mark the range of numbers in which a counted case has changed.

A mark is one more row, never a shared one: whoever writes cases waits for nobody. One for each range and transaction
is enough, since a transaction is seen as a whole or not at all; which ranges it has marked, it remembers in a
setting that ends with it.
"""

from django.db import migrations

# Cases are counted by ranges of this many numbers, 2 ** 16: see registry.models.counted_range.
SHIFT = 16
# What a run reads of a case.
READ = (
    "node_path visibility status scope merged_into_id event_group_id occurred_from occurred_precision stage "
    "reported_at predictability warned_on"
)
COUNTED = "({r}.visibility = 'everyone' AND {r}.status NOT IN ('draft', 'withdrawn') AND {r}.scope <> 'out')"


def counted(row):
    return COUNTED.format(r=row)


def quoted(row):
    return ", ".join(f"{row}.{column}" for column in READ.split())


MARK = f"""
CREATE FUNCTION registry_mark_range(case_number integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    wanted integer := case_number >> {SHIFT};
    marked text := coalesce(current_setting('registry.marked', true), '');
BEGIN
    IF position(',' || wanted || ',' IN marked) = 0 THEN
        INSERT INTO registry_rangemark (number) VALUES (wanted);
        PERFORM set_config('registry.marked', CASE marked WHEN '' THEN ',' ELSE marked END || wanted || ',', true);
    END IF;
END $$;
"""  # noqa: S608
UNMARK = "DROP FUNCTION registry_mark_range(integer)"

CASES = f"""
CREATE FUNCTION registry_case_mark_made() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM registry_mark_range(n.id) FROM (
        SELECT min(id) AS id FROM new_rows WHERE {counted("new_rows")} GROUP BY id >> {SHIFT}
    ) n;
    RETURN NULL;
END $$;

CREATE FUNCTION registry_case_mark() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM registry_mark_range(OLD.id);
    RETURN NULL;
END $$;

CREATE FUNCTION registry_case_unmark() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM registry_countedrange;
    DELETE FROM registry_rangemark;
    RETURN NULL;
END $$;

CREATE TRIGGER registry_case_mark_insert AFTER INSERT ON registry_case REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION registry_case_mark_made();
CREATE TRIGGER registry_case_mark_update AFTER UPDATE ON registry_case FOR EACH ROW
WHEN (({quoted("OLD")}) IS DISTINCT FROM ({quoted("NEW")}) AND ({counted("OLD")} OR {counted("NEW")}))
EXECUTE FUNCTION registry_case_mark();
CREATE TRIGGER registry_case_mark_delete AFTER DELETE ON registry_case FOR EACH ROW
WHEN ({counted("OLD")}) EXECUTE FUNCTION registry_case_mark();
CREATE TRIGGER registry_case_mark_truncate AFTER TRUNCATE ON registry_case
FOR EACH STATEMENT EXECUTE FUNCTION registry_case_unmark();
"""  # noqa: S608
CASES_UNMARKED = "".join(f"DROP FUNCTION registry_case_{name}() CASCADE;" for name in ("mark_made", "mark", "unmark"))

# From where a case was imported is its stratum; what the other database said of it is not read.
NUMBERS = f"""
CREATE FUNCTION registry_externalid_mark_made() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM registry_mark_range(n.case_id) FROM (
        SELECT min(case_id) AS case_id FROM new_rows WHERE imported IS NOT NULL GROUP BY case_id >> {SHIFT}
    ) n;
    RETURN NULL;
END $$;

CREATE FUNCTION registry_externalid_mark() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM registry_mark_range(OLD.case_id);
    IF TG_OP = 'UPDATE' THEN
        PERFORM registry_mark_range(NEW.case_id);
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER registry_externalid_mark_insert AFTER INSERT ON registry_externalid REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION registry_externalid_mark_made();
CREATE TRIGGER registry_externalid_mark_update AFTER UPDATE ON registry_externalid FOR EACH ROW
WHEN ((OLD.case_id, OLD.source, OLD.imported IS NULL) IS DISTINCT FROM (NEW.case_id, NEW.source, NEW.imported IS NULL))
EXECUTE FUNCTION registry_externalid_mark();
CREATE TRIGGER registry_externalid_mark_delete AFTER DELETE ON registry_externalid FOR EACH ROW
WHEN (OLD.imported IS NOT NULL) EXECUTE FUNCTION registry_externalid_mark();
"""  # noqa: S608
NUMBERS_UNMARKED = "".join(f"DROP FUNCTION registry_externalid_{name}() CASCADE;" for name in ("mark_made", "mark"))

# Two megabytes of packed bits, which would take longer to compress than to count.
AS_IT_IS = "ALTER TABLE registry_countedrange ALTER COLUMN content SET STORAGE EXTERNAL"
COMPRESSED = "ALTER TABLE registry_countedrange ALTER COLUMN content SET STORAGE EXTENDED"


class Migration(migrations.Migration):
    dependencies = [("registry", "0016_pattern_runs_that_explain")]

    operations = [
        migrations.RunSQL(MARK, UNMARK),
        migrations.RunSQL(CASES, CASES_UNMARKED),
        migrations.RunSQL(NUMBERS, NUMBERS_UNMARKED),
        migrations.RunSQL(AS_IT_IS, COMPRESSED),
    ]
