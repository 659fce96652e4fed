"""History is written by the database, names who and why, and cannot be changed."""

import uuid

import pghistory.models
import psycopg
import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from config import local_services
from config.management.commands.prepare import keep_history_from_the_application
from registry.actions import cases
from registry.actions.signing import signed
from registry.models import (
    Case,
    CaseLink,
    CaseMerge,
    CaseParty,
    CaseReader,
    CaseSource,
    EventGroup,
    Evidence,
    ExternalId,
    MitigationCase,
    Organisation,
    OrganisationAlias,
    SavedView,
    Source,
    Subscription,
    System,
    SystemAlias,
    Team,
    TeamMember,
)
from registry.models import Label as LabelRow
from taxonomy.models import AlternativeParent, Mapping, ReferenceCell, SeverityTier
from tests import analysed
from tests.factories import NOW, agree, log, make_case, make_exposure, make_node, make_person, make_scheme
from tests.registry.webhooks.builders import make_webhook

pytestmark = pytest.mark.django_db

# Each tracked model with a column and a value to change it to; a name in braces is a spare row.
TRACKED = {
    "registry.Case": ("title", "Another title"),
    "registry.Adjudication": ("reason", "Another reason"),
    "registry.CaseWatch": ("watching", False),
    "registry.Comment": ("text", "Another text"),
    "registry.CommentMention": ("person_id", "{person}"),
    "registry.DebtAcceptance": ("reason", "Another reason"),
    "registry.Mitigation": ("title", "Another title"),
    "registry.MitigationCase": ("mitigation_id", "{mitigation}"),
    "registry.RatedScheme": ("scheme_id", "{scheme}"),
    "registry.Rating": ("potential_severity_id", 3),
    "registry.Relabel": ("change_id", "{change}"),
    "registry.Safeguard": ("how", "Another way"),
    "registry.TaxonomyChange": ("reason", "Another reason"),
    "registry.CaseLink": ("kind", "variant"),
    "registry.CaseMerge": ("reason", "Another reason"),
    "registry.CaseParty": ("role", "affected"),
    "registry.CaseReader": ("person_id", "{person}"),
    "registry.CaseSource": ("source_id", "{source}"),
    "registry.CaseSystem": ("version", "9"),
    "registry.Classification": ("node_id", "{node}"),
    "registry.EventGroup": ("name", "Another event"),
    "registry.Evidence": ("title", "Another title"),
    "registry.Exposure": ("amount", 7),
    "registry.ExternalId": ("value", "77"),
    "registry.Label": ("stance", "absent"),
    "registry.Organisation": ("name", "Another organisation"),
    "registry.OrganisationAlias": ("name", "Another alias"),
    "registry.Person": ("name", "Another name"),
    "registry.SavedView": ("name", "Another view"),
    "registry.Source": ("title", "Another source"),
    "registry.Subscription": ("hour", 9),
    "registry.System": ("name", "Another system"),
    "registry.SystemAlias": ("name", "Another alias"),
    "registry.Team": ("name", "Another team"),
    "registry.TeamMember": ("person_id", "{person}"),
    "registry.Webhook": ("name", "Another webhook"),
    "taxonomy.AlternativeParent": ("asserted_by", "Somebody else"),
    "taxonomy.Mapping": ("source", "Another source"),
    "taxonomy.Node": ("name", "Another name"),
    "taxonomy.ReferenceCell": ("source", "Another source"),
    "taxonomy.Scheme": ("name", "Another name"),
    "taxonomy.SeverityTier": ("name", "Another name"),
}
# What machines work through, what is still being typed, and what is immutable itself.
UNTRACKED = {
    "registry.RaterPair",
    "registry.Notification",
    "registry.Confusion",
    "registry.AgreementScore",
    "registry.AgreementRun",
    "registry.BulkChange",
    "registry.BulkChangeRow",
    "registry.Change",
    "registry.WebhookDelivery",
    "registry.Digest",
    "registry.Draft",
    "registry.DraftEditor",
    "registry.Job",
    "registry.CountedRange",
    "registry.PatternExposure",
    "registry.PatternForesight",
    "registry.PatternLayers",
    "registry.PatternMiss",
    "registry.PatternNode",
    "registry.PatternPair",
    "registry.PatternRun",
    "registry.PatternSplit",
    "registry.PatternTrend",
    "registry.Population",
    "registry.RangeMark",
    "taxonomy.ShippedRow",
}
DELETABLE = [label for label in TRACKED if label.startswith("registry.Case") or label.endswith(("Label", "ation"))]


def event_model(label):
    return apps.get_model(f"{label}Event")


def event_models():
    return [model for model in apps.get_models() if issubclass(model, pghistory.models.Event)]


@pytest.fixture
def rows(db):
    """One row of every tracked model by its label, and spare rows to point to."""
    person, node, other = make_person(), make_node(), make_node(scheme=make_scheme("shapes"))
    case = agree(make_case(), node)
    organisation, source = Organisation.objects.create(name="Acme"), Source.objects.create(title="A paper")
    system, team = System.objects.get(), Team.objects.create(name="A team")
    made = [
        case,
        case.case_systems.get(),
        case.classifications.get(),
        person,
        node,
        node.scheme,
        system,
        organisation,
        source,
        SeverityTier.objects.get(slug="high"),
        CaseParty.objects.create(case=case, organisation=organisation, role="developer"),
        CaseReader.objects.create(case=case, person=person),
        CaseSource.objects.create(case=case, source=source),
        CaseLink.objects.create(case=case, other=make_case(), kind="related", answered_by=person, answered_at=NOW),
        CaseMerge.objects.create(
            kept=case, merged=make_case(), reason="One event.", moved=[], merged_by=person, merged_at=NOW
        ),
        EventGroup.objects.create(name="An event"),
        Evidence.objects.create(case=case, kind="note", title="A note", sha256="0" * 64, added_by=person, added_at=NOW),
        SavedView.objects.create(owner=person, name="Mine", slug="mine", created_at=NOW, updated_at=NOW),
        team,
        TeamMember.objects.create(team=team, person=person),
        make_webhook(person),
        make_exposure(system),
        ExternalId.objects.create(case=case, source="aiid", value="1"),
        LabelRow.objects.create(case=case, node=node, rater=person),
        OrganisationAlias.objects.create(organisation=organisation, name="A."),
        Subscription.objects.create(person=person, created_at=NOW),
        SystemAlias.objects.create(system=system, name="CA"),
        AlternativeParent.objects.create(node=node, parent=make_node(), asserted_by="Somebody"),
        Mapping.objects.create(from_node=node, to_node=other, relation="close", source="Us"),
        ReferenceCell.objects.create(
            technique=node, failure_mode=other, verdict="resistant", certainty="low", source="Us"
        ),
    ]
    made += analysed_rows(case, node, person)
    spare = {
        "person": make_person(),
        "source": Source.objects.create(title="B"),
        "node": make_node(),
        "scheme": other.scheme,
        "mitigation": analysed.mitigation(),
        "change": analysed.taxonomy_change(),
    }
    return {row._meta.label: row for row in made} | {f"{{{name}}}": row for name, row in spare.items()}


def analysed_rows(case, node, person):
    """What a team adds to the case while it works on it."""
    rating, comment, mitigation = analysed.rating(case=case), analysed.comment(case=case), analysed.mitigation(case)
    return [
        rating,
        analysed.rated_scheme(rating=rating, scheme=node.scheme),
        analysed.adjudication(case=case, node=node),
        analysed.safeguard(case=case),
        mitigation,
        mitigation.answered.get(),
        analysed.accepted_debt(case=case),
        comment,
        analysed.mention(comment=comment, person=person),
        analysed.watch(case=case),
        change := analysed.taxonomy_change(),
        analysed.relabel(case=case, change=change),
    ]


def test_every_model_is_tracked_or_listed_as_one_that_is_not():
    events = {f"{model._meta.app_label}.{model.__name__}" for model in event_models()}
    ours = {model._meta.label for name in ("registry", "taxonomy") for model in apps.get_app_config(name).get_models()}

    assert {f"{label}Event" for label in TRACKED} <= events
    assert ours - events == set(TRACKED) | UNTRACKED


@pytest.mark.parametrize("label", TRACKED)
def test_bulk_and_raw_writes_leave_events(rows, label):
    row = rows[label]
    column, value = TRACKED[label]
    value = rows[value].pk if value in rows else value
    table, key = row._meta.db_table, row._meta.pk.column

    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {column} = %s WHERE {key} = %s", [value, row.pk])
        cursor.execute(f"UPDATE {table} SET {column} = %s WHERE {key} = %s", [value, row.pk])

    events = event_model(label).objects.filter(pgh_obj_id=row.pk).order_by("pgh_id")
    assert [event.pgh_label for event in events] == ["insert", "update"]
    assert getattr(events[1], column) == value
    assert getattr(events[0], column) == getattr(row, column)


@pytest.mark.parametrize("label", DELETABLE)
def test_deletes_leave_events_that_outlive_the_row(rows, label):
    row = rows[label]
    if label == "registry.Case":
        row = make_case()
        row.case_systems.all().delete()
    if label == "registry.Organisation":
        CaseParty.objects.all().delete()
        OrganisationAlias.objects.all().delete()
    if label == "registry.Mitigation":
        MitigationCase.objects.all().delete()
    kept = event_model(label).objects.filter(pgh_obj_id=row.pk)

    type(row).objects.filter(pk=row.pk).delete()

    assert [event.pgh_label for event in kept.order_by("pgh_id")] == ["insert", "delete"]


@pytest.mark.parametrize("label", TRACKED)
@pytest.mark.parametrize("statement", ["UPDATE {} SET pgh_label = 'forged'", "DELETE FROM {}"])
def test_events_are_append_only_even_for_the_owner(rows, label, statement):
    table = event_model(label)._meta.db_table

    with pytest.raises(ProgrammingError, match="append_only"), transaction.atomic():
        connection.cursor().execute(statement.format(table))


def test_secrets_and_derived_columns_stay_out_of_the_history():
    assert {"password", "last_login"}.isdisjoint(field.name for field in event_model("registry.Person")._meta.fields)
    derived = {"search", "node_path", "occurred_on", "severity_rank"}
    assert derived.isdisjoint(field.name for field in event_model("registry.Case")._meta.fields)


def test_a_change_of_nothing_leaves_no_event():
    case = make_case()

    Case.objects.update(title=case.title)

    assert case.events.count() == 1


def test_an_action_signs_all_it_writes_with_person_and_reason(reviewer, now):
    case = make_case(status="review")

    cases.return_to_analysis(case=case, by=reviewer, at=now, reason="Which check should have seen it?")

    assert case.events.latest("pgh_id").pgh_context.metadata == {
        "person": reviewer.pk,
        "action": "return_to_analysis",
        "reason": "Which check should have seen it?",
    }


def test_what_was_refused_leaves_no_event(reporter, now):
    case = make_case()

    with pytest.raises(Exception, match="Only"):
        cases.accept_case(case=case, by=reporter, at=now)

    assert [event.pgh_label for event in case.events.all()] == ["insert"]


@pytest.fixture(scope="module")
def application_url(own_services, django_db_setup, django_db_blocker):
    """Where the application role reaches the database of the tests, with the rights `manage.py prepare` leaves it."""
    with django_db_blocker.unblock():
        keep_history_from_the_application()
        return local_services.postgres_url(own_services, "air_app", connection.settings_dict["NAME"])


@pytest.fixture
def application(application_url):
    """A connection of the application role; what it does is rolled back."""
    with psycopg.connect(application_url) as opened:
        yield opened
        opened.rollback()


INSERT = "INSERT INTO registry_eventgroup (name, created_at) VALUES ('An event', now()) RETURNING id"


def test_the_application_is_neither_owner_nor_superuser(application):
    role = (
        "SELECT rolsuper, rolcreaterole, rolcreatedb, rolbypassrls, rolreplication"
        " FROM pg_roles WHERE rolname = 'air_app'"
    )

    assert application.execute(role).fetchone() == (False,) * 5
    assert application.execute("SELECT tablename FROM pg_tables WHERE tableowner = 'air_app'").fetchall() == []
    assert application.execute("SELECT current_user").fetchone() == ("air_app",)


def test_what_the_application_writes_leaves_signed_events(application):
    sign = "SELECT set_config('pghistory.context_id', %s, true), set_config('pghistory.context_metadata', %s, true)"
    context = str(uuid.uuid4())
    for metadata in ('{"person": 1}', '{"person": 1, "action": "x"}'):
        application.execute(sign, [context, metadata])
        number = application.execute(INSERT).fetchone()[0]

    found = application.execute(
        "SELECT e.pgh_label, c.metadata FROM registry_eventgroupevent e JOIN pghistory_context c"
        " ON c.id = e.pgh_context_id WHERE e.pgh_obj_id = %s",
        [number],
    ).fetchall()
    assert found == [("insert", {"person": 1, "action": "x"})]


@pytest.mark.parametrize("ignore", [False, True])
@pytest.mark.parametrize("action", ["UPDATE {} SET pgh_label = 'forged'", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_application_cannot_change_any_history(application, action, ignore):
    if ignore:
        application.execute("SELECT set_config('pgtrigger.ignore', '{append_only}', true)")

    for model in event_models():
        with pytest.raises(psycopg.errors.InsufficientPrivilege), application.transaction():
            application.execute(action.format(model._meta.db_table))


def test_the_application_cannot_take_triggers_away_or_who_did_it(application):
    for statement in (
        "ALTER TABLE registry_caseevent DISABLE TRIGGER ALL",
        "SET session_replication_role = replica",
        "DROP TABLE registry_caseevent",
        "DELETE FROM pghistory_context",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), application.transaction():
            application.execute(statement)


def test_an_action_signs_for_those_it_is_made_of(analyst):
    @signed
    def log_two(*, by, at, reason):
        return [log(by=by, at=at) for _ in range(2)]

    made = log_two(by=analyst, at=NOW, reason="Both at once.")

    signatures = [pghistory.models.Events.objects.tracks(case).get().pgh_context for case in made]
    assert signatures == [{"person": analyst.pk, "action": "log_two", "reason": "Both at once."}] * 2
