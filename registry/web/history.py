"""What happened to one case: who changed which field when and why, newest first.

Read from the tables the database's triggers write, in one query whatever the number of tables.
"""

import json
from dataclasses import dataclass, field

from django.db import connection

from registry import access
from registry.choices import SEEN_FROM_THE_OTHER, Grounds, LinkKind, Status
from registry.models import Case, Person, Team
from registry.web.differences import difference
from registry.web.templatetags.registry_ui import status_words
from taxonomy.models import SeverityTier

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
       ), '{}') AS changes
FROM (
    SELECT c.pgh_label, c.pgh_created_at, c.pgh_context_id, c.pgh_id, n.now,
           lag(n.now) OVER (ORDER BY c.pgh_id) AS before
    FROM registry_caseevent c, LATERAL (SELECT to_jsonb(c) - %(bookkeeping)s::text[] AS now) n
    WHERE c.pgh_obj_id = %(case)s
) e
"""
# For every other table: what it is called, its name for the row, the tables that hold the name, further columns.
BESIDE = (
    ("system", "concat_ws(' ', s.name, nullif(e.version, ''))", "registry_system s ON s.id = e.system_id", ()),
    ("party", "o.name || ' as ' || e.role", "registry_organisation o ON o.id = e.organisation_id", ()),
    ("reader", "p.name", "registry_person p ON p.id = e.person_id", ()),
    ("source", "s.title", "registry_source s ON s.id = e.source_id", ()),
    ("externalid", "e.source || ' ' || e.value", "", ()),
    ("label", "n.name", "taxonomy_node n ON n.id = e.node_id", ("stance", "confidence", "grounds", "rater_id")),
    ("classification", "n.name", "taxonomy_node n ON n.id = e.node_id", ("method",)),
    ("evidence", "e.title", "", ("kind", "removed_at")),
)
TABLES = {
    "system": "registry_casesystemevent",
    "party": "registry_casepartyevent",
    "reader": "registry_casereaderevent",
    "source": "registry_casesourceevent",
    "externalid": "registry_externalidevent",
    "label": "registry_labelevent",
    "classification": "registry_classificationevent",
    "evidence": "registry_evidenceevent",
}
ABOUT_LABELS = frozenset({"label", "classification"})
# Two cases have a part in these; one whose other case the reader may not see is left out.
ABOUT_TWO = """
SELECT 'link', e.pgh_label, e.pgh_created_at, e.pgh_context_id, e.pgh_id, '', jsonb_build_object(
    'kind', e.kind, 'first', e.case_id, 'other', e.case_id + e.other_id - %(case)s)
FROM registry_caselinkevent e
WHERE %(case)s IN (e.case_id, e.other_id) AND e.case_id + e.other_id - %(case)s = ANY(%(seen)s)
UNION ALL
SELECT 'merge', e.pgh_label, e.pgh_created_at, e.pgh_context_id, e.pgh_id, '', jsonb_build_object(
    'undone', e.undone_at IS NOT NULL, 'kept', e.kept_id, 'other', e.kept_id + e.merged_id - %(case)s)
FROM registry_casemergeevent e
WHERE %(case)s IN (e.kept_id, e.merged_id) AND e.kept_id + e.merged_id - %(case)s = ANY(%(seen)s)
"""
OTHERS = """
SELECT case_id + other_id - %(case)s FROM registry_caselinkevent WHERE %(case)s IN (case_id, other_id)
UNION SELECT kept_id + merged_id - %(case)s FROM registry_casemergeevent WHERE %(case)s IN (kept_id, merged_id)
"""


@dataclass
class Change:
    """One line of an entry: what changed, from what to what (marked up), or in plain words."""

    name: str
    words: str = ""
    marked: str = ""


@dataclass
class Entry:
    """One thing somebody did, with everything it changed."""

    at: object
    person: str
    did: str
    reason: str = ""
    changes: list = field(default_factory=list)


def events_sql():
    parts = [CASE_CHANGES, ABOUT_TWO]
    for thing, name, joined, columns in BESIDE:
        kept = ", ".join(f"'{column}', e.{column}" for column in columns)
        join = f"LEFT JOIN {joined}" if joined else ""
        parts.append(
            f"SELECT '{thing}', e.pgh_label, e.pgh_created_at, e.pgh_context_id, e.pgh_id, {name}, "  # noqa: S608
            f"jsonb_build_object({kept}) FROM {TABLES[thing]} e {join} WHERE e.case_id = %(case)s"
        )
    return (
        "SELECT h.*, x.metadata, p.name AS person FROM ("  # noqa: S608
        + " UNION ALL ".join(parts)
        + ") h LEFT JOIN pghistory_context x ON x.id = h.pgh_context_id"
        " LEFT JOIN registry_person p ON p.id = (x.metadata ->> 'person')::int"
        " WHERE (%(before)s::timestamptz IS NULL OR h.pgh_created_at < %(before)s)"
        " AND (NOT %(blind)s OR h.thing NOT IN ('label', 'classification')"
        "      OR (h.thing = 'label' AND (h.changes ->> 'rater_id')::int = %(reader)s))"
        " ORDER BY h.pgh_created_at DESC, h.thing <> 'case', h.thing, h.pgh_id DESC LIMIT %(most)s"
    )


def history_of(case, *, reader, blind, before=None, limit=PER_PAGE):
    """(entries, whether there are older ones). A blind rater sees no one else's labels here either.

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


PEOPLE = ("owner_id", "reviewer_id", "reporter_id")


def numbers_in(groups, columns):
    """The ids that these columns of the case held before and after the changes."""
    changed = [row["changes"] for group in groups for row in group if row["thing"] == "case"]
    return {number for changes in changed for name in columns for number in changes.get(name, ())} - {None}


@dataclass
class Meanings:
    """Names of the rows that changes refer to by number."""

    people: dict
    tiers: dict
    teams: dict

    @classmethod
    def of(cls, groups):
        people, teams = numbers_in(groups, PEOPLE), numbers_in(groups, ("team_id",))
        return cls(
            dict(Person.objects.filter(pk__in=people).values_list("pk", "name")),
            dict(SeverityTier.objects.values_list("rank", "name")),
            dict(Team.objects.filter(pk__in=teams).values_list("pk", "name")) if teams else {},
        )

    def words(self, name, value):
        if value in (None, ""):
            return ""
        if name in PEOPLE:
            return self.people.get(value, "somebody")
        if name in ("realised_severity_id", "potential_severity_id"):
            return self.tiers.get(value, str(value))
        if name == "team_id":
            return self.teams.get(value, "a team")
        if name == "status":
            return status_words(value)
        return dict(choices_of(name)).get(value, str(value))


def choices_of(name):
    return Case._meta.get_field(name.removesuffix("_id")).choices or ()


DID = {
    "log_case": "logged the case",
    "log_at_once": "logged the case",
    "submit_draft": "logged the case",
    "edit_case": "changed",
    "submit_case": "submitted it for triage",
    "accept_case": "accepted it for analysis",
    "request_review": "asked for review",
    "approve_case": "approved and closed it",
    "return_to_analysis": "returned it to analysis",
    "withdraw_case": "withdrew it",
    "reopen_case": "reopened it",
    "label_case": "labelled",
    "take_back_label": "took a label back",
    "adjudicate_label": "adjudicated a label",
    "answer": "said how it stands to another case",
    "take_back": "took back how it stands to another case",
    "merge_cases": "merged two cases",
    "unmerge_cases": "took a merge back",
    "add_evidence": "added evidence",
    "remove_evidence": "removed evidence",
    "restore_evidence": "brought evidence back",
}


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
    if did == "changed" and names:
        did = f"changed {in_line(names)}"
    return Entry(group[0]["pgh_created_at"], person or "The registry", did, signature.get("reason", ""), changes)


def in_line(names):
    names = list(dict.fromkeys(name.lower() for name in names))
    if len(names) > 4:
        return f"{', '.join(names[:3])} and {len(names) - 3} more"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def changes_of(row, meanings):
    if row["thing"] == "case":
        return [field_change(name, *values, meanings) for name, values in in_order(row["changes"])]
    return [RELATED[row["thing"]](row)]


def in_order(changes):
    places = {name.attname: place for place, name in enumerate(Case._meta.concrete_fields)}
    return sorted(changes.items(), key=lambda item: places.get(item[0], len(places)))


def field_change(name, before, now, meanings):
    label = str(Case._meta.get_field(name.removesuffix("_id")).verbose_name).capitalize()
    return Change(label, marked=difference(meanings.words(name, before), meanings.words(name, now)))


def added_or_removed(name):
    def change(row):
        # What is changed rather than made came from a case that was merged into this one.
        before, now = (row["subject"], "") if row["pgh_label"] == "delete" else ("", row["subject"])
        return Change(name, marked=difference(before or "", now or ""))

    return change


def label_change(row):
    about = row["changes"]
    if row["pgh_label"] == "delete":
        return Change("Label", words=f"{row['subject']}: taken back")
    confidence = "" if about["confidence"] is None else f", confidence {about['confidence']}"
    grounds = Grounds(about["grounds"]).label.lower()
    return Change("Label", words=f"{row['subject']}: {about['stance']}{confidence}, {grounds}")


def classification_change(row):
    if row["pgh_label"] == "delete":
        return Change("Agreed label", words=f"{row['subject']}: no longer agreed")
    return Change("Agreed label", words=f"{row['subject']}: agreed ({row['changes']['method'].replace('-', ' ')})")


def evidence_change(row):
    gone = row["changes"]["removed_at"] is not None or row["pgh_label"] == "delete"
    before, now = (row["subject"], "") if gone else ("", row["subject"])
    return Change(row["changes"]["kind"].capitalize(), marked=difference(before, now))


def link_change(row):
    about = row["changes"]
    kind, other = LinkKind(about["kind"]), Case(pk=about["other"]).reference
    words = kind.label if about["first"] != about["other"] else SEEN_FROM_THE_OTHER.get(kind, kind.label)
    return Change("Link", words=f"{words} {other}{': taken back' if row['pgh_label'] == 'delete' else ''}")


def merge_change(row):
    about, other = row["changes"], Case(pk=row["changes"]["other"]).reference
    words = f"Into {other}" if about["kept"] == about["other"] else f"{other} into this case"
    return Change("Merge", words=f"{words}{': taken back' if about['undone'] else ''}")


RELATED = {
    "evidence": evidence_change,
    "system": added_or_removed("System"),
    "party": added_or_removed("Party"),
    "reader": added_or_removed("Named person"),
    "source": added_or_removed("Source"),
    "externalid": added_or_removed("External number"),
    "label": label_change,
    "link": link_change,
    "merge": merge_change,
    "classification": classification_change,
}

MILESTONES = {
    Status.TRIAGE: "Submitted for triage",
    Status.ANALYSIS: "Accepted for analysis",
    Status.REVIEW: "Review asked for",
    Status.CLOSED: "Closed",
    Status.WITHDRAWN: "Withdrawn",
}


@dataclass
class Moment:
    """One point of the timeline: a time, or a date in words where no time is known."""

    title: str
    at: object = None
    words: str = ""
    detail: str = ""
    css: str = ""


def timeline(case):
    """What happened to the case in order of time, from its occurrence to its latest status. One query."""
    moments = []
    if case.occurred_from:
        moments.append(Moment("It happened", words=case.occurred, css="origin"))
    if case.detected_at:
        moments.append(Moment("Detected", at=case.detected_at))
    moments.append(Moment(f"Logged by {case.reporter.name}", at=case.created_at))
    before = Status.DRAFT
    rows = case.events.order_by("pgh_id").values_list("status", "pgh_created_at", "pgh_context__metadata")
    for status, at, signature in rows:
        if status != before:
            detail = (signature or {}).get("reason", "")
            moments.append(Moment(milestone(before, status), at=at, detail=detail, css=finished(status)))
        before = status
    return moments


def milestone(before, status):
    if status == Status.ANALYSIS and before == Status.REVIEW:
        return "Returned to analysis"
    if status == Status.ANALYSIS and before in (Status.CLOSED, Status.WITHDRAWN):
        return "Reopened"
    return MILESTONES.get(status, status)


def finished(status):
    return "done" if status == Status.CLOSED else ""
