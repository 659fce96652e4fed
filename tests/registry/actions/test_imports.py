"""Imports: upserts that keep the history and what people changed here, all or nothing, quiet when nothing is new."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from registry.actions import cases, imports
from registry.actions.imports import ImportCounts, RecordRefused
from registry.choices import Status, Visibility
from registry.exchange.records import ImportedCase, ImportedSource
from registry.models import (
    Case,
    CaseParty,
    CaseSource,
    CaseSystem,
    ExternalId,
    Job,
    Organisation,
    OrganisationAlias,
    Source,
    System,
)
from tests.factories import NOW, make_case, make_person

pytestmark = pytest.mark.django_db

ARTICLE = ImportedSource(
    url="https://news.example/boat", title="A boat", publisher="News", published_on=date(2016, 1, 2)
)
BOAT = ImportedCase(
    external_id="65",
    url="https://incidents.example/65",
    title="Boat never finishes its race",
    observed_behaviour="It circled a lagoon.",
    kind="incident",
    context="A game.",
    stage="deployment",
    occurred_from=date(2016, 12, 22),
    occurred_to=date(2016, 12, 22),
    occurred_precision="day",
    systems=("CoastRunners agent",),
    developers=("OpenAI",),
    deployers=("OpenAI", "A lab"),
    affected=("Nobody",),
    sources=(ARTICLE,),
    external_ids=(("cve", "CVE-1"),),
)
LATER = NOW + timedelta(days=30)


@pytest.fixture
def importer(db):
    return make_person(name="Importer")


@pytest.fixture
def take(importer):
    """Import these records as of a time."""

    def run(*records, at=NOW, **options):
        return imports.import_cases(by=importer, at=at, source="aiid", records=list(records), **options)

    return run


def record(**values):
    return replace(BOAT, **values)


def many(n):
    return [record(external_id=str(number), external_ids=()) for number in range(n)]


def beside(case):
    """What stands beside a case, by name."""
    parties = CaseParty.objects.filter(case=case).order_by("role", "organisation__name")
    return {
        "systems": sorted(case.case_systems.values_list("system__name", "version")),
        "parties": list(parties.values_list("role", "organisation__name")),
        "sources": sorted(case.case_sources.values_list("source__title", flat=True)),
        "numbers": sorted(case.external_ids.values_list("source", "value")),
    }


def test_a_new_record_becomes_a_case_in_triage_with_all_it_names(take, importer):
    counts = take(BOAT)

    case = Case.objects.get()
    assert counts == ImportCounts(created=1)
    assert {name: getattr(case, name) for name in imports.FIELDS} == {
        name: getattr(BOAT, name) for name in imports.FIELDS
    }
    assert (case.status, case.visibility, case.reporter, case.owner) == (
        Status.TRIAGE,
        Visibility.EVERYONE,
        importer,
        None,
    )
    assert (case.created_at, case.reported_at, case.version) == (NOW, NOW, 1)
    assert beside(case) == {
        "systems": [("CoastRunners agent", "")],
        "parties": [("affected", "Nobody"), ("deployer", "A lab"), ("deployer", "OpenAI"), ("developer", "OpenAI")],
        "sources": ["A boat"],
        "numbers": [("aiid", "65"), ("cve", "CVE-1")],
    }
    assert Source.objects.get().published_on == date(2016, 1, 2)
    assert Job.objects.filter(state="pending").count() == 1


def test_the_same_again_writes_nothing_at_all(take):
    take(BOAT)
    Job.objects.all().delete()
    events = Case.events.rel.related_model.objects.count()

    counts = take(replace(BOAT, line=9), at=LATER)

    assert counts == ImportCounts(unchanged=1)
    assert Job.objects.count() == 0
    assert Case.events.rel.related_model.objects.count() == events
    assert Case.objects.get().updated_at == NOW


def test_what_the_source_changed_is_taken_over_and_the_old_version_kept(take, importer):
    take(BOAT)

    counts = take(record(title="Boat circles for ever", url="https://incidents.example/new"), at=LATER)

    case = Case.objects.get()
    assert counts == ImportCounts(changed=1)
    assert (case.title, case.version, case.updated_at) == ("Boat circles for ever", 2, LATER)
    assert case.external_ids.get(source="aiid").url == "https://incidents.example/new"
    assert list(case.events.order_by("pgh_id").values_list("title", flat=True)) == [BOAT.title, "Boat circles for ever"]
    assert case.events.latest("pgh_id").pgh_context.metadata == {"person": importer.pk, "action": "import_cases"}
    assert Job.objects.filter(state="pending").count() == 1


def edit(**values):
    case = Case.objects.get()
    return cases.edit_case(case=case, by=make_person(), at=NOW, version=case.version, **values)


def test_a_field_people_changed_stays_and_the_others_follow(take):
    take(BOAT)
    edit(title="Our own title")

    counts = take(record(title="Their new title", context="Their context."), at=LATER)

    case = Case.objects.get()
    assert counts == ImportCounts(changed=1, kept=1)
    assert (case.title, case.context) == ("Our own title", "Their context.")


def test_a_kept_field_stays_kept_in_every_later_import(take):
    take(BOAT)
    edit(title="Our own title")
    take(record(title="Their second title"))

    counts = take(record(title="Their third title"))

    assert counts == ImportCounts(changed=1, kept=1)
    assert Case.objects.get().title == "Our own title"


def test_a_field_people_changed_to_what_the_source_says_follows_again(take):
    take(BOAT)
    edit(title="The better title")
    first = take(record(title="The better title"))

    second = take(record(title="The best title"))

    assert (first, second) == (ImportCounts(changed=1), ImportCounts(changed=1))
    assert Case.objects.get().title == "The best title"


def test_a_field_people_changed_that_the_source_did_not_is_no_conflict(take):
    take(BOAT)
    edit(title="Our own title")

    assert take(BOAT) == ImportCounts(unchanged=1)
    assert Case.objects.get().title == "Our own title"


def test_the_parts_of_a_date_are_taken_over_together_or_not_at_all(take):
    take(BOAT)
    edit(occurred_from=date(2016, 12, 1), occurred_to=date(2016, 12, 31), occurred_precision="month")

    counts = take(record(occurred_from=None, occurred_to=None, occurred_precision="unknown"))

    case = Case.objects.get()
    assert counts == ImportCounts(changed=1, kept=1)
    assert (case.occurred_from, case.occurred_to, case.occurred_precision) == (
        date(2016, 12, 1),
        date(2016, 12, 31),
        "month",
    )


def test_a_date_nobody_changed_here_may_become_unknown(take):
    take(BOAT)

    take(record(occurred_from=None, occurred_to=None, occurred_precision="unknown"))

    assert (Case.objects.get().occurred_from, Case.objects.get().occurred_precision) == (None, "unknown")


def test_what_the_source_names_anew_is_added_and_what_it_drops_is_removed(take):
    take(BOAT)
    paper = ImportedSource(url="https://paper.example/", title="A paper")

    take(
        record(
            systems=("Another agent",),
            developers=("DeepMind",),
            deployers=("OpenAI",),
            sources=(paper,),
            external_ids=(("cve", "CVE-1"), ("cve", "CVE-2")),
        )
    )

    assert beside(Case.objects.get()) == {
        "systems": [("Another agent", "")],
        "parties": [("affected", "Nobody"), ("deployer", "OpenAI"), ("developer", "DeepMind")],
        "sources": ["A boat", "A paper"],
        "numbers": [("aiid", "65"), ("cve", "CVE-1"), ("cve", "CVE-2")],
    }


def test_what_people_added_stays_and_what_they_removed_stays_away(take):
    take(BOAT)
    edit(
        systems=[("CoastRunners agent", "2.1"), ("Our own agent", "")],
        deployers=["A lab", "A harbour"],
        affected=[],
    )

    take(record(systems=("Another agent",), deployers=("OpenAI", "A lab", "A port"), context="New."))

    assert beside(Case.objects.get()) == {
        "systems": [("Another agent", ""), ("CoastRunners agent", "2.1"), ("Our own agent", "")],
        "parties": [("deployer", "A harbour"), ("deployer", "A lab"), ("deployer", "A port"), ("developer", "OpenAI")],
        "sources": ["A boat"],
        "numbers": [("aiid", "65"), ("cve", "CVE-1")],
    }


def test_a_name_spelt_otherwise_is_the_same_party_and_is_not_taken_away(take):
    OrganisationAlias.objects.create(organisation=Organisation.objects.create(name="OpenAI"), name="Open AI Inc")
    take(BOAT)

    take(record(developers=("open  ai INC",)))

    assert list(CaseParty.objects.filter(role="developer").values_list("organisation__name", flat=True)) == ["OpenAI"]
    assert Organisation.objects.filter(name__icontains="open").count() == 1


def test_only_the_case_of_the_record_loses_a_party(take):
    take(BOAT, record(external_id="66"))

    take(record(developers=()), record(external_id="66"))

    first, second = Case.objects.order_by("pk")
    assert list(first.case_parties.filter(role="developer")) == []
    assert second.case_parties.filter(role="developer").count() == 1


@pytest.mark.parametrize("status", [Status.CLOSED, Status.WITHDRAWN])
def test_a_case_that_is_over_stays_as_people_left_it_until_it_is_reopened(take, status, analyst):
    take(BOAT)
    Case.objects.update(
        status=status, owner=make_person(), closed_at=NOW if status == Status.CLOSED else None, version=5
    )
    newer = record(title="Boat circles for ever", developers=("DeepMind",))

    counts = take(newer, at=LATER)

    case = Case.objects.get()
    assert counts == ImportCounts(unchanged=1, settled=1)
    assert (case.title, case.version, case.updated_at) == (BOAT.title, 5, NOW)

    cases.reopen_case(case=case, by=analyst, at=LATER, reason="New evidence.")
    assert take(newer, at=LATER) == ImportCounts(changed=1)
    assert Case.objects.get().title == "Boat circles for ever"


def test_one_record_that_cannot_be_held_refuses_all_and_names_line_and_field(take):
    take(BOAT)
    bad = record(external_id="3", title="x" * 201, line=17)

    with pytest.raises(RecordRefused) as refused:
        take(record(title="Changed title"), record(external_id="2"), bad)

    assert (refused.value.line, refused.value.field) == (17, "title")
    assert "200 characters" in refused.value.messages[0]
    assert list(Case.objects.values_list("title", flat=True)) == [BOAT.title]


def test_a_changed_record_that_cannot_be_held_is_refused_the_same_way(take):
    take(BOAT)

    with pytest.raises(RecordRefused) as refused:
        take(record(context="x" * 50_001, line=4))

    assert (refused.value.line, refused.value.field) == (4, "context")
    assert Case.objects.get().context == BOAT.context


def test_a_crash_in_a_later_batch_leaves_nothing_and_the_retry_does_all(take, monkeypatch):
    monkeypatch.setattr(imports, "AT_ONCE", 2)

    def crash(done):
        if done == 4:
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError):
        take(*many(5), progress=crash)
    left = [model.objects.count() for model in (Case, ExternalId, CaseSystem, CaseSource, Job, System)]

    assert left == [0] * 6
    assert take(*many(5)) == ImportCounts(created=5)
    assert take(*many(5)) == ImportCounts(unchanged=5)


def test_progress_counts_every_record_once(take, monkeypatch):
    monkeypatch.setattr(imports, "AT_ONCE", 2)
    told = []

    take(*many(5), progress=told.append)

    assert told == [2, 4, 5]


def test_records_of_one_file_share_systems_organisations_and_sources(take):
    take(*many(3))

    assert (System.objects.count(), Organisation.objects.count(), Source.objects.count()) == (1, 3, 1)


def test_two_spellings_of_one_new_name_in_one_file_make_one_organisation(take):
    take(record(developers=("Acme", "ACME")), record(external_id="2", developers=("acme ",)))

    assert Organisation.objects.filter(name__iexact="acme").count() == 1
    assert CaseParty.objects.filter(role="developer").count() == 2


def test_a_case_people_logged_under_the_same_number_is_not_taken_for_an_import(take):
    logged = make_case()
    ExternalId.objects.create(case=logged, source="aiid", value="65")

    take(BOAT)

    assert Case.objects.count() == 2
    assert Case.objects.get(pk=logged.pk).title == logged.title


def test_other_databases_number_their_own_cases(take, importer):
    take(BOAT)

    counts = imports.import_cases(by=importer, at=NOW, source="avid", records=[BOAT])

    assert counts == ImportCounts(created=1)


def test_no_record_at_all_changes_nothing(take):
    assert take() == ImportCounts()
    assert Job.objects.count() == 0


@pytest.mark.parametrize("n", [1, 50])
def test_new_records_cost_statements_by_the_batch_not_by_the_record(take, django_assert_num_queries, n):
    with django_assert_num_queries(18):
        take(*many(n))

    assert Case.objects.count() == n
