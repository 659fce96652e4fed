"""One case in full, as its reader may see it."""

from functools import cache

import orjson
from django.db import connection

from api.addresses import reference_of
from registry.blind import OVER, PUBLIC
from registry.models.case import NARRATIVE_FIELDS

PLAIN = (
    "visibility",
    "occurred_from",
    "occurred_to",
    "occurred_precision",
    "warned_on",
    "detected_at",
    "reported_at",
    "closed_at",
    "due_on",
)
# Not answered yet reads as null, “unknown” as an answer.
NULL_IF_EMPTY = (
    "stage",
    "human_gap",
    "outer_gap",
    "inner_gap",
    "locus",
    "predictability",
    "warning_url",
    "triage",
    "scope",
)
TEXTS = ("predictability_reason", "realised_rationale", "potential_rationale")

# What belongs to a case, each as one JSON value; a statement asks for those that can be there.
PIECES = {
    "team": """
        (SELECT json_build_object('id', t.id, 'name', t.name)
        FROM registry_team t JOIN registry_case c ON c.team_id = t.id WHERE c.id = %(case)s)""",
    "event_group": """
        (SELECT json_build_object('id', g.id, 'name', g.name)
        FROM registry_eventgroup g JOIN registry_case c ON c.event_group_id = g.id WHERE c.id = %(case)s)""",
    "systems": """
        (SELECT json_agg(json_build_object('name', s.name, 'version', cs.version, 'role', cs.role)
            ORDER BY s.name, cs.version, cs.role)
        FROM registry_casesystem cs JOIN registry_system s ON s.id = cs.system_id WHERE cs.case_id = %(case)s)""",
    "parties": """
        (SELECT json_agg(json_build_array(p.role, o.name) ORDER BY o.name)
        FROM registry_caseparty p JOIN registry_organisation o ON o.id = p.organisation_id
        WHERE p.case_id = %(case)s)""",
    "readers": """
        (SELECT json_agg(p.username ORDER BY p.username)
        FROM registry_casereader r JOIN registry_person p ON p.id = r.person_id WHERE r.case_id = %(case)s)""",
    "sources": """
        (SELECT json_agg(json_build_object('id', s.id, 'title', s.title, 'url', nullif(s.url, ''),
            'publisher', s.publisher, 'published_on', s.published_on, 'kind', s.kind, 'verification', s.verification)
            ORDER BY s.published_on, s.id)
        FROM registry_casesource c JOIN registry_source s ON s.id = c.source_id WHERE c.case_id = %(case)s)""",
    "external_ids": """
        (SELECT json_agg(json_build_object('source', e.source, 'value', e.value, 'url', nullif(e.url, ''))
            ORDER BY e.source, e.value)
        FROM registry_externalid e WHERE e.case_id = %(case)s)""",
    "classifications": """
        (SELECT json_agg(json_build_object('node', s.slug || ':' || n.slug, 'name', n.name, 'method', c.method,
            'decided_by', p.username, 'decided_at', c.decided_at,
            'reason', (SELECT a.reason FROM registry_adjudication a
                WHERE a.case_id = c.case_id AND a.node_id = c.node_id AND {opened}))
            ORDER BY s."order", n."order", n.id)
        FROM registry_classification c JOIN taxonomy_node n ON n.id = c.node_id
        JOIN taxonomy_scheme s ON s.id = n.scheme_id LEFT JOIN registry_person p ON p.id = c.decided_by_id
        WHERE c.case_id = %(case)s AND (c.method = ANY(%(public)s) OR {opened}))""",
    # Raters work blind: whoever may still rate the case sees what others submitted once they did so themselves.
    "labels": """
        (SELECT json_agg(json_build_object('id', l.id, 'node', s.slug || ':' || n.slug, 'name', n.name,
            'rater', p.username, 'stance', l.stance, 'confidence', l.confidence, 'grounds', l.grounds,
            'load_bearing', l.load_bearing, 'rationale', l.rationale, 'quote', l.quote,
            'criteria_shown', l.criteria_shown, 'submitted_at', l.submitted_at, 'version', l.version,
            'created_at', l.created_at, 'updated_at', l.updated_at) ORDER BY s."order", n."order", l.id)
        FROM registry_label l JOIN taxonomy_node n ON n.id = l.node_id JOIN taxonomy_scheme s ON s.id = n.scheme_id
        JOIN registry_person p ON p.id = l.rater_id
        WHERE l.case_id = %(case)s AND (l.rater_id = %(person)s OR (l.submitted_at IS NOT NULL AND {opened})))""",
    "opened": "{opened}",
}
# Whether what rests on other raters is open to the person. `blind` is whether they may still rate the case.
OPENED = """(NOT %(blind)s OR EXISTS (SELECT 1 FROM registry_rating r
            WHERE r.case_id = %(case)s AND r.rater_id = %(person)s AND r.opened_at IS NOT NULL))"""
EVERYTHING = frozenset(PIECES)
# What a field of a new case needs to be shown; nothing else can belong to it yet.
PIECE_OF = {name: name for name in ("team", "event_group", "systems", "readers", "sources")} | dict.fromkeys(
    ("developers", "deployers", "affected"), "parties"
)


def pieces_of_new(values):
    return frozenset(PIECE_OF[name] for name, value in values.items() if name in PIECE_OF and value)


def detail_of(case, *, person, addresses, pieces=EVERYTHING):
    """Every field of the case, in two queries with the one that found it. `case` has its people and tiers loaded."""
    reference = reference_of(case.pk)
    related = belonging_to(case, person, pieces)
    parties = related.pop("parties")
    return {
        "id": case.pk,
        "reference": reference,
        **addresses.case(reference),
        "version": case.version,
        "created_at": case.created_at,
        "updated_at": case.updated_at,
        "title": case.title,
        "kind": case.kind or None,
        "status": case.status,
        **{name: getattr(case, name) for name in PLAIN},
        "reporter": case.reporter.username,
        "owner": case.owner and case.owner.username,
        "reviewer": case.reviewer and case.reviewer.username,
        **{name: getattr(case, name) for name in NARRATIVE_FIELDS},
        **{name: getattr(case, name) or None for name in NULL_IF_EMPTY},
        **{name: getattr(case, name) for name in TEXTS},
        "realised_severity": case.realised_severity and case.realised_severity.slug,
        "potential_severity": case.potential_severity and case.potential_severity.slug,
        "developers": [name for role, name in parties if role == "developer"],
        "deployers": [name for role, name in parties if role == "deployer"],
        "affected": [name for role, name in parties if role == "affected"],
        **related,
        "labels": [label_in(one, reference, addresses) for one in related["labels"]],
    }


def belonging_to(case, person, pieces=EVERYTHING):
    """{name: value} of all PIECES; those not among `pieces` are known to be empty and not asked for."""
    # Whoever withdraws a case may reopen it to rate it: only a closed one is open to all.
    blind = person.may_label and case.status not in OVER
    found = dict.fromkeys(PIECES, ()) | {"team": None, "event_group": None, "opened": not blind}
    if pieces:
        with connection.cursor() as cursor:
            known = {"case": case.pk, "person": person.pk, "blind": blind, "public": list(PUBLIC)}
            cursor.execute(statement(pieces), known)
            answer = orjson.loads(cursor.fetchone()[0])
        found |= {name: value for name, value in answer.items() if value is not None}
    return found | {"labels_hidden": not found.pop("opened")}


@cache
def statement(pieces):
    wanted = ", ".join(f"'{name}', {sql.replace('{opened}', OPENED)}" for name, sql in PIECES.items() if name in pieces)
    return f"SELECT json_build_object({wanted})::text"


def label_in(found, reference, addresses):
    return {**found, "case": reference, **addresses.label(reference, found["node"])}
