"""Whoever rates a case blind reads every route beside it, before and after others speak: nothing moves."""

import pytest

from registry.actions import labels, ratings
from registry.choices import Role, Stance, Status
from registry.models import Classification, Label, Rating
from taxonomy.models import Scheme
from tests.api.conftest import Tool
from tests.factories import NOW, adjudicate, agree, label, make_case, make_node, make_person

pytestmark = pytest.mark.django_db

PARTS = (
    *("", "labels/", "labels/colours:red/", "labels/colours:own/", "classifications/", "adjudications/"),
    *("adjudications/colours:red/", "adjudications/colours:blue/", "ratings/", "rating/", "checklist/", "watch/"),
    *("history/", "history/?limit=1", "versions/1/", "similar/", "links/", "merges/", "comments/", "evidence/"),
    *("safeguards/", "merges/preview/{other}/"),
)


@pytest.fixture
def case(db):
    return make_case(status=Status.ANALYSIS, title="Boat circles the lagoon", nodes=[make_node("known")])


@pytest.fixture
def other(db, case):
    return make_case(status=Status.ANALYSIS, title="Boat circles the lagoon for points")


def read(person, *cases):
    """{address: what the person reads there}, and the same seen from the other case."""
    tool, found = Tool(person), {}
    for case, other in (cases, cases[::-1]):
        for part in PARTS:
            address = f"cases/{case.reference}/{part.format(other=other.reference)}"
            answer = tool.get(address, headers={"X-Request-ID": "the-same-request"})
            found[address] = (answer.status_code, answer.headers.get("ETag"), answer.content)
    return found


def moved(before, after):
    return [address for address in before if before[address] != after[address]]


def somebody_submits(case, red, blue):
    label(case, red, by=make_person(), confidence=99, rationale="Zebrafish")


def a_majority_agrees(case, red, blue):
    for stance in (Stance.PRESENT, Stance.PRESENT, Stance.ABSENT):
        label(case, red, by=make_person(), stance=stance)
    assert Classification.objects.get(case=case, node=red).method == "majority"


def a_rating_is_submitted(case, red, blue):
    rater = make_person()
    label(case, red, by=rater, hold=True)
    work = Rating.objects.get(rater=rater)
    schemes = Scheme.objects.filter(slug="goodhart")
    ratings.submit_rating(case=case, by=rater, at=NOW, version=work.version, schemes=schemes)


def somebody_stands_aside(case, red, blue):
    ratings.stand_aside(case=case, by=make_person(role=Role.REVIEWER), at=NOW)


def a_label_is_changed_and_taken_back(case, red, blue):
    rater = make_person()
    label(case, red, by=rater)
    label(case, red, by=rater, stance=Stance.ABSENT)
    labels.take_back_label(label=Label.objects.get(rater=rater), by=rater, at=NOW)


def a_reviewer_decides_that_it_does_not_apply(case, red, blue):
    label(case, blue, by=make_person())
    adjudicate(case, blue, applies=False, reason="Zebrafish")


def a_decision_is_withdrawn(case, red, blue):
    reviewer = make_person(role=Role.REVIEWER)
    adjudicate(case, blue, by=reviewer, applies=False)
    labels.withdraw_adjudication(case=case, node=blue, by=reviewer, at=NOW, reason="Zebrafish")


DONE = (
    somebody_submits,
    a_majority_agrees,
    a_rating_is_submitted,
    somebody_stands_aside,
    a_label_is_changed_and_taken_back,
    a_reviewer_decides_that_it_does_not_apply,
    a_decision_is_withdrawn,
)


@pytest.mark.parametrize("role", [Role.ANALYST, Role.REVIEWER])
@pytest.mark.parametrize("status", [Status.ANALYSIS, Status.WITHDRAWN])
@pytest.mark.parametrize("happens", DONE, ids=lambda each: each.__name__)
def test_nothing_moves_for_the_blind(case, other, happens, status, role):
    red, blue, own = make_node("red"), make_node("blue"), make_node("own")
    blind = make_person(role=role)
    label(case, own, by=blind, hold=True)
    agree(other, red)
    before = between(case, other, blind, status)

    happens(case, red, blue)

    assert moved(before, between(case, other, blind, status)) == []


def between(case, other, person, status):
    """What the person reads while the case has this status; what others say is said in analysis."""
    type(case).objects.filter(pk=case.pk).update(status=status)
    found = {address: answer for address, answer in read(person, case, other).items() if "history" not in address}
    type(case).objects.filter(pk=case.pk).update(status=Status.ANALYSIS)
    return found


@pytest.mark.parametrize("happens", DONE, ids=lambda each: each.__name__)
def test_the_history_of_the_blind_does_not_grow(case, other, happens):
    red, blue = make_node("red"), make_node("blue")
    blind = make_person()
    before = read(blind, case, other)

    happens(case, red, blue)

    assert moved(before, read(blind, case, other)) == []


@pytest.mark.parametrize("happens", [each for each in DONE if each is not somebody_stands_aside])
def test_who_never_rates_reads_what_happened(case, other, reader, happens):
    """The same routes do move for somebody who may see it all, so that the tests above look where it would show."""
    red, blue = make_node("red"), make_node("blue")
    before = read(reader, case, other)

    happens(case, red, blue)

    assert any("history" in address for address in moved(before, read(reader, case, other)))


def test_a_label_that_only_raters_gave_finds_no_similar_case(case, other, analyst):
    """The other case has no word in common; a label of the blind must not be what brings it up."""
    red = make_node("red")
    agree(case, red)
    far = make_case(
        status=Status.ANALYSIS, title="Boat circles a lagoon", observed_behaviour="Something else entirely."
    )
    type(far).objects.filter(pk__in=[far.pk, other.pk]).update(text_bands=[])
    tool = Tool(analyst)
    before = tool.get(f"cases/{case.reference}/similar/").json()

    label(far, red, by=make_person())

    assert tool.get(f"cases/{case.reference}/similar/").json() == before
