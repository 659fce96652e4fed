"""What no case, and no row beside one, can be."""

from datetime import date

import pytest

from registry.choices import Status
from registry.models import (
    Case,
    CaseParty,
    CaseReader,
    CaseSource,
    CaseSystem,
    EventGroup,
    ExternalId,
    Organisation,
    Team,
)
from registry.models import Source as SourceRow
from tests.factories import NOW, make_case, make_person
from tests.registry.models.refusal import refused_by

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("registry_case_title_at_least_6", {"title": "Boat!"}),
        ("registry_case_closed_at_iff_closed", {"closed_at": NOW}),
        ("registry_case_reported_once_submitted", {"reported_at": None}),
        ("registry_case_kind_once_submitted", {"kind": ""}),
        ("registry_case_owner_once_accepted", {"status": "analysis"}),
        ("registry_case_owner_once_accepted", {"status": "review"}),
        ("registry_case_owner_once_accepted", {"status": "closed", "closed_at": NOW}),
        ("registry_case_closed_at_iff_closed", {"status": "closed"}),
        ("registry_case_dated_iff_known", {"occurred_precision": "unknown"}),
        ("registry_case_dated_iff_known", {"occurred_from": None}),
        ("registry_case_dated_iff_known", {"occurred_from": None, "occurred_to": date(2026, 1, 1)}),
        ("registry_case_occurred_forwards", {"occurred_to": date(2026, 11, 11)}),
        ("registry_case_kind_known", {"kind": "rumour"}),
        ("registry_case_status_known", {"status": "open"}),
        ("registry_case_visibility_known", {"visibility": "nobody"}),
        ("registry_case_occurred_precision_known", {"occurred_precision": "week"}),
        ("registry_case_stage_known", {"stage": "later"}),
        ("registry_case_locus_known", {"locus": "outside"}),
        ("registry_case_predictability_known", {"predictability": "perhaps"}),
        ("registry_case_triage_known", {"triage": "boring"}),
        ("registry_case_scope_known", {"scope": "half"}),
        ("registry_case_human_gap_known", {"human_gap": "wide"}),
        ("registry_case_outer_gap_known", {"outer_gap": "wide"}),
        ("registry_case_inner_gap_known", {"inner_gap": "wide"}),
        ("registry_case_team_iff_for_a_team", {"visibility": "team"}),
    ],
)
def test_a_case_in_triage_refuses(constraint, values):
    make_case()

    with refused_by(constraint):
        Case.objects.update(**values)


def test_only_a_case_for_one_team_names_one():
    make_case()
    team = Team.objects.create(name="Clinical tools safety")

    with refused_by("registry_case_team_iff_for_a_team"):
        Case.objects.update(team=team)


def test_a_case_merged_into_another_is_withdrawn():
    kept, merged = make_case(), make_case()

    with refused_by("registry_case_withdrawn_once_merged"):
        Case.objects.filter(pk=merged.pk).update(merged_into=kept)


def test_a_case_is_not_merged_into_itself():
    case = make_case(status=Status.WITHDRAWN)

    with refused_by("registry_case_not_merged_into_itself"):
        Case.objects.update(merged_into=case)


NARRATIVES = (
    "registry_case_context_at_most_50000",
    "registry_case_intended_objective_at_most_50000",
    "registry_case_optimised_objective_at_most_50000",
    "registry_case_observed_behaviour_at_most_50000",
    "registry_case_root_cause_at_most_50000",
    "registry_case_evaluation_breakdown_at_most_50000",
    "registry_case_mitigation_strategy_at_most_50000",
    "registry_case_alignment_lesson_at_most_50000",
    "registry_case_specified_objective_at_most_50000",
    "registry_case_endorsed_goal_at_most_50000",
)


@pytest.mark.parametrize("constraint", NARRATIVES)
def test_a_narrative_holds_50000_characters_of_any_script_and_not_one_more(constraint):
    field = constraint.removeprefix("registry_case_").removesuffix("_at_most_50000")
    make_case()
    Case.objects.update(**{field: "ж" * 50_000})

    with refused_by(constraint):
        Case.objects.update(**{field: "ж" * 50_001})


def test_a_case_is_not_approved_by_its_owner():
    owner = make_person()
    make_case(status=Status.CLOSED, owner=owner, reviewer=make_person())

    with refused_by("registry_case_not_approved_by_its_owner"):
        Case.objects.update(reviewer=owner)


def test_a_title_of_six_characters_a_draft_without_a_kind_and_one_day_are_allowed():
    case = make_case(status=Status.DRAFT)

    Case.objects.update(title="Boat!!", kind="", reported_at=None, occurred_to=case.occurred_from)

    assert Case.objects.get().title == "Boat!!"


def test_a_person_is_named_once_on_a_case():
    row = {"case": make_case(), "person": make_person()}

    with refused_by("registry_casereader_once"):
        CaseReader.objects.bulk_create([CaseReader(**row), CaseReader(**row)])


def test_a_system_stands_once_on_a_case_in_one_version_and_role():
    case = make_case()
    same = case.case_systems.get()
    CaseSystem.objects.bulk_create([CaseSystem(case=case, system=same.system, version="2", role="subject")])

    with refused_by("registry_casesystem_once"):
        CaseSystem.objects.bulk_create([CaseSystem(case=case, system=same.system, version="", role="subject")])


def test_the_role_of_a_system_is_known():
    make_case()

    with refused_by("registry_casesystem_role_known"):
        CaseSystem.objects.update(role="bystander")


def test_a_party_stands_once_on_a_case_in_one_role():
    row = {"case": make_case(), "organisation": Organisation.objects.create(name="Acme")}
    CaseParty.objects.bulk_create([CaseParty(**row, role="developer"), CaseParty(**row, role="deployer")])

    with refused_by("registry_caseparty_once"):
        CaseParty.objects.bulk_create([CaseParty(**row, role="developer")])


def test_the_role_of_a_party_is_known():
    CaseParty.objects.create(case=make_case(), organisation=Organisation.objects.create(name="Acme"), role="developer")

    with refused_by("registry_caseparty_role_known"):
        CaseParty.objects.update(role="bystander")


def test_a_source_stands_once_on_a_case():
    row = {"case": make_case(), "source": SourceRow.objects.create(title="A paper")}

    with refused_by("registry_casesource_once"):
        CaseSource.objects.bulk_create([CaseSource(**row), CaseSource(**row)])


def test_an_event_has_a_name():
    with refused_by("registry_eventgroup_name_filled"):
        EventGroup.objects.bulk_create([EventGroup(name="")])


def test_a_number_stands_once_on_a_case_and_on_several_cases():
    first, second = make_case(), make_case()
    ExternalId.objects.bulk_create([ExternalId(case=case, source="cve", value="1") for case in (first, second)])

    with refused_by("registry_externalid_once"):
        ExternalId.objects.bulk_create([ExternalId(case=first, source="cve", value="1")])


def test_one_number_imports_one_case():
    numbers = [ExternalId(case=make_case(), source="aiid", value="1", imported={}) for _ in range(2)]

    with refused_by("registry_externalid_imported_once"):
        ExternalId.objects.bulk_create(numbers)


@pytest.mark.parametrize(
    ("constraint", "values"),
    [("registry_externalid_source_filled", {"source": ""}), ("registry_externalid_value_filled", {"value": ""})],
)
def test_a_number_names_its_database_and_itself(constraint, values):
    ExternalId.objects.create(case=make_case(), source="aiid", value="1")

    with refused_by(constraint):
        ExternalId.objects.update(**values)
