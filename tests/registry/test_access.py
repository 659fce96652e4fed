"""Who sees which case and may do what with it: every role against every case and every tie to it."""

from itertools import product

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404

from registry import access
from registry.choices import Right, Role, Status, Visibility
from registry.models import CaseReader
from tests.factories import make_case, make_person, make_team

pytestmark = pytest.mark.django_db

KINDS = ("open", "draft", "named", "team")
TIES = ("reporter", "owner", "reviewer", "named on", "in its team", "none")


def case_of(kind, tie, person):
    team = make_team(*[person] if tie == "in its team" else [])
    visibility = {"named": Visibility.NAMED, "team": Visibility.TEAM}.get(kind, Visibility.EVERYONE)
    values = {"visibility": visibility, "team": team if kind == "team" else None}
    if tie in ("reporter", "owner", "reviewer"):
        values[tie] = person
    case = make_case(status=Status.DRAFT if kind == "draft" else Status.TRIAGE, **values)
    if tie == "named on":
        CaseReader.objects.create(case=case, person=person)
    return case


@pytest.mark.parametrize(("role", "kind", "tie"), list(product(Role, KINDS, TIES)))
def test_a_case_is_seen_when_it_is_open_or_concerns_the_person(role, kind, tie):
    person = make_person(role=role)
    case = case_of(kind, tie, person)
    sees = kind == "open" or (kind == "team" if tie == "in its team" else tie != "none")

    assert access.visible_to(person).filter(pk=case.pk).exists() is sees
    assert access.people_who_see(case).filter(pk=person.pk).exists() is sees


def test_administrators_do_not_see_what_concerns_others_only(administrator):
    for kind in ("draft", "named"):
        make_case(
            status=Status.DRAFT if kind == "draft" else Status.TRIAGE,
            visibility=Visibility.NAMED if kind == "named" else Visibility.EVERYONE,
        )

    assert list(access.visible_to(administrator)) == []


def test_a_draft_for_a_team_is_not_the_teams_yet(analyst):
    team = make_team(analyst)

    draft = make_case(status=Status.DRAFT, visibility=Visibility.TEAM, team=team)

    assert list(access.visible_to(analyst)) == []
    assert list(access.people_who_see(draft)) == [draft.reporter]


def test_a_merged_case_is_seen_in_the_one_that_stays_only(analyst):
    kept = make_case()
    merged = make_case(status=Status.WITHDRAWN, merged_into=kept, reporter=analyst)

    assert list(access.visible_to(analyst)) == [kept]
    assert set(access.seen_by(analyst)) == {kept, merged}


def test_named_on_one_case_is_not_named_on_another(analyst):
    seen, hidden = case_of("named", "named on", analyst), case_of("named", "none", analyst)

    assert list(access.visible_to(analyst)) == [seen]
    assert list(access.people_who_see(hidden)) == [hidden.reporter]


def test_a_case_with_many_ties_is_listed_once(analyst):
    case = make_case(reporter=analyst, owner=analyst, reviewer=make_person(), visibility=Visibility.NAMED)
    CaseReader.objects.bulk_create(CaseReader(case=case, person=person) for person in (analyst, make_person()))

    assert list(access.visible_to(analyst)) == [case]


def test_who_may_not_sign_in_sees_nothing_and_is_not_among_the_people():
    left = make_person(is_active=False)
    case = make_case(reporter=left)

    assert list(access.visible_to(left)) == []
    assert left not in access.people_who_see(case)


def test_nobody_signed_in_sees_nothing():
    make_case()

    assert list(access.visible_to(AnonymousUser())) == []


@pytest.mark.parametrize("kind", ["draft", "named"])
def test_a_hidden_case_answers_like_a_missing_one(analyst, kind):
    hidden = case_of(kind, "none", analyst)
    raised = []

    for reference in (hidden.reference, f"AIR-{hidden.pk + 1000}"):
        for right in Right:
            with pytest.raises(Http404) as missing:
                access.case_for(analyst, reference, to=right)
            raised.append((missing.type, missing.value.args))

    assert set(raised) == {(Http404, ())}


@pytest.mark.parametrize("form", ["AIR-{}", "air-{}", "{}", "OLD-{}"])
def test_a_case_is_found_by_its_number_whatever_the_prefix(analyst, form):
    case = make_case()

    assert access.case_for(analyst, form.format(case.pk)) == case


@pytest.mark.parametrize(
    "reference",
    [
        "",
        "0",
        "AIR-",
        "-{}",
        "AIR--{}",
        "{}0000000000",
        "2147483648",
        "{}.0",
        "{}e0",
        "{}; --",
        "{}\n",
        " {}",
        "AIR {}",
    ],
)
def test_what_is_no_reference_is_missing(analyst, reference):
    case = make_case()

    with pytest.raises(Http404):
        access.case_for(analyst, reference.format(case.pk))


def test_digits_of_other_scripts_are_no_reference(analyst):
    arabic = str(make_case().pk).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))

    with pytest.raises(Http404):
        access.case_for(analyst, arabic)


EVERYBODY = set(Role)
ANALYSTS = {Role.ANALYST, Role.REVIEWER, Role.ADMINISTRATOR}
REVIEWERS = {Role.REVIEWER, Role.ADMINISTRATOR}
OTHERS_CASE = {
    Status.DRAFT: (ANALYSTS, ANALYSTS),
    Status.TRIAGE: (ANALYSTS, ANALYSTS),
    Status.ANALYSIS: (ANALYSTS, ANALYSTS),
    Status.REVIEW: (ANALYSTS, ANALYSTS),
    Status.CLOSED: (set(), set()),
    Status.WITHDRAWN: (ANALYSTS, set()),
}


@pytest.mark.parametrize("status", list(Status))
def test_rights_over_the_case_of_somebody_else(status):
    case = make_case(status=status)
    edit, label = OTHERS_CASE[status]

    assert roles_that_may(case) == {
        Right.VIEW: EVERYBODY,
        Right.EDIT: edit,
        Right.LABEL: label,
        Right.ANALYSE: ANALYSTS,
        Right.REVIEW: REVIEWERS,
    }


@pytest.mark.parametrize("status", list(Status))
def test_a_reporter_edits_their_own_case_while_it_is_early(status):
    reporter = make_person(role=Role.REPORTER)
    case = make_case(status=status, reporter=reporter)
    early = {Right.EDIT} if status in (Status.DRAFT, Status.TRIAGE) else set()

    assert {right for right in Right if access.may(reporter, right, case)} == {Right.VIEW} | early


def test_somebody_who_became_a_reader_no_longer_edits_what_they_reported():
    case = make_case(reporter=make_person(role=Role.READER))

    assert not access.may(case.reporter, Right.EDIT, case)


def roles_that_may(case):
    people = {role: make_person(role=role) for role in Role}
    return {right: {role for role, person in people.items() if access.may(person, right, case)} for right in Right}


@pytest.mark.parametrize("right", [Right.EDIT, Right.LABEL, Right.ANALYSE, Right.REVIEW])
def test_a_right_that_is_missing_over_a_visible_case_is_refused_in_words(reader, right):
    case = make_case()

    with pytest.raises(PermissionDenied, match=r"^Only "):
        access.case_for(reader, case.reference, to=right)


def test_case_for_hands_out_the_case_to_whoever_has_the_right(reviewer):
    case = make_case(status=Status.REVIEW)

    assert access.case_for(reviewer, case.reference, to=Right.REVIEW) == case


def test_statistics_count_the_same_cases_for_everybody():
    counted = [make_case(), make_case(status=Status.CLOSED), make_case(scope="boundary")]
    make_case(status=Status.DRAFT)
    make_case(status=Status.WITHDRAWN)
    make_case(visibility=Visibility.NAMED)
    make_case(scope="out")

    assert list(access.counted_cases().order_by("pk")) == counted


def test_the_people_who_see_a_case_come_by_name():
    case = make_case(visibility=Visibility.NAMED, reporter=make_person(name="Zoe"), owner=make_person(name="Abe"))
    CaseReader.objects.create(case=case, person=make_person(name="Mia"))
    make_person(name="Bob")

    assert [person.name for person in access.people_who_see(case)] == ["Abe", "Mia", "Zoe"]
