"""A moved node changes all its cases in a few statements, and the text index takes them in batches.

A new path is a new version of the case's row, which goes into every index again. Three quarters of the time went
into the text index word by word; from a pending list it takes them sorted, in a tenth of the write-ahead log.
"""

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations

# Whoever labels locks their case, then the node by its foreign key. So here too: the cases, then the nodes, after
# which nothing new can come below them, then all that carry them, read anew.
# It tidies the indexes it filled, which only the owner of the table may do.
MOVED = """
CREATE OR REPLACE FUNCTION registry_node_moved() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp SET gin_pending_list_limit = '256MB' AS $$
DECLARE
    below integer[];
    moved bigint;
BEGIN
    WITH RECURSIVE under AS (
        SELECT NEW.id AS id UNION SELECT n.id FROM taxonomy_node n JOIN under ON n.parent_id = under.id
    ) SELECT array_agg(id) INTO below FROM under;

    PERFORM 1 FROM registry_case WHERE node_path @> ARRAY[NEW.id::integer] ORDER BY id FOR NO KEY UPDATE;
    PERFORM 1 FROM taxonomy_node WHERE id = ANY(below) ORDER BY id FOR UPDATE;

    WITH RECURSIVE above AS (
        SELECT id AS node, id AS ancestor FROM taxonomy_node
        UNION
        SELECT above.node, n.parent_id FROM above JOIN taxonomy_node n ON n.id = above.ancestor
        WHERE n.parent_id IS NOT NULL
    ), touched AS MATERIALIZED (
        SELECT DISTINCT case_id FROM registry_classification WHERE node_id = ANY(below)
    ), paths AS MATERIALIZED (
        SELECT c.case_id, array_agg(DISTINCT above.ancestor::integer ORDER BY above.ancestor::integer) AS path
        FROM touched JOIN registry_classification c USING (case_id) JOIN above ON above.node = c.node_id
        GROUP BY c.case_id
    )
    UPDATE registry_case SET node_path = paths.path FROM paths
    WHERE registry_case.id = paths.case_id AND registry_case.node_path <> paths.path;

    GET DIAGNOSTICS moved = ROW_COUNT;
    IF moved > 500 THEN
        PERFORM gin_clean_pending_list('registry_case_search');
    END IF;
    RETURN NULL;
END $$;
"""
MOVED_ROW_BY_ROW = """
CREATE OR REPLACE FUNCTION registry_node_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE registry_case SET node_path = registry_node_path(id) WHERE node_path @> ARRAY[NEW.id];
    RETURN NULL;
END $$;
"""
IN_BATCHES = "ALTER INDEX registry_case_search SET (fastupdate = on)"
AT_ONCE = "ALTER INDEX registry_case_search SET (fastupdate = off)"


class Migration(migrations.Migration):
    dependencies = [("registry", "0009_ratings_of_labels")]
    operations = [
        migrations.RunSQL(MOVED, MOVED_ROW_BY_ROW),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(IN_BATCHES, AT_ONCE)],
            state_operations=[
                migrations.RemoveIndex("case", "registry_case_search"),
                migrations.AddIndex("case", GinIndex(fields=["search"], name="registry_case_search")),
            ],
        ),
    ]
