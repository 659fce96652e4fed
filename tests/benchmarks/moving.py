"""W10: a node moved to another parent with all its cases, against a plain UPDATE of the same rows."""

from itertools import cycle

from django.db import connection

from registry.actions import taxonomy_changes
from registry.choices import Role
from registry.models import Person
from taxonomy.models import Node
from tests.benchmarks.database import raw_connection
from tests.benchmarks.measuring import Goal, against, alone, interleave
from tests.benchmarks.synthetic import LAST_DAY, at_noon

GOAL = Goal(1.5)
WANTED = 10_000
SECONDS = Goal(5000, unit="ms")
# The node with about as many cases under it as are to be moved.
LIKELY = """
SELECT node, count(*) AS n FROM registry_case, unnest(node_path) AS node
JOIN taxonomy_node ON taxonomy_node.id = node WHERE parent_id IS NOT NULL
GROUP BY node ORDER BY abs(count(*) - %s), node LIMIT 1
"""
# Each run changes every path, and the next one changes it back: what is measured stays the same.
UNDER = "WHERE node_path @> ARRAY[%s::integer]"
PLAIN = {
    True: f"UPDATE registry_case SET node_path = node_path || 2147483647 {UNDER}",
    False: f"UPDATE registry_case SET node_path = array_remove(node_path, 2147483647) {UNDER}",
}


def measure(registry, *, seconds):
    """The rows of W10. Leaves the node where one of its moves put it."""
    with connection.cursor() as cursor:
        cursor.execute(LIKELY, [WANTED])
        number, n = cursor.fetchone()
    node = Node.objects.select_related("parent").get(pk=number)
    top = Node.objects.filter(scheme=node.scheme_id, parent=None).exclude(pk__in=above(node)).first()
    boss = Person.objects.filter(role=Role.ADMINISTRATOR).first()
    parents, plain = cycle([top, node.parent]), cycle([True, False])

    def move():
        reason = {"at": at_noon(LAST_DAY), "reason": "Measured."}
        taxonomy_changes.move_node(node=node, parent=next(parents), by=boss, **reason)

    with raw_connection() as floor:
        works = {"move": move, "plain": lambda: floor.execute(PLAIN[next(plain)], [number])}
        taken = interleave(works, seconds=seconds)
        if next(plain) is False:
            floor.execute(PLAIN[False], [number])
    return [
        against("W10 move a node / plain UPDATE", n, taken["move"], taken["plain"], GOAL),
        alone("W10 move a node, all of it", n, taken["move"], SECONDS),
    ]


def above(node):
    found = {node.pk}
    while node.parent_id:
        node = node.parent
        found.add(node.pk)
    return found
