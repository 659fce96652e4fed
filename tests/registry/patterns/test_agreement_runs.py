"""A run of the agreement of raters against what they said: what counts, what does not, what is kept."""

from datetime import timedelta

import pytest
from django.utils import timezone

from registry.actions import labels, ratings
from registry.choices import Measure, Role, Status, Visibility
from registry.models import AgreementRun, AgreementScore, Case, Confusion, RaterPair
from registry.patterns.agreement_runs import quarter_name
from registry.tasks import drain_jobs
from taxonomy.models import Node, SeverityTier
from tests.factories import NOW, adjudicate, make_case, make_person
from tests.registry.patterns.rated import compute_now, make_nodes, rate, rate_cases, run_over_all_time
from tests.registry.patterns.textbook import slow_alpha, slow_kappa

pytestmark = pytest.mark.django_db


@pytest.fixture
def raters(db):
    return [make_person(name=name) for name in ("Ann", "Bea")]


def score_of(run, node):
    return AgreementScore.objects.get(run=run, node=node)


def test_a_run_holds_what_the_textbook_gives(raters):
    red, blue, green = make_nodes("red", "blue", "green")
    said = [([red], [red])] * 3 + [([red], [blue])] * 2 + [([blue], [blue]), ([red, blue], [blue])]
    rate_cases(raters, said)

    run = run_over_all_time()

    assert (run.period, run.n_cases, run.n_raters, run.n_labels) == ("all", 7, 2, 42)
    units = [[int(red in one), int(red in other)] for one, other in said]
    score = score_of(run, red)
    assert score.alpha == pytest.approx(slow_alpha(units), abs=1e-12)
    assert score.low < score.alpha < score.high
    assert (score.n_cases, score.n_raters, score.n_values, score.n_disputed) == (7, 2, 14, 3)
    # Nobody chose it: nothing to agree about.
    assert (score_of(run, green).alpha, score_of(run, green).n_disputed) == (None, 0)
    pair = RaterPair.objects.get(run=run)
    assert (pair.n_cases, pair.n_judgements, pair.n_agreed) == (7, 21, 16)
    confusion = Confusion.objects.get(run=run)
    assert {confusion.node_a, confusion.node_b} == {red, blue}
    assert (confusion.n_cases, confusion.n_together) == (2, 7)


def test_kappa_of_a_scheme_that_allows_one_node_is_cohens(raters):
    nodes = make_nodes("red", "blue", "green", allows_several=False)
    chosen = list(zip("abacabcaba", "abbcabcaaa", strict=True))
    letters = dict(zip("abc", nodes, strict=True))
    rate_cases(raters, [([letters[one]], [letters[other]]) for one, other in chosen])

    run_over_all_time()

    assert RaterPair.objects.filter(run__period="all").get().kappa == pytest.approx(slow_kappa(chosen), abs=1e-12)
    assert round(slow_kappa(chosen), 4) == 0.6774


def test_who_did_not_go_through_a_scheme_is_missing_and_not_absent(raters):
    red, _ = make_nodes("red", "blue")
    (sour,) = make_nodes("sour", scheme="tastes")
    for _ in range(5):
        case = make_case()
        rate(case, raters[0], red)
        rate(case, raters[1], sour)

    run = run_over_all_time()

    assert (run.n_cases, AgreementScore.objects.filter(run=run).count()) == (0, 0)


def test_what_was_not_labelled_in_a_scheme_gone_through_is_absent(raters):
    red, _ = make_nodes("red", "blue")
    cases = [make_case() for _ in range(6)]
    for case in cases:
        rate(case, raters[0], red)
        rate(case, raters[1], schemes=[red.scheme])

    score = score_of(run_over_all_time(), red)

    assert (score.n_cases, score.n_disputed) == (6, 6)


def test_unsure_counts_as_a_value_of_its_own(raters):
    red, _ = make_nodes("red", "blue")
    for case in [make_case() for _ in range(5)]:
        rate(case, raters[0], unsure=[red])
        rate(case, raters[1], absent=[red])

    score = score_of(run_over_all_time(), red)

    assert score.n_disputed == 5
    assert score.alpha == pytest.approx(slow_alpha([[2, 0]] * 5), abs=1e-12)


def test_only_what_was_said_blind_counts(raters):
    red, blue = make_nodes("red", "blue")
    said_open = make_case()
    rate(said_open, raters[0], red)
    rate(said_open, raters[1], blue)
    # Having seen the other's label, the second one follows.
    labels.label_case(case=said_open, node=red, by=raters[1], at=NOW + timedelta(hours=1), stance="present")
    aside = make_case()
    rate(aside, raters[0], red)
    ratings.stand_aside(case=aside, by=raters[1], at=NOW)
    labels.label_case(case=aside, node=red, by=raters[1], at=NOW, stance="present")
    held = make_case()
    rate(held, raters[0], red)
    labels.label_case(case=held, node=red, by=raters[1], at=NOW, stance="present", hold=True)

    run = run_over_all_time()

    assert run.n_cases == 1
    score = score_of(run, red)
    assert (score.n_cases, score.n_disputed) == (1, 1)


def test_a_label_taken_back_is_missing_and_not_turned_into_its_opposite(raters):
    red, _ = make_nodes("red", "blue")
    case = make_case()
    rate(case, raters[0], red)
    rate(case, raters[1], red)
    labels.take_back_label(label=case.labels.get(rater=raters[1]), by=raters[1], at=NOW)

    assert run_over_all_time().n_cases == 0


def test_what_a_reviewer_had_decided_is_not_said_blind_by_passing_over_it(raters):
    red, blue = make_nodes("red", "blue")
    reviewer = make_person(role=Role.REVIEWER)
    case = make_case(status=Status.ANALYSIS)
    rate(case, raters[0], red)
    ratings.stand_aside(case=case, by=reviewer, at=NOW)
    labels.adjudicate_label(case=case, node=red, by=reviewer, at=NOW, applies=True, reason="The log shows it.")
    rate(case, raters[1], blue, at=NOW + timedelta(hours=1))

    run = run_over_all_time()

    assert not AgreementScore.objects.filter(run=run, node=red).exists()
    assert score_of(run, blue).n_cases == 1


@pytest.mark.parametrize("again", ["withdrawn", "decided anew"])
def test_nor_where_the_decision_was_withdrawn_or_decided_anew_since(raters, again):
    red, blue = make_nodes("red", "blue")
    reviewer = make_person(role=Role.REVIEWER)
    case = make_case(status=Status.ANALYSIS)
    rate(case, raters[0], red)
    adjudicate(case, red, by=reviewer)
    if again == "withdrawn":
        labels.withdraw_adjudication(case=case, node=red, by=reviewer, at=NOW, reason="In haste.")
    rate(case, raters[1], blue, at=NOW + timedelta(hours=1))
    if again == "decided anew":
        adjudicate(case, red, by=reviewer, at=NOW + timedelta(hours=2), applies=False)

    run = run_over_all_time()

    assert not AgreementScore.objects.filter(run=run, node=red).exists()
    assert score_of(run, blue).n_cases == 1


def test_a_node_that_came_after_the_rating_was_not_passed_over(raters):
    red, blue = make_nodes("red", "blue")
    case = make_case()
    rate(case, raters[0], red)
    rate(case, raters[1], red)
    Node.objects.filter(pk=blue.pk).update(created_at=NOW + timedelta(days=1))

    run = run_over_all_time()

    assert [score.node for score in AgreementScore.objects.filter(run=run, node__isnull=False)] == [red]


def test_retired_nodes_are_left_out(raters):
    red, blue = make_nodes("red", "blue")
    case = make_case()
    rate(case, raters[0], red)
    rate(case, raters[1], blue)
    Node.objects.filter(pk=blue.pk).update(retired_at=NOW)

    run = run_over_all_time()

    assert [score.node for score in AgreementScore.objects.filter(run=run, node__isnull=False)] == [red]
    assert not Confusion.objects.filter(run=run).exists()


@pytest.mark.parametrize(
    "values", [{"visibility": Visibility.NAMED}, {"status": Status.WITHDRAWN}, {"scope": "out"}], ids=str
)
def test_cases_that_statistics_do_not_read_are_not_compared(raters, values):
    red, blue = make_nodes("red", "blue")
    rate_cases(raters, [([red], [blue])] * 3)
    hidden = rate_cases(raters, [([red], [blue])])[0]
    Case.objects.filter(pk=hidden.pk).update(**values)

    run = run_over_all_time()

    assert run.n_cases == 3
    assert Confusion.objects.get(run=run).n_cases == 3


@pytest.mark.usefixtures("shipped_taxonomy")
def test_severity_is_compared_by_rank(raters):
    tiers = list(SeverityTier.objects.order_by("rank"))
    red, _ = make_nodes("red", "blue")
    given = [(1, 1), (1, 2), (4, 4), (3, 4), (2, 2), (0, 3)]
    for one, other in given:
        case = make_case()
        rate(case, raters[0], red, severity=tiers[one], potential=tiers[4])
        rate(case, raters[1], red, severity=tiers[other])

    run = run_over_all_time()

    score = AgreementScore.objects.get(run=run, measure=Measure.REALISED)
    assert score.alpha == pytest.approx(slow_alpha([list(pair) for pair in given], ordinal=True), abs=1e-12)
    assert (score.n_cases, score.n_raters, score.n_values, score.n_disputed) == (6, 2, 12, 3)
    assert not AgreementScore.objects.filter(run=run, measure=Measure.POTENTIAL).exists()


def test_each_year_and_the_last_eight_quarters_have_runs_of_their_own(raters):
    red, blue = make_nodes("red", "blue")
    rate_cases(raters, [([red], [blue])])
    rate_cases(raters, [([red], [red])] * 2, at=NOW - timedelta(days=300))
    rate_cases(raters, [([red], [red])] * 3, at=NOW - timedelta(days=760))

    runs = compute_now(at=NOW)["runs"]

    found = dict(AgreementRun.objects.filter(pk__in=runs.values()).values_list("period", "n_cases"))
    # The quarter of 760 days ago is the ninth.
    assert found == {"all": 6, "2026": 3, "2024": 3, "2026-Q4": 1, "2026-Q1": 2}


def test_two_ratings_of_one_case_in_different_years_are_compared_over_all_time_only(raters):
    red, _ = make_nodes("red", "blue")
    case = make_case()
    rate(case, raters[0], red, at=NOW - timedelta(days=365))
    rate(case, raters[1], red)

    runs = compute_now(at=NOW)["runs"]

    found = dict(AgreementRun.objects.filter(pk__in=runs.values()).values_list("period", "n_cases"))
    assert {period for period, n in found.items() if n} == {"all"}


def test_nothing_is_written_where_nothing_changed(raters):
    red, blue = make_nodes("red", "blue")
    rate_cases(raters, [([red], [blue])] * 5)
    first = compute_now(at=NOW)["runs"]

    again = compute_now(at=NOW + timedelta(hours=1))
    rate_cases(raters, [([red], [red])], at=NOW)
    changed = compute_now(at=NOW + timedelta(hours=2))

    assert set(first) == set(changed["runs"]) == {"all", "2026", "2026-Q4"}
    assert again == {"runs": {}, "unchanged": 3}
    assert AgreementRun.objects.count() == 6


def test_a_period_whose_last_rating_goes_gets_an_empty_run(raters):
    red, blue = make_nodes("red", "blue")
    (case,) = rate_cases(raters, [([red], [blue])])
    compute_now(at=NOW)
    Case.objects.filter(pk=case.pk).update(visibility=Visibility.NAMED)

    runs = compute_now(at=NOW)["runs"]

    assert set(runs) == {"all", "2026", "2026-Q4"}
    assert set(AgreementRun.objects.filter(pk__in=runs.values()).values_list("n_cases", flat=True)) == {0}


def test_without_any_rating_nothing_is_written(db):
    assert compute_now(at=NOW) == {"runs": {}, "unchanged": 0}
    assert not AgreementRun.objects.exists()


def test_equal_periods_hold_equal_numbers(raters):
    red, blue = make_nodes("red", "blue")
    rate_cases(raters, [([red], [red])] * 4 + [([red], [blue])] * 3)
    compute_now(at=NOW)

    numbers = [
        list(AgreementScore.objects.filter(run__period=period).order_by("pk").values_list("alpha", "low", "high"))
        for period in ("all", "2026", "2026-Q4")
    ]

    assert numbers[0] == numbers[1] == numbers[2]
    assert len(numbers[0]) == 3


@pytest.mark.django_db(transaction=True)
def test_submitting_a_rating_leads_to_a_new_run_by_itself(raters):
    red, blue = make_nodes("red", "blue")
    rate_cases(raters, [([red], [blue])], at=timezone.now())

    drain_jobs()

    assert AgreementRun.objects.get(period="all").n_cases == 1


def test_quarters_are_named_by_year_and_number():
    assert [quarter_name(quarter) for quarter in (0, 3, 4, 227)] == ["1970-Q1", "1970-Q4", "1971-Q1", "2026-Q4"]
