"""The harness works; how fast the product is, is never asserted."""

import numpy as np
import pytest

from registry.models import AgreementRun, Digest, PatternRun, Rating
from tests.benchmarks.database import database_url, raw_connection
from tests.benchmarks.measuring import Goal, Row, against, interleave, ratio_of_medians, table
from tests.benchmarks.run import measure_size
from tests.benchmarks.synthetic import fill, zipf

WORKS = (
    "W1 first page / SQL alone",
    "W1 first page / idiomatic view",
    "W1 first page, database time",
    "W1 under a node / SQL alone",
    "W1 under a node / idiomatic view",
    "W1 under a node, database time",
    "W1 half-way deep / SQL alone",
    "W1 half-way deep / idiomatic view",
    "W1 half-way deep, database time",
    "W1f list page unfiltered, database time",
    "W1f list page under a node, database time",
    "W1f list page searched and ranked, database time",
    "W1f list page of one system, database time",
    "W1f list page without root cause, database time",
    "W1f facets through REST unfiltered, database time",
    "W1f facets through REST under a node, database time",
    "W1f facets through REST searched and ranked, database time",
    "W2 detail through REST / SQL alone",
    "W2 detail through REST, database time",
    "W2 detail through REST, queries",
    "W2 case page, database time",
    "W2 case page, queries",
    "W5 recompute / arrays and bincount",
    "W5 recompute / SQL self-join",
    "W5 recompute, peak memory",
    "W5 recompute, nothing kept / arrays and bincount",
    "W5 recompute, nothing kept / SQL self-join",
    "W5 recompute, nothing kept, peak memory",
    "W5 arrays and bincount, peak memory",
    "W6 one changed case, fresh statistics",
    "W6 ranges read again",
    "W8 export CSV / bare COPY",
    "W8 export NDJSON / bare COPY",
    "W8 stream NDJSON by number / bare COPY",
    "W8 export, peak memory",
    "W3 create with history / bare inserts",
)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("shipped_taxonomy")
def test_every_work_is_measured_at_200_cases(capsys):
    works = ["list", "page", "detail", "recompute", "export", "create"]

    rows = measure_size(200, database_url(), works=works, seconds=0, say=print)

    print("\n".join(table(rows)))
    assert tuple(row.work for row in rows) == WORKS
    assert all(row.value > 0 and row.n == 200 for row in rows)
    assert not PatternRun.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("shipped_taxonomy")
def test_a_move_is_measured_and_leaves_true_paths_at_200_cases():
    rows = measure_size(200, database_url(), works=["move"], seconds=0, say=print)

    assert [row.work for row in rows] == ["W10 move a node / plain UPDATE", "W10 move a node, all of it"]
    with raw_connection() as raw:
        wrong = "SELECT count(*) FROM registry_case WHERE node_path <> registry_node_path(id)"
        assert raw.execute(wrong).fetchone() == (0,)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("shipped_taxonomy")
def test_a_digest_is_measured_and_leaves_no_run_behind():
    rows = {row.work: row for row in measure_size(400, database_url(), works=["digest"], seconds=0, say=print)}

    assert list(rows) == [
        "W11 digest, reviewer",
        "W11 digest, reviewer / bare reads",
        "W11 digest, reviewer, queries",
        "W11 digest, view",
        "W11 digest, view / bare reads",
        "W11 digest, view, queries",
        "W11 digest, branch",
        "W11 digest, branch / bare reads",
        "W11 digest, branch, queries",
        "W11 hourly, nothing happened",
        "W11 hourly, nothing happened, queries",
        "W11 plan 1,000 subscribers",
    ]
    assert all(row.met == "met" for work, row in rows.items() if work.endswith("queries"))
    assert (PatternRun.objects.count(), Digest.objects.count()) == (0, 0)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("shipped_taxonomy")
def test_hints_are_measured_and_find_what_was_planted_at_200_cases():
    rows = {row.work: row.value for row in measure_size(200, database_url(), works=["similar"], seconds=0, say=print)}

    assert list(rows) == ["W7 hint / bands alone", "W7 hint, database time", "W7 recall in the first five"]
    assert rows["W7 recall in the first five"] >= 0.9


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("shipped_taxonomy")
def test_agreement_is_measured_and_leaves_no_rating_behind():
    rows = measure_size(60, database_url(), works=["agreement"], seconds=0, say=print)

    assert [(row.work, row.n) for row in rows] == [
        ("W9 agreement, statistic / bare products", 1000),
        ("W9 agreement, statistic", 1000),
        ("W9 agreement, read, computed and kept", 1000),
    ]
    assert (Rating.objects.count(), AgreementRun.objects.count()) == (0, 0)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("shipped_taxonomy")
def test_fill_writes_the_same_cases_every_time_and_leaves_triggers_and_indexes_as_they_were():
    with raw_connection(autocommit=False) as connection:
        before = surroundings(connection)

        seen = [(fill(connection, 60).n, contents(connection)) for _ in range(2)]

        assert seen[0] == seen[1]
        assert seen[0][0] == 60
        assert surroundings(connection) == before


def contents(connection):
    columns = "id, title, status, occurred_from, severity_rank, node_path"
    return connection.execute(f"SELECT {columns} FROM registry_case ORDER BY id").fetchall()


def surroundings(connection):
    """Indexes, foreign keys and triggers, each with whether it is enabled."""
    return connection.execute(
        "SELECT indexdef FROM pg_indexes WHERE tablename LIKE 'registry_%'"
        " UNION ALL SELECT conname || pg_get_constraintdef(oid) FROM pg_constraint"
        " UNION ALL SELECT tgname || tgenabled::text FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1"
    ).fetchall()


def test_zipf_draws_distinct_places_the_first_ones_more_often():
    drawn = zipf(np.random.default_rng(1), 50, (2000, 4))

    counts = np.bincount(drawn.ravel(), minlength=50)
    assert all(len(set(row)) == 4 for row in drawn.tolist())
    assert counts[0] > 2 * counts[4] > 4 * counts[40]


def test_interleave_runs_every_work_once_a_round_and_does_not_count_the_first():
    calls = []

    taken = interleave({"a": lambda: calls.append("a"), "b": lambda: calls.append("b")}, seconds=0)

    assert [sorted(calls[at : at + 2]) for at in range(0, 6, 2)] == [["a", "b"]] * 3
    assert {name: len(times) for name, times in taken.items()} == {"a": 2, "b": 2}


def test_ratio_of_medians_has_the_ratio_inside_its_interval():
    below = np.array([1.0, 1.1, 0.9, 1.0, 1.2])

    value, low, high = ratio_of_medians(3 * below, below)

    assert value == pytest.approx(3)
    assert low <= value <= high


def test_a_goal_of_at_least_asks_how_many_times_faster_the_product_is():
    product, floor = np.full(5, 0.010), np.full(5, 0.080)

    rows = [against("work", 10, product, floor, goal) for goal in (Goal(6, least=True), Goal(4))]

    assert [(row.value, row.met) for row in rows] == [(pytest.approx(8), "met"), (pytest.approx(0.125), "met")]


def test_table_prints_one_aligned_line_a_row():
    row = Row("W1 first page", 10_000, 1.234, 0.5, 2.468, 2.4, 2.55, Goal(4), 81.2)

    assert table([row]) == [
        "work            cases  product ms  floor ms  measured  95 % interval  goal        memory MB",
        "-------------  ------  ----------  --------  --------  -------------  -----  ---  ---------",
        "W1 first page  10,000        1.23       0.5    2.47 ×       2.4–2.55  ≤ 4 ×  met         81",
    ]
