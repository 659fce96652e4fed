"""What unfinished analyses owe, replayed from spans, beside one case after another."""

from datetime import timedelta

import numpy as np
import pytest

from registry.patterns.debt import FOR_EVER, NOBODY, WEEK, History, Spans, burn_up, debt, standing_at, weeks_between

CASES = 30


def spans(rows):
    """Spans of rows (case, since, until)."""
    return Spans(*np.array(rows, dtype=np.int64).reshape(-1, 3).T)


def random_spans(random, many):
    since = random.integers(0, 20, many)
    return np.stack([random.integers(1, CASES, many), since, since + random.integers(1, 20, many)], axis=1) * [
        1,
        WEEK,
        WEEK,
    ]


def random_history(seed):
    """(history, the same as rows): each case is open once, reported before or after that."""
    random = np.random.default_rng(seed)
    opened = random_spans(random, CASES)
    opened[:, 0] = np.arange(1, CASES + 1)
    columns = (
        opened[:, 1] + random.integers(-3, 2, CASES) * WEEK,
        random.choice([1.0, 2.0, 4.0, 8.0], CASES),
        random.integers(0, 3, CASES),
        random.choice([NOBODY, 5, 6], CASES),
    )
    labelled, accepted = random_spans(random, 25), random_spans(random, 15)
    history = History(spans(opened), *columns, labelled=spans(labelled), accepted=spans(accepted))
    return history, list(zip(opened.tolist(), *columns, strict=True)), labelled.tolist(), accepted.tolist()


def holds(rows, case, time):
    return any(of == case and since <= time < until for of, since, until in rows)


def owed_by_hand(rows, labelled, accepted, time):
    """(case, owner, debt, whether somebody carries it) of every open case."""
    found = []
    for (case, since, until), reported, weight, missing, owner in rows:
        if since <= time < until:
            steps = int(missing) + (not holds(labelled, case, time))
            weeks = max(time - int(reported), 0) / WEEK
            found.append((case, int(owner), float(weight) * weeks * steps, holds(accepted, case, time)))
    return found


@pytest.mark.parametrize("seed", range(4))
def test_what_is_owed_at_any_time_equals_a_loop_over_cases(seed):
    history, *rows = random_history(seed)
    # Beginnings and ends of spans are whole weeks.
    times = [week * WEEK + more for week in range(40) for more in (-1, 0, WEEK // 3)]

    found = [standing_at(history, time) for time in times]

    expected = [owed_by_hand(*rows, time) for time in times]
    told = [
        list(zip(*(column.tolist() for column in (each.case, each.owner, each.debt, each.accepted)), strict=True))
        for each in found
    ]
    assert told == expected
    assert burn_up(history, times) == [
        (
            pytest.approx(sum(owes for *_, owes, carried in each if not carried)),
            pytest.approx(sum(owes for *_, owes, carried in each if carried)),
            sum(owes > 0 and not carried for *_, owes, carried in each),
        )
        for each in expected
    ]
    assert max(len(each) for each in expected) > 5


def test_why_a_case_owes_is_told_beside_what_it_owes():
    none = spans([])
    history = History(
        spans([(7, 0, FOR_EVER)]), np.array([0]), np.array([4.0]), np.array([2]), np.array([NOBODY]), none, none
    )

    found = standing_at(history, WEEK // 2)

    assert [column.tolist() for column in (found.weight, found.weeks, found.missing)] == [[4.0], [0.5], [3]]
    assert (found.debt[0], found.accepted[0]) == (debt(weight=4, weeks=0.5, missing=3), False)


def test_what_owes_less_than_one_is_counted_and_what_owes_nothing_is_not():
    none, three = spans([]), np.array([WEEK - WEEK // 4, WEEK, WEEK])
    labelled = spans([(3, 0, FOR_EVER)])
    opened = spans([(case, 0, FOR_EVER) for case in (1, 2, 3)])
    history = History(opened, three, np.ones(3), np.zeros(3, dtype=np.int64), np.full(3, NOBODY), labelled, none)

    assert standing_at(history, WEEK).debt.tolist() == [0.25, 0.0, 0.0]
    assert standing_at(history, WEEK).count() == 1


def test_a_week_is_seven_days_and_nobody_is_no_persons_number():
    assert timedelta(weeks=1) // timedelta(microseconds=1) == WEEK
    assert NOBODY == -1
    assert (weeks_between(WEEK, 3 * WEEK), weeks_between(3 * WEEK, WEEK), weeks_between(5, 4)) == (2.0, 0.0, 0.0)
