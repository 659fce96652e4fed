"""The tables beside the case whose changes are part of its history, and how their events are read.

A new table of a case gets its entry here, and its words in registry/web/history_tables.py.
"""

from dataclasses import dataclass, field

from registry.choices import RatingState

# Until then every label counted as submitted, and what the migration itself wrote is nobody's doing.
KEPT_SINCE = (
    "(SELECT coalesce(max(applied), '-infinity') FROM django_migrations"
    " WHERE app = 'registry' AND name = '0009_ratings_of_labels')"
)


@dataclass(frozen=True)
class Table:
    """How the events of one table are read.

    `about` names what is told of it, each a column or SQL over the event `e` and the `joined` tables. With
    `remembers` it holds also what the event `before` held. `rater` is whose judgement it is, which a blind rater
    does not see of others; what is not `known` is for its rater only.
    """

    events: str
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
        "concat_ws(' ', s.name, nullif(e.version, ''))",
        "registry_system s ON s.id = e.system_id",
    ),
    "party": Table(
        "registry_casepartyevent",
        "o.name || ' as ' || e.role",
        "registry_organisation o ON o.id = e.organisation_id",
    ),
    "reader": Table(
        "registry_casereaderevent",
        "p.name",
        "registry_person p ON p.id = e.person_id",
    ),
    "source": Table("registry_casesourceevent", "s.title", "registry_source s ON s.id = e.source_id"),
    "externalid": Table("registry_externalidevent", "e.source || ' ' || e.value"),
    "rating": Table(
        "registry_ratingevent",
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
        "n.name",
        NODE,
        own("stance", "confidence", "grounds"),
        rater="e.rater_id",
        known=f"(e.submitted_at IS NOT NULL OR e.pgh_created_at < {KEPT_SINCE})",
        where=f"e.case_id = %(case)s AND (e.submitted_at IS NULL OR e.pgh_created_at >= {KEPT_SINCE})",
    ),
    "adjudication": Table(
        "registry_adjudicationevent",
        "n.name",
        NODE,
        own("applies"),
        rater="e.decided_by_id",
        where=f"e.case_id = %(case)s AND e.pgh_created_at >= {KEPT_SINCE}",
    ),
    "classification": Table("registry_classificationevent", "n.name", NODE, own("method"), rater="0"),
    "evidence": Table("registry_evidenceevent", "e.title", about=own("kind", "removed_at")),
    "safeguard": Table(
        "registry_safeguardevent",
        "n.name",
        "taxonomy_node n ON n.id = e.technique_id LEFT JOIN taxonomy_node m ON m.id = e.failure_mode_id",
        {**own("deployed", "expected", "outcome", "how"), "mode": "m.name"},
        remembers=True,
    ),
    "mitigation": Table(
        "registry_mitigationevent",
        "e.title",
        "registry_person p ON p.id = e.owner_id",
        {**own("title", "state", "due_on", "effect"), "owner": "p.name"},
        remembers=True,
        where=OF_THE_CASE,
    ),
    "mitigationcase": Table("registry_mitigationcaseevent", TITLE_THEN),
    "comment": Table(
        "registry_commentevent",
        "p.name",
        "registry_person p ON p.id = e.author_id",
        own("edited_at", "resolved_at", "removed_at"),
        remembers=True,
    ),
    "debtacceptance": Table(
        "registry_debtacceptanceevent",
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
