"""Rows of the case list, from plain values: no model, no serializer, two queries for any number of rows."""

import orjson
from django.db import connection

from api.addresses import reference_of
from registry.blind import OVER, PUBLIC
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

# The agreed nodes and the systems of a page of cases in one go, as JSON that is passed on as it stands. What rests on
# raters is left out for a rater who is still blind to them, as in blind.py.
BELONGING = """
SELECT c.case_id, 'labels', json_agg({label} ORDER BY s.slug, n.slug)::text
FROM registry_classification c JOIN taxonomy_node n ON n.id = c.node_id JOIN taxonomy_scheme s ON s.id = n.scheme_id
JOIN registry_case k ON k.id = c.case_id
WHERE c.case_id = ANY(%(ids)s) AND (
    NOT %(rates)s OR c.method = ANY(%(public)s) OR k.status = ANY(%(over)s)
    OR EXISTS (SELECT 1 FROM registry_rating r
               WHERE r.case_id = c.case_id AND r.rater_id = %(person)s AND r.opened_at IS NOT NULL)
) GROUP BY c.case_id
UNION ALL
SELECT c.case_id, 'systems', json_agg(s.name ORDER BY s.name)::text
FROM registry_casesystem c JOIN registry_system s ON s.id = c.system_id
WHERE c.case_id = ANY(%(ids)s) GROUP BY c.case_id
"""
KEY = "s.slug || ':' || n.slug"
IN_FULL = f"json_build_object('node', {KEY}, 'name', n.name, 'scheme', s.name)"
NONE = orjson.Fragment(b"[]")


def columns_for(expand):
    return (
        *COLUMNS,
        *(PEOPLE if "people" in expand else ()),
        *(NARRATIVE_FIELDS if "narrative" in expand else ()),
    )


def rows_of(cases, *, person, addresses, expand=frozenset()):
    """Dicts of FIELDS for named tuples of `columns_for(expand)`, as `person` may know them."""
    found = belonging([case.id for case in cases], person, label=IN_FULL if "labels" in expand else KEY)
    return [
        row(case, addresses, expand, found.get((case.id, "labels"), NONE), found.get((case.id, "systems"), NONE))
        for case in cases
    ]


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


def belonging(ids, person, *, label):
    """{(case id, "labels" or "systems"): JSON}, without those that are empty."""
    if not ids:
        return {}
    with connection.cursor() as cursor:
        known = {"rates": person.may_label, "person": person.pk, "public": list(PUBLIC), "over": list(OVER)}
        cursor.execute(BELONGING.format(label=label), {"ids": ids, **known})
        return {(case_id, what): orjson.Fragment(text) for case_id, what, text in cursor.fetchall()}
