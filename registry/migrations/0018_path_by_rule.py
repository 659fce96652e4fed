"""Every node with all that stands above it, in one value: a statement over many cases asks for it once.

{"12": [12, 5, 1], …}. The path of a case then is one look-up for each of its nodes. Climbing the tree anew for each
case took three times as long.
"""

from django.db import migrations

ABOVE = """
CREATE FUNCTION registry_nodes_above() RETURNS jsonb LANGUAGE sql STABLE AS $$
    WITH RECURSIVE above AS (
        SELECT id AS node, id AS ancestor FROM taxonomy_node
        UNION
        SELECT above.node, n.parent_id FROM above JOIN taxonomy_node n ON n.id = above.ancestor
        WHERE n.parent_id IS NOT NULL
    )
    SELECT coalesce(jsonb_object_agg(node, ancestors), '{}')
    FROM (SELECT node, array_agg(ancestor) AS ancestors FROM above GROUP BY node) AS paths
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0017_mark_ranges")]
    operations = [migrations.RunSQL(ABOVE, "DROP FUNCTION registry_nodes_above()")]
