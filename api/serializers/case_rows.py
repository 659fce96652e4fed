"""Rows of the case list, from plain values: no model, no serializer, two queries for any number of rows."""

from django.db import connection

from api.addresses import reference_of
from registry.models.case import NARRATIVE_FIELDS

COLUMNS = (
    "id",
    "version",
    "created_at",
    "updated_at",
    "title",
    "kind",
    "status",
    "visibility",
    "occurred_from",
    "occurred_to",
    "occurred_precision",
    "reported_at",
    "closed_at",
    "realised_severity__slug",
    "potential_severity__slug",
    "reporter__username",
    "owner__username",
    # What orderings and their cursors read.
    "occurred_on",
    "severity_rank",
)
PEOPLE = ("reporter__name", "owner__name")
FIELDS = (
    "id",
    "reference",
    "url",
    "html_url",
    "version",
    "created_at",
    "updated_at",
    "title",
    "kind",
    "status",
    "visibility",
    "occurred_from",
    "occurred_to",
    "occurred_precision",
    "reported_at",
    "closed_at",
    "realised_severity",
    "potential_severity",
    "reporter",
    "owner",
    "systems",
    "labels",
)
EXPANDABLE = ("narrative", "people", "labels")

# The agreed nodes and the systems of a page of cases, in one go.
BELONGING = """
SELECT c.case_id, 'label', s.slug || ':' || n.slug, n.name, s.name
FROM registry_classification c JOIN taxonomy_node n ON n.id = c.node_id JOIN taxonomy_scheme s ON s.id = n.scheme_id
WHERE c.case_id = ANY(%(ids)s)
UNION ALL
SELECT c.case_id, 'system', s.name, c.version, ''
FROM registry_casesystem c JOIN registry_system s ON s.id = c.system_id
WHERE c.case_id = ANY(%(ids)s)
ORDER BY 1, 2, 3, 4
"""


def columns_for(expand):
    return (
        *COLUMNS,
        *(PEOPLE if "people" in expand else ()),
        *(NARRATIVE_FIELDS if "narrative" in expand else ()),
    )


def rows_of(cases, *, addresses, expand=frozenset()):
    """Dicts of FIELDS for named tuples of `columns_for(expand)`."""
    labels, systems = belonging([case.id for case in cases], labels_in_full="labels" in expand)
    return [row(case, addresses, expand, labels.get(case.id, []), systems.get(case.id, [])) for case in cases]


def row(case, addresses, expand, labels, systems):
    reference = reference_of(case.id)
    found = {
        "id": case.id,
        "reference": reference,
        **addresses.case(reference),
        "version": case.version,
        "created_at": case.created_at,
        "updated_at": case.updated_at,
        "title": case.title,
        "kind": case.kind or None,
        "status": case.status,
        "visibility": case.visibility,
        "occurred_from": case.occurred_from,
        "occurred_to": case.occurred_to,
        "occurred_precision": case.occurred_precision,
        "reported_at": case.reported_at,
        "closed_at": case.closed_at,
        "realised_severity": case.realised_severity__slug,
        "potential_severity": case.potential_severity__slug,
        "reporter": case.reporter__username,
        "owner": case.owner__username,
        "systems": systems,
        "labels": labels,
    }
    if "people" in expand:
        found["reporter"] = {"username": case.reporter__username, "name": case.reporter__name}
        found["owner"] = case.owner__username and {"username": case.owner__username, "name": case.owner__name}
    if "narrative" in expand:
        found |= {name: getattr(case, name) for name in NARRATIVE_FIELDS}
    return found


def belonging(ids, *, labels_in_full):
    """({case id: labels}, {case id: names of systems}); a label is a node's key, or an object in full."""
    labels, systems = {}, {}
    if not ids:
        return labels, systems
    with connection.cursor() as cursor:
        cursor.execute(BELONGING, {"ids": ids})
        for case_id, what, key, name, scheme in cursor.fetchall():
            if what == "system":
                systems.setdefault(case_id, []).append(key)
            elif labels_in_full:
                labels.setdefault(case_id, []).append({"node": key, "name": name, "scheme": scheme})
            else:
                labels.setdefault(case_id, []).append(key)
    return labels, systems
