"""The nodes of a case, and those above them, as a run over some of the cases counts them.

Anybody who labels may ask for such a run, over ten cases and over the same ten without one. So it counts of each case
only what that case shows to everybody: while raters may still be blind to it, what was published or decided.
"""

from django.contrib.postgres.fields import ArrayField
from django.db.models import Case, F, Func, IntegerField, When

from registry.blind import PUBLIC, is_open_to, rests_on_raters
from registry.choices import LabelRule, Method, Stance

AGREED = "SELECT node_id FROM registry_classification WHERE case_id = %(expressions)s"
METHODS = ", ".join(f"'{method.value}'" for method in PUBLIC)
PUBLISHED = f"{AGREED} AND method IN ({METHODS})"
DECIDED = f"{AGREED} AND method = '{Method.ADJUDICATED.value}'"
SAID = f"""{AGREED} UNION SELECT node_id FROM registry_label
WHERE case_id = %(expressions)s AND submitted_at IS NOT NULL AND stance = '{Stance.PRESENT.value}'"""  # noqa: S608
PATH = """ARRAY(
SELECT DISTINCT above::integer
FROM ({nodes}) AS named, jsonb_array_elements_text((SELECT registry_nodes_above()) -> named.node_id::text) AS above
ORDER BY 1)"""


def counted_path(rule):
    """Of cases: the sorted nodes that LabelRule `rule` counts in a run over some of them, and everything above."""
    if rule == LabelRule.ADJUDICATED:
        return _path(DECIDED)
    for_all = is_open_to(None)
    over = _path(SAID) if rule == LabelRule.ANY else F("node_path")
    published = When(~rests_on_raters(), then=F("node_path"))
    return Case(When(for_all, then=over), published, default=_path(PUBLISHED), output_field=_path(AGREED).output_field)


def _path(nodes):
    """Of a case's id: the nodes that a statement names for it, and everything above them."""
    return Func("pk", template=PATH.format(nodes=nodes), output_field=ArrayField(IntegerField()))
