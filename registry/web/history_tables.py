"""The tables beside the case whose changes are part of its history: how to read them, and how they are said.

A new table of a case gets its entry here: the columns it needs and a function that makes a Change of one event.
"""

from dataclasses import dataclass, field
from datetime import date

from registry.choices import SEEN_FROM_THE_OTHER, Effect, Grounds, LinkKind, MitigationState, Outcome, RatingState
from registry.models import Case
from registry.web.differences import difference
from registry.web.history_words import Change
from registry.web.templatetags.registry_ui import day

# Until then every label counted as submitted, and what the migration itself wrote is nobody's doing.
KEPT_SINCE = (
    "(SELECT coalesce(max(applied), '-infinity') FROM django_migrations"
    " WHERE app = 'registry' AND name = '0009_ratings_of_labels')"
)


@dataclass(frozen=True)
class Table:
    """How the events of one table are read.

    `about` names what the words are made of, each a column or SQL over the event `e` and the `joined` tables. With
    `remembers` it holds also what the event `before` held. `rater` is whose judgement it is, which a blind rater
    does not see of others; what is not `known` is for its rater only.
    """

    events: str
    words: object
    subject: str = "''"
    joined: str = ""
    about: dict = field(default_factory=dict)
    remembers: bool = False
    rater: str = ""
    known: str = "true"
    where: str = "e.case_id = %(case)s"

    def sql(self, thing):
        about = ", ".join(f"'{name}', {value}" for name, value in self.about.items())
        about = f"jsonb_build_object({about})"
        if self.remembers:
            before = f"lag({about}) OVER (PARTITION BY e.pgh_obj_id ORDER BY e.pgh_id)"
            about = f"{about} || jsonb_build_object('before', {before})"
        join = f"LEFT JOIN {self.joined}" if self.joined else ""
        return (
            f"SELECT '{thing}', e.pgh_label, e.pgh_created_at, e.pgh_context_id, e.pgh_id, {self.subject}, {about}, "  # noqa: S608
            f"NULL::int, {bool(self.rater)}, {self.rater or 'NULL::int'}, {self.known} "
            f"FROM {self.events} e {join} WHERE {self.where}"
        )


def own(*columns):
    return {column: f"e.{column}" for column in columns}


def added_or_removed(name):
    def change(row):
        # What is changed rather than made came from a case that was merged into this one.
        before, now = (row["subject"], "") if row["pgh_label"] == "delete" else ("", row["subject"])
        return Change(name, marked=difference(before or "", now or ""))

    return change


def compared(name, words):
    """The Change of a table that remembers: what `words` make of the event before, and of this one."""

    def change(row):
        about = row["changes"]
        before = words(row["subject"], about["before"]) if about["before"] else ""
        now = "" if row["pgh_label"] == "delete" else words(row["subject"], about)
        if before == now:
            return Change(name, words=f"{row['subject']}: its text was changed")
        return Change(name, marked=difference(before, now))

    return change


def label_change(row):
    about = row["changes"]
    if row["pgh_label"] == "delete":
        return Change("Label", words=f"{row['subject']}: taken back")
    confidence = "" if about["confidence"] is None else f", confidence {about['confidence']}"
    grounds = Grounds(about["grounds"]).label.lower()
    held = "" if row["known"] else " (you alone see it until you submit)"
    return Change("Label", words=f"{row['subject']}: {about['stance']}{confidence}, {grounds}{held}")


def rating_change(row):
    about = row["changes"]
    if row["pgh_label"] == "delete":
        return Change("Rating", words=f"{row['subject']}: taken away")
    tiers = [f"{which} severity {about[which]}" for which in ("realised", "potential") if about[which]]
    said = f" ({', '.join(tiers)})" if tiers else ""
    return Change("Rating", words=f"{row['subject']} {RATED[about['state']]}{said}")


RATED = {
    RatingState.WORKING: "is at work (you alone see it until you submit)",
    RatingState.SUBMITTED: "submitted",
    RatingState.ASIDE: "stood aside to decide between the raters",
}


def adjudication_change(row):
    if row["pgh_label"] == "delete":
        return Change("Decision", words=f"{row['subject']}: taken back")
    return Change("Decision", words=f"{row['subject']}: {'applies' if row['changes']['applies'] else 'does not apply'}")


def classification_change(row):
    if row["pgh_label"] == "delete":
        return Change("Agreed label", words=f"{row['subject']}: no longer agreed")
    return Change("Agreed label", words=f"{row['subject']}: agreed ({row['changes']['method'].replace('-', ' ')})")


def evidence_change(row):
    gone = row["changes"]["removed_at"] is not None or row["pgh_label"] == "delete"
    before, now = (row["subject"], "") if gone else ("", row["subject"])
    return Change(row["changes"]["kind"].capitalize(), marked=difference(before, now))


def safeguard_words(technique, about):
    parts = [f"deployed {about['deployed']}", f"expected to catch it {about['expected']}"]
    parts.append(f"outcome {Outcome(about['outcome']).label.lower()}")
    parts += [f"failure mode {about['mode']}"] if about["mode"] else []
    return f"{technique}: {', '.join(parts)}. {about['how']}".removesuffix(". ")


def mitigation_words(_, about):
    parts = [MitigationState(about["state"]).label.lower()]
    parts += [f"owner {about['owner']}"] if about["owner"] else []
    parts += [f"due {day(date.fromisoformat(about['due_on']))}"] if about["due_on"] else []
    parts += [] if about["effect"] == Effect.UNKNOWN else [f"helped: {Effect(about['effect']).label.lower()}"]
    return f"{about['title']}: {', '.join(parts)}"


def comment_change(row):
    """Who did what to a comment; never what it says: the discussion shows that, as far as it stands."""
    about, before = row["changes"], row["changes"]["before"]
    did = "written" if before is None else next((did for did, is_so in COMMENTED if is_so(about, before)), "changed")
    did = "deleted" if row["pgh_label"] == "delete" else did
    return Change("Comment", words=f"By {row['subject']}: {did}")


COMMENTED = (
    ("removed", lambda now, before: now["removed_at"] and not before["removed_at"]),
    ("brought back", lambda now, before: before["removed_at"] and not now["removed_at"]),
    ("resolved", lambda now, before: now["resolved_at"] and not before["resolved_at"]),
    ("opened again", lambda now, before: before["resolved_at"] and not now["resolved_at"]),
    ("edited", lambda now, before: now["edited_at"] != before["edited_at"]),
)


def debt_change(row):
    about = row["changes"]
    if about["ended_at"] or row["pgh_label"] == "delete":
        return Change("Accepted debt", words=f"{row['subject']} carries it no longer")
    until = day(date.fromisoformat(about["expires_on"]))
    return Change("Accepted debt", words=f"{row['subject']} carries it until {until}")


def link_change(row):
    about = row["changes"]
    kind, other = LinkKind(about["kind"]), Case(pk=about["other"]).reference
    words = kind.label if about["first"] != about["other"] else SEEN_FROM_THE_OTHER.get(kind, kind.label)
    return Change("Link", words=f"{words} {other}{': taken back' if row['pgh_label'] == 'delete' else ''}")


def merge_change(row):
    about, other = row["changes"], Case(pk=row["changes"]["other"]).reference
    words = f"Into {other}" if about["kept"] == about["other"] else f"{other} into this case"
    return Change("Merge", words=f"{words}{': taken back' if about['undone'] else ''}")


NODE = "taxonomy_node n ON n.id = e.node_id"
TITLE_THEN = """(
    SELECT t.title FROM registry_mitigationevent t
    WHERE t.pgh_obj_id = e.mitigation_id AND t.pgh_created_at <= e.pgh_created_at ORDER BY t.pgh_id DESC LIMIT 1
)"""
# A mitigation belongs to several cases; each shows it from when it answered that case until it no longer does.
OF_THE_CASE = """e.id IN (SELECT a.mitigation_id FROM registry_mitigationcase a WHERE a.case_id = %(case)s)
AND e.pgh_created_at >= (
    SELECT min(a.pgh_created_at) FROM registry_mitigationcaseevent a
    WHERE a.mitigation_id = e.id AND a.case_id = %(case)s
)"""

TABLES = {
    "system": Table(
        "registry_casesystemevent",
        added_or_removed("System"),
        "concat_ws(' ', s.name, nullif(e.version, ''))",
        "registry_system s ON s.id = e.system_id",
    ),
    "party": Table(
        "registry_casepartyevent",
        added_or_removed("Party"),
        "o.name || ' as ' || e.role",
        "registry_organisation o ON o.id = e.organisation_id",
    ),
    "reader": Table(
        "registry_casereaderevent",
        added_or_removed("Named person"),
        "p.name",
        "registry_person p ON p.id = e.person_id",
    ),
    "source": Table(
        "registry_casesourceevent", added_or_removed("Source"), "s.title", "registry_source s ON s.id = e.source_id"
    ),
    "externalid": Table("registry_externalidevent", added_or_removed("External number"), "e.source || ' ' || e.value"),
    "rating": Table(
        "registry_ratingevent",
        rating_change,
        "p.name",
        "registry_person p ON p.id = e.rater_id",
        {
            **own("state"),
            "realised": "(SELECT name FROM taxonomy_severitytier WHERE rank = e.realised_severity_id)",
            "potential": "(SELECT name FROM taxonomy_severitytier WHERE rank = e.potential_severity_id)",
        },
        rater="e.rater_id",
        known=f"e.state <> '{RatingState.WORKING}'",
        where=f"e.case_id = %(case)s AND e.pgh_created_at >= {KEPT_SINCE}",
    ),
    "label": Table(
        "registry_labelevent",
        label_change,
        "n.name",
        NODE,
        own("stance", "confidence", "grounds"),
        rater="e.rater_id",
        known=f"(e.submitted_at IS NOT NULL OR e.pgh_created_at < {KEPT_SINCE})",
        where=f"e.case_id = %(case)s AND (e.submitted_at IS NULL OR e.pgh_created_at >= {KEPT_SINCE})",
    ),
    "adjudication": Table(
        "registry_adjudicationevent",
        adjudication_change,
        "n.name",
        NODE,
        own("applies"),
        rater="e.decided_by_id",
        where=f"e.case_id = %(case)s AND e.pgh_created_at >= {KEPT_SINCE}",
    ),
    "classification": Table(
        "registry_classificationevent", classification_change, "n.name", NODE, own("method"), rater="0"
    ),
    "evidence": Table("registry_evidenceevent", evidence_change, "e.title", about=own("kind", "removed_at")),
    "safeguard": Table(
        "registry_safeguardevent",
        compared("Safeguard", safeguard_words),
        "n.name",
        "taxonomy_node n ON n.id = e.technique_id LEFT JOIN taxonomy_node m ON m.id = e.failure_mode_id",
        {**own("deployed", "expected", "outcome", "how"), "mode": "m.name"},
        remembers=True,
    ),
    "mitigation": Table(
        "registry_mitigationevent",
        compared("Mitigation", mitigation_words),
        "e.title",
        "registry_person p ON p.id = e.owner_id",
        {**own("title", "state", "due_on", "effect"), "owner": "p.name"},
        remembers=True,
        where=OF_THE_CASE,
    ),
    "mitigationcase": Table("registry_mitigationcaseevent", added_or_removed("Mitigation for this case"), TITLE_THEN),
    "comment": Table(
        "registry_commentevent",
        comment_change,
        "p.name",
        "registry_person p ON p.id = e.author_id",
        own("edited_at", "resolved_at", "removed_at"),
        remembers=True,
    ),
    "debtacceptance": Table(
        "registry_debtacceptanceevent",
        debt_change,
        "p.name",
        "registry_person p ON p.id = e.owner_id",
        own("expires_on", "ended_at"),
    ),
}
# Two cases have a part in these; one whose other case the reader may not see is left out.
ABOUT_TWO = """
SELECT 'link', e.pgh_label, e.pgh_created_at, e.pgh_context_id, e.pgh_id, '', jsonb_build_object(
    'kind', e.kind, 'first', e.case_id, 'other', e.case_id + e.other_id - %(case)s),
    NULL::int, false, NULL::int, true
FROM registry_caselinkevent e
WHERE %(case)s IN (e.case_id, e.other_id) AND e.case_id + e.other_id - %(case)s = ANY(%(seen)s)
UNION ALL
SELECT 'merge', e.pgh_label, e.pgh_created_at, e.pgh_context_id, e.pgh_id, '', jsonb_build_object(
    'undone', e.undone_at IS NOT NULL, 'kept', e.kept_id, 'other', e.kept_id + e.merged_id - %(case)s),
    NULL::int, false, NULL::int, true
FROM registry_casemergeevent e
WHERE %(case)s IN (e.kept_id, e.merged_id) AND e.kept_id + e.merged_id - %(case)s = ANY(%(seen)s)
"""
WORDS = {thing: table.words for thing, table in TABLES.items()} | {"link": link_change, "merge": merge_change}
