"""What happened to one case: who changed which field when and why, newest first.

Read from the tables the database's triggers write, in one query whatever the number of tables.
"""

import json
from dataclasses import dataclass, field

from django.db import connection

from registry import access
from registry.web.history_tables import ABOUT_TWO, TABLES, WORDS
from registry.web.history_words import Meanings, field_changes

PER_PAGE = 50
MOST_EVENTS = 2000
# Columns that follow from others, or count changes.
DERIVED = ("version", "updated_at", "created_at", "reported_at", "closed_at", "merged_into_id", "id")
BOOKKEEPING = ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_context_id", *DERIVED)

CASE_CHANGES = """
SELECT 'case' AS thing, e.pgh_label, e.pgh_created_at, e.pgh_context_id, e.pgh_id, '' AS subject,
       coalesce((
           SELECT jsonb_object_agg(f.key, jsonb_build_array(e.before -> f.key, f.value))
           FROM jsonb_each(e.now) f WHERE e.before IS NOT NULL AND e.before -> f.key IS DISTINCT FROM f.value
       ), '{}') AS changes,
       e.held_by, false AS judged, NULL::int AS rater, true AS known
FROM (
    SELECT c.pgh_label, c.pgh_created_at, c.pgh_context_id, c.pgh_id, n.now,
           lag(n.now) OVER (ORDER BY c.pgh_id) AS before, lag(c.pgh_id) OVER (ORDER BY c.pgh_id) AS held_by
    FROM registry_caseevent c, LATERAL (SELECT to_jsonb(c) - %(bookkeeping)s::text[] AS now) n
    WHERE c.pgh_obj_id = %(case)s
) e
"""
OTHERS = """
SELECT case_id + other_id - %(case)s FROM registry_caselinkevent WHERE %(case)s IN (case_id, other_id)
UNION SELECT kept_id + merged_id - %(case)s FROM registry_casemergeevent WHERE %(case)s IN (kept_id, merged_id)
"""


@dataclass
class Entry:
    """One thing somebody did, with everything it changed."""

    at: object
    person: str
    did: str
    reason: str = ""
    changes: list = field(default_factory=list)


def events_sql():
    parts = [CASE_CHANGES, ABOUT_TWO, *(table.sql(thing) for thing, table in TABLES.items())]
    return (
        "SELECT h.*, x.metadata, p.name AS person FROM ("  # noqa: S608
        + " UNION ALL ".join(parts)
        + ") h LEFT JOIN pghistory_context x ON x.id = h.pgh_context_id"
        " LEFT JOIN registry_person p ON p.id = (x.metadata ->> 'person')::int"
        " WHERE (%(before)s::timestamptz IS NULL OR h.pgh_created_at < %(before)s)"
        " AND (h.known OR h.rater = %(reader)s)"
        " AND (NOT %(blind)s OR NOT h.judged OR h.rater = %(reader)s)"
        " ORDER BY h.pgh_created_at DESC, h.thing <> 'case', h.thing, h.pgh_id DESC LIMIT %(most)s"
    )


def history_of(case, *, reader, blind, before=None, limit=PER_PAGE):
    """(entries, whether there are older ones). A blind rater sees no one else's labels here either, and nobody
    sees those whose rater has not submitted them.

    `before` is a time: only what happened earlier. All changes of one transaction are one entry.
    """
    parameters = {
        "case": case.pk,
        "bookkeeping": list(BOOKKEEPING),
        "before": before,
        "blind": blind,
        "reader": reader.pk,
        "most": MOST_EVENTS,
        "seen": seen_others(case, reader),
    }
    with connection.cursor() as cursor:
        cursor.execute(events_sql(), parameters)
        names = [column.name for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    for row in rows:
        row["changes"] = json.loads(row["changes"])
        row["metadata"] = json.loads(row["metadata"] or "{}")
    groups = {}
    for row in rows:
        groups.setdefault((row["pgh_created_at"], row["pgh_context_id"]), []).append(row)
    shown = list(groups.values())[:limit]
    meanings = Meanings.of(shown)
    return [entry(group, meanings) for group in shown], len(groups) > limit


def seen_others(case, reader):
    """The numbers of the cases that had to do with this one and that the reader may see, merged ones among them."""
    with connection.cursor() as cursor:
        cursor.execute(OTHERS, {"case": case.pk})
        numbers = [number for (number,) in cursor.fetchall()]
    return list(access.seen_by(reader).filter(pk__in=numbers).values_list("pk", flat=True)) if numbers else []


DID = {
    "log_case": "logged the case",
    "log_at_once": "logged the case",
    "submit_draft": "logged the case",
    "edit_case": "changed",
    "submit_case": "submitted it for triage",
    "claim_case": "took it on",
    "release_case": "let go of it",
    "assign_case": "changed",
    "set_due": "changed",
    "accept_case": "accepted it for analysis",
    "request_review": "asked for review",
    "approve_case": "approved and closed it",
    "return_to_analysis": "returned it to analysis",
    "withdraw_case": "withdrew it",
    "reopen_case": "reopened it",
    "label_case": "labelled",
    "take_back_label": "took a label back",
    "submit_rating": "submitted a rating",
    "stand_aside": "stood aside to decide between the raters",
    "adjudicate_label": "decided between the raters",
    "adjudicate_labels": "decided between the raters",
    "withdraw_adjudication": "took a decision back",
    "answer": "said how it stands to another case",
    "take_back": "took back how it stands to another case",
    "merge_cases": "merged two cases",
    "unmerge_cases": "took a merge back",
    "add_evidence": "added evidence",
    "remove_evidence": "removed evidence",
    "restore_evidence": "brought evidence back",
    "restore_field": "restored",
    "import_ratings": "brought ratings in",
    "none_applies": "said that no other label applies",
    "set_safeguards": "recorded safeguards",
    "propose_mitigation": "proposed a mitigation",
    "change_mitigation": "changed a mitigation",
    "answer_case": "tied a mitigation to it",
    "leave_case": "took a mitigation off it",
    "accept_debt": "accepted its debt",
    "end_acceptance": "ended the acceptance of its debt",
    "add_comment": "commented",
    "edit_comment": "changed a comment",
    "remove_comment": "removed a comment",
    "resolve_thread": "resolved a thread",
}
# What these did is named by what they changed.
NAMED = frozenset({"changed", "restored"})


def entry(group, meanings):
    signature = next((row["metadata"] for row in group if row["metadata"]), {})
    person = next((row["person"] for row in group if row["person"]), None)
    rows = sorted(group, key=lambda row: (row["thing"] != "case", row["thing"], row["pgh_id"]))
    changes = [change for row in rows for change in changes_of(row, meanings)]
    did = DID.get(signature.get("action"), "")
    if not did:
        inserted = any(row["thing"] == "case" and row["pgh_label"] == "insert" for row in group)
        did = "brought the case in" if inserted else "changed"
    names = [change.name for change in changes]
    if did in NAMED and names:
        did = f"{did} {in_line(names)}"
    return Entry(group[0]["pgh_created_at"], person or "The registry", did, signature.get("reason", ""), changes)


def in_line(names):
    names = list(dict.fromkeys(name.lower() for name in names))
    if len(names) > 4:
        return f"{', '.join(names[:3])} and {len(names) - 3} more"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def changes_of(row, meanings):
    return field_changes(row, meanings) if row["thing"] == "case" else [WORDS[row["thing"]](row)]
