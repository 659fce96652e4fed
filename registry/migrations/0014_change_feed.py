"""What changed, as rows that triggers write in the transaction of the change, in the order of which tools are told.

Statements bring many rows at once where labels or cases are imported, so the triggers of everything but a case's own
change run once for each statement. A case's row is changed one at a time by people, and all at once by a moved node,
which tells of nothing here: there a condition on the row keeps the trigger from running at all.
"""

import django.contrib.postgres.fields
from django.db import migrations, models

INSERT = """INSERT INTO registry_change (
    at, what, action, case_number, other_number, thing, node_number, rater_number, only_for, judged, was_open, was_for,
    version, fields, context
)"""
CONTEXT = "nullif(current_setting('pghistory.context_id', true), '')::uuid"
# Each column of a row of the feed, of the row `{r}` it tells of.
DEFAULTS = {
    "case": "{r}.case_id",
    "other": "NULL::integer",
    "thing": "{r}.id",
    "node": "NULL::integer",
    "rater": "NULL::integer",
    "only_for": "NULL::integer",
    "judged": "false",
    "version": "NULL::integer",
    "alive": "true",
}
# table → what it is in the feed, what differs from the above, and the columns whose change is told.
PARTS = {
    "registry_label": (
        "label",
        {
            "node": "{r}.node_id",
            "rater": "{r}.rater_id",
            # Until it is submitted only its rater knows of it.
            "only_for": "CASE WHEN {r}.submitted_at IS NULL THEN {r}.rater_id END",
            "judged": "true",
            "version": "{r}.version",
        },
        "stance confidence grounds load_bearing rationale quote criteria_shown submitted_at",
    ),
    "registry_classification": (
        "classification",
        {"node": "{r}.node_id", "judged": "({r}.method NOT IN ('imported', 'adjudicated'))"},
        "node_id method decided_by_id",
    ),
    "registry_safeguard": (
        "safeguard",
        {"node": "{r}.technique_id", "version": "{r}.version"},
        "technique_id deployed expected outcome failure_mode_id how order",
    ),
    "registry_evidence": (
        "evidence",
        {"alive": "({r}.case_id IS NOT NULL AND {r}.removed_at IS NULL)"},
        "kind title note turns sha256 removed_at",
    ),
    "registry_comment": (
        "comment",
        {"version": "{r}.version", "alive": "({r}.removed_at IS NULL)"},
        "answers_id text resolved_at removed_at",
    ),
    "registry_caselink": ("link", {"other": "{r}.other_id"}, "other_id kind"),
    "registry_mitigationcase": ("mitigation", {"thing": "{r}.mitigation_id"}, "mitigation_id"),
    # Neither its version nor its time tell of it: both count the hidden cases that it answers too.
    "registry_mitigation": (
        "mitigation",
        {"case": "NULL::integer"},
        "title description node_id state owner_id due_on effect effect_note",
    ),
    "taxonomy_node": (
        "node",
        {"case": "NULL::integer", "node": "{r}.id", "version": "{r}.version"},
        "scheme_id slug name aliases parent_id definition definition_status applies_when does_not_apply_when "
        "needs_all_criteria examples source exclusive_group order retired_at replaced_by_id",
    ),
    "taxonomy_scheme": (
        "scheme",
        {"case": "NULL::integer", "version": "{r}.version"},
        "slug name kind description source source_url edition guidance allows_several order",
    ),
}
CASE_COLUMNS = (
    "title kind status visibility team_id reporter_id owner_id reviewer_id occurred_from occurred_to "
    "occurred_precision detected_at reported_at closed_at stage context intended_objective optimised_objective "
    "observed_behaviour root_cause evaluation_breakdown mitigation_strategy alignment_lesson specified_objective "
    "endorsed_goal human_gap outer_gap inner_gap locus predictability predictability_reason warning_url warned_on "
    "triage scope due_on realised_severity_id realised_rationale potential_severity_id potential_rationale "
    "merged_into_id event_group_id"
)
# Who sees a case rests on these, on who is named on it and on who is in its team; see access.py.
SEEN_BY = "visibility team_id status reporter_id owner_id reviewer_id merged_into_id"


def quoted(columns, row):
    return ", ".join(f'{row}."{column}"' for column in columns.split())


def changed(columns, old, new):
    """The names of the columns that differ, without the `_id` of foreign keys."""
    each = (
        f'CASE WHEN {old}."{column}" IS DISTINCT FROM {new}."{column}" THEN \'{column.removesuffix("_id")}\' END'
        for column in columns.split()
    )
    return f"array_remove(ARRAY[{', '.join(each)}], NULL)"


def values(what, action, named, *, fields="'{}'", judged=None):
    return (
        f"SELECT statement_timestamp(), '{what}', {action}, {named['case']}, {named['other']}, {named['thing']}, {named['node']}, "
        f"{named['rater']}, {named['only_for']}, {judged or named['judged']}, false, '{{}}', {named['version']}, "
        f"{fields}, {CONTEXT}"
    )


def part(table, what, differing, columns):
    """The function and the three triggers that tell of a table's rows."""
    n, o = ({name: text.format(r=row) for name, text in (DEFAULTS | differing).items()} for row in "no")
    moves = f"{n['case']} IS DISTINCT FROM {o['case']}"
    action = (
        f"CASE WHEN NOT {o['alive']} OR {moves} THEN 'made' WHEN NOT {n['alive']} THEN 'removed' ELSE 'changed' END"
    )
    told = values(what, action, n, fields=changed(columns, "o", "n"), judged=f"({n['judged']} OR {o['judged']})")
    compared = f"({quoted(columns, 'o')}, {o['case']}) IS DISTINCT FROM ({quoted(columns, 'n')}, {n['case']})"
    function = f"""
CREATE FUNCTION {table}_tell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        {INSERT} {values(what, "'made'", n)} FROM new_rows n WHERE {n["alive"]} ORDER BY n.id;
    ELSIF TG_OP = 'DELETE' THEN
        {INSERT} {values(what, "'removed'", o)} FROM old_rows o WHERE {o["alive"]} ORDER BY o.id;
    ELSE
        {INSERT} {values(what, "'removed'", o)} FROM old_rows o JOIN new_rows n ON n.id = o.id
        WHERE {o["alive"]} AND {o["case"]} IS NOT NULL AND {moves} ORDER BY o.id;
        {INSERT} {told} FROM old_rows o JOIN new_rows n ON n.id = o.id
        WHERE ({o["alive"]} OR {n["alive"]}) AND {compared} ORDER BY n.id;
    END IF;
    RETURN NULL;
END $$;
"""
    return function + by_statement(table, f"{table}_tell")


def by_statement(table, function):
    return "".join(
        f"CREATE TRIGGER {function}_{event.lower()} AFTER {event} ON {table} REFERENCING {referencing} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {function}();\n"
        for event, referencing in (
            ("INSERT", "NEW TABLE AS new_rows"),
            ("UPDATE", "OLD TABLE AS old_rows NEW TABLE AS new_rows"),
            ("DELETE", "OLD TABLE AS old_rows"),
        )
    )


# `was_open` and `was_for` hold who could see the case until this change and cannot any more.
CASE = f"""
CREATE FUNCTION registry_case_is_open(one registry_case) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT one.visibility = 'everyone' AND one.status <> 'draft' AND one.merged_into_id IS NULL
$$;

CREATE FUNCTION registry_case_is_for(one registry_case) RETURNS integer[] LANGUAGE sql STABLE AS $$
    SELECT coalesce(array_agg(DISTINCT person), '{{}}') FROM (
        SELECT unnest(ARRAY[one.reporter_id, one.owner_id, one.reviewer_id]) AS person
        UNION ALL SELECT person_id FROM registry_casereader WHERE case_id = one.id
        UNION ALL SELECT person_id FROM registry_teammember
        WHERE one.visibility = 'team' AND one.status <> 'draft' AND team_id = one.team_id
    ) seeing WHERE person IS NOT NULL AND one.merged_into_id IS NULL
$$;

CREATE FUNCTION registry_case_tell() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    was_open boolean := false;
    was_for integer[] := '{{}}';
BEGIN
    IF TG_OP = 'DELETE' THEN
        was_open := registry_case_is_open(OLD);
        was_for := registry_case_is_for(OLD);
    ELSIF ({quoted(SEEN_BY, "OLD")}) IS DISTINCT FROM ({quoted(SEEN_BY, "NEW")}) AND NOT registry_case_is_open(NEW) THEN
        was_open := registry_case_is_open(OLD);
        was_for := ARRAY(
            SELECT unnest(registry_case_is_for(OLD)) EXCEPT SELECT unnest(registry_case_is_for(NEW))
        );
    END IF;
    IF TG_OP = 'DELETE' THEN
        {INSERT} VALUES (statement_timestamp(), 'case', 'removed', OLD.id, NULL, OLD.id, NULL, NULL, NULL, false, was_open, was_for,
            NULL, '{{}}', {CONTEXT});
    ELSE
        {INSERT} VALUES (statement_timestamp(), 'case', 'changed', NEW.id, NEW.merged_into_id, NEW.id, NULL, NULL, NULL, false, was_open,
            was_for, NEW.version, {changed(CASE_COLUMNS, "OLD", "NEW")}, {CONTEXT});
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION registry_case_tell_made() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {INSERT} SELECT statement_timestamp(), 'case', 'made', n.id, NULL, n.id, NULL, NULL, NULL, false, false, '{{}}', n.version, '{{}}',
        {CONTEXT} FROM new_rows n ORDER BY n.id;
    RETURN NULL;
END $$;

CREATE TRIGGER registry_case_tell_insert AFTER INSERT ON registry_case REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION registry_case_tell_made();
CREATE TRIGGER registry_case_tell_update AFTER UPDATE ON registry_case FOR EACH ROW
WHEN (({quoted("version " + SEEN_BY, "OLD")}) IS DISTINCT FROM ({quoted("version " + SEEN_BY, "NEW")}))
EXECUTE FUNCTION registry_case_tell();
CREATE TRIGGER registry_case_tell_delete AFTER DELETE ON registry_case FOR EACH ROW
EXECUTE FUNCTION registry_case_tell();
"""


def audience(table, cases, person):
    """Whoever is named on a case, or joins a team, sees cases from now on; whoever is not any more loses sight."""
    gains, loses = (
        f"{INSERT} SELECT statement_timestamp(), 'case', 'changed', c.id, NULL, c.id, NULL, NULL, r.{person}, false, false, {was}, "
        f"NULL, '{{readers}}', {CONTEXT} FROM {rows} r JOIN registry_case c ON {cases} ORDER BY c.id;"
        for was, rows in (("'{}'", "new_rows"), (f"ARRAY[r.{person}]", "old_rows"))
    )
    return f"""
CREATE FUNCTION {table}_tell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        {loses}
    END IF;
    IF TG_OP <> 'DELETE' THEN
        {gains}
    END IF;
    RETURN NULL;
END $$;
""" + by_statement(table, f"{table}_tell")


# What others said of a case is open to a rater from then on; to them alone, nothing of it may be told before.
RATING = f"""
CREATE FUNCTION registry_rating_tell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {INSERT} VALUES (statement_timestamp(), 'case', 'changed', NEW.case_id, NULL, NEW.case_id, NULL, NULL, NEW.rater_id, false, false,
        '{{}}', NULL, '{{labels}}', {CONTEXT});
    RETURN NULL;
END $$;
CREATE TRIGGER registry_rating_tell_insert AFTER INSERT ON registry_rating FOR EACH ROW
WHEN (NEW.opened_at IS NOT NULL) EXECUTE FUNCTION registry_rating_tell();
CREATE TRIGGER registry_rating_tell_update AFTER UPDATE ON registry_rating FOR EACH ROW
WHEN (OLD.opened_at IS NULL AND NEW.opened_at IS NOT NULL) EXECUTE FUNCTION registry_rating_tell();
"""
AUDIENCES = audience("registry_casereader", "c.id = r.case_id", "person_id") + audience(
    "registry_teammember", "c.team_id = r.team_id AND c.visibility = 'team'", "person_id"
)
FUNCTIONS = [
    "registry_case_tell",
    "registry_case_tell_made",
    "registry_rating_tell",
    "registry_casereader_tell",
    "registry_teammember_tell",
    *(f"{table}_tell" for table in PARTS),
]
TELL = CASE + RATING + AUDIENCES + "".join(part(table, *told) for table, told in PARTS.items())
TELL_NO_MORE = "".join(f"DROP FUNCTION {name}() CASCADE;\n" for name in FUNCTIONS)
TELL_NO_MORE += "DROP FUNCTION registry_case_is_open(registry_case); DROP FUNCTION registry_case_is_for(registry_case);"


class Migration(migrations.Migration):
    dependencies = [("registry", "0013_batch_jobs"), ("taxonomy", "0002_criteria_and_debt")]
    operations = [
        migrations.CreateModel(
            name="Change",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "position",
                    models.BigIntegerField(
                        help_text="The order of the feed; none until it is read.", null=True, unique=True
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("case", "Case"),
                            ("label", "Label"),
                            ("classification", "Classification"),
                            ("safeguard", "Safeguard"),
                            ("evidence", "Evidence"),
                            ("comment", "Comment"),
                            ("link", "Link"),
                            ("mitigation", "Mitigation"),
                            ("node", "Node"),
                            ("scheme", "Scheme"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "action",
                    models.CharField(
                        choices=[("made", "Made"), ("changed", "Changed"), ("removed", "Removed"), ("gone", "Gone")],
                        max_length=10,
                    ),
                ),
                ("case_number", models.IntegerField(null=True)),
                (
                    "other_number",
                    models.IntegerField(help_text="Of a link: the other case. Of a merge: where it went.", null=True),
                ),
                ("thing", models.IntegerField(help_text="The number of what changed, in its own table.", null=True)),
                ("node_number", models.IntegerField(null=True)),
                ("rater_number", models.IntegerField(help_text="Of a label: whose it is.", null=True)),
                ("only_for", models.IntegerField(help_text="The only person it concerns, if it is one.", null=True)),
                ("judged", models.BooleanField(default=False, help_text="It tells what raters think; see blind.py.")),
                ("was_open", models.BooleanField(default=False)),
                (
                    "was_for",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(), default=list, size=None
                    ),
                ),
                ("version", models.IntegerField(null=True)),
                (
                    "fields",
                    django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None),
                ),
                ("context", models.UUIDField(help_text="Of the history: who did it, in which request.", null=True)),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("position", None)), fields=["id"], name="registry_change_waiting"),
                    models.Index(fields=["case_number", "position"], name="registry_change_of_case"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "what__in",
                                [
                                    "case",
                                    "label",
                                    "classification",
                                    "safeguard",
                                    "evidence",
                                    "comment",
                                    "link",
                                    "mitigation",
                                    "node",
                                    "scheme",
                                ],
                            )
                        ),
                        name="registry_change_what_known",
                        violation_error_message="What must be one of: case, label, classification, safeguard, evidence, comment, link, mitigation, node, scheme.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("action__in", ["made", "changed", "removed", "gone"])),
                        name="registry_change_action_known",
                        violation_error_message="Action must be one of: made, changed, removed, gone.",
                    ),
                ],
            },
        ),
        migrations.RunSQL(TELL, TELL_NO_MORE),
    ]
