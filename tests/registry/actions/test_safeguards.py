"""The safeguards of a case are set as a whole, or not at all."""

from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from registry.actions.safeguards import Judged, set_safeguards, techniques
from registry.actions.signing import Conflict
from registry.choices import JobKind, JobState, Status
from registry.models import Job, Safeguard
from taxonomy.models import Node
from tests.factories import NOW, make_case

pytestmark = pytest.mark.django_db


def node(slug):
    return Node.objects.get(scheme__kind__in=["technique", "failure mode"], slug=slug)


def judged(slug="rlhf", **values):
    answers = {"version": 0, "deployed": "yes", "expected": "yes", "outcome": "missed", "failure_mode_id": None}
    return Judged(technique_id=node(slug).pk, **answers | {"how": "", "order": 1} | values)


def put(case, by, *rows, without=None, at=NOW):
    return set_safeguards(case=case, by=by, at=at, rows=list(rows), without=without or {})


def rows_of(case):
    values = ("technique__slug", "deployed", "outcome", "order", "version")
    return list(Safeguard.objects.filter(case=case).order_by("order", "pk").values_list(*values))


def test_rows_are_recorded_changed_and_taken_out_together(analyst):
    case = make_case()
    put(case, analyst, judged("rlhf"), judged("filter", order=2))

    put(
        case,
        analyst,
        judged("rlhf", version=1, outcome="partial", order=2),
        judged("review", deployed="no", outcome="not-exercised"),
        without={node("filter").pk: 1},
    )

    assert rows_of(case) == [("review", "no", "not-exercised", 1, 1), ("rlhf", "yes", "partial", 2, 2)]


def test_the_patterns_count_safeguards_and_are_computed_anew(analyst):
    put(make_case(), analyst, judged("rlhf"))

    assert Job.objects.filter(kind=JobKind.RECOMPUTE, state=JobState.PENDING).count() == 1


def test_a_row_that_says_the_same_is_not_written_again(analyst):
    case = make_case()
    put(case, analyst, judged("rlhf"))

    put(case, analyst, judged("rlhf", version=1))

    assert rows_of(case) == [("rlhf", "yes", "missed", 1, 1)]
    assert Safeguard.objects.get().events.count() == 1


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"deployed": "no", "outcome": "caught"}, "outcome"),
        ({"outcome": "caught", "failure_mode_id": "eval"}, "failure_mode"),
    ],
)
def test_one_impossible_row_refuses_all_of_them(analyst, answers, field):
    case = make_case()
    if "failure_mode_id" in answers:
        answers = answers | {"failure_mode_id": Node.objects.filter(scheme__kind="failure mode").first().pk}

    with pytest.raises(ValidationError) as refused:
        put(case, analyst, judged("filter"), judged("rlhf", **answers))

    assert list(refused.value.message_dict) == [f"{node('rlhf').pk}-{field}"]
    assert rows_of(case) == []


@pytest.mark.parametrize("seen", [0, 2])
def test_a_row_changed_meanwhile_is_a_conflict_and_changes_nothing(analyst, seen):
    case = make_case()
    put(case, analyst, judged("rlhf"))

    with pytest.raises(Conflict) as clash:
        put(case, analyst, judged("filter"), judged("rlhf", version=seen, outcome="caught"))

    assert {key: row.outcome for key, row in clash.value.current.items()} == {node("rlhf").pk: "missed"}
    assert rows_of(case) == [("rlhf", "yes", "missed", 1, 1)]


def test_a_row_taken_out_meanwhile_is_a_conflict(analyst):
    case = make_case()

    with pytest.raises(Conflict) as clash:
        put(case, analyst, judged("rlhf", version=1))

    assert clash.value.current == {node("rlhf").pk: None}


def test_taking_out_what_somebody_changed_is_a_conflict(analyst):
    case = make_case()
    put(case, analyst, judged("rlhf"))

    with pytest.raises(Conflict):
        put(case, analyst, without={node("rlhf").pk: 7})

    assert len(rows_of(case)) == 1


def test_rows_nobody_named_stay(analyst, other_analyst):
    case = make_case()
    put(case, analyst, judged("rlhf"))

    put(case, other_analyst, judged("filter", order=2))

    assert [row[0] for row in rows_of(case)] == ["rlhf", "filter"]


def test_a_retired_technique_is_recorded_nowhere_new_and_stays_where_it_is(analyst):
    case, other = make_case(), make_case()
    put(case, analyst, judged("rlhf"))
    Node.objects.filter(slug="rlhf").update(retired_at=NOW)

    put(case, analyst, judged("rlhf", version=1, how="Still known."))

    with pytest.raises(ValidationError, match="retired"):
        put(other, analyst, judged("rlhf"))
    assert rows_of(other) == []


def test_who_may_not_edit_the_case_sets_no_safeguards(reader, analyst):
    closed = make_case(status=Status.CLOSED)

    for person, case in ((reader, make_case()), (analyst, closed)):
        with pytest.raises(PermissionDenied):
            put(case, person, judged())


def test_the_reporter_sets_them_until_the_case_is_accepted(reporter):
    case = make_case(reporter=reporter)

    put(case, reporter, judged())

    assert len(rows_of(case)) == 1


def test_techniques_are_those_of_training_and_of_control():
    slugs = [found.slug for found in techniques()]

    assert {"rlhf", "debate", "monitoring", "circuit-breaker"} <= set(slugs)
    assert slugs.index("rlhf") < slugs.index("monitoring")


def test_a_node_that_is_no_technique_is_refused_by_the_database(analyst):
    cause = Node.objects.get(scheme__slug="misalignment-causes", slug="gradient")

    with pytest.raises(ValidationError, match="scheme of techniques"):
        put(make_case(), analyst, replace(judged(), technique_id=cause.pk))
