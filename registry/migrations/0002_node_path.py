from django.db import migrations

# The agreed nodes of a case and everything above them, sorted: "under node X" is node_path @> {X}.
# Volatile, so that it sees what another transaction committed while this one waited for the case's row.
NODE_PATH = """
CREATE FUNCTION registry_node_path(wanted integer) RETURNS integer[] LANGUAGE sql VOLATILE AS $$
    WITH RECURSIVE above AS (
        SELECT n.id, n.parent_id
        FROM registry_classification c JOIN taxonomy_node n ON n.id = c.node_id
        WHERE c.case_id = wanted
        UNION
        SELECT n.id, n.parent_id FROM taxonomy_node n JOIN above ON n.id = above.parent_id
    )
    SELECT coalesce(array_agg(id ORDER BY id), '{}') FROM above
$$;
"""

# A moved node changes what its cases stand under.
MOVED = """
CREATE FUNCTION registry_node_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE registry_case SET node_path = registry_node_path(id) WHERE node_path @> ARRAY[NEW.id];
    RETURN NULL;
END $$;
CREATE TRIGGER registry_node_moved AFTER UPDATE OF parent_id ON taxonomy_node
FOR EACH ROW WHEN (OLD.parent_id IS DISTINCT FROM NEW.parent_id) EXECUTE FUNCTION registry_node_moved();
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_initial"), ("taxonomy", "0001_initial")]
    operations = [
        migrations.RunSQL(NODE_PATH, "DROP FUNCTION registry_node_path(integer)"),
        migrations.RunSQL(MOVED, "DROP FUNCTION registry_node_moved() CASCADE"),
    ]
