"""Runs of the statistics, kept for ever, and one pair through them."""

from collections import Counter

from django.db.models import Count

from registry.choices import Movement
from registry.models import PatternPair, PatternRun
from registry.web import pictures
from registry.web.pattern_rows import whisker_of

AXIS = pictures.whisker_axis()


def all_runs():
    return PatternRun.objects.select_related("compared_with", "population").order_by("-pk")


def with_movements(runs):
    """[(run, {movement: how many pairs})]; one query for all of them."""
    runs = list(runs)
    moved = PatternPair.objects.filter(run__in=runs, movement__in=[Movement.NEW, Movement.GONE])
    counts = {run.pk: Counter() for run in runs}
    for run, movement, n in moved.values_list("run", "movement").annotate(n=Count("pk")):
        counts[run][movement] = n
    return [(run, counts[run.pk]) for run in runs]


def history_of(pair, *, most):
    """The same two nodes in the runs of one population that kept them, the latest first: [(pair, whisker)]."""
    rows = (
        PatternPair.objects.filter(node_a=pair.node_a_id, node_b=pair.node_b_id, run__population=pair.run.population_id)
        .select_related("run")
        .defer("case_ids")
        .order_by("-run_id")
    )
    return [(row, whisker_of(row)) for row in rows[:most]]


CSV_HEADS = (
    "Run",
    "Computed",
    "Label rule",
    "Cases",
    "Events",
    "Pairs",
    "Tests",
    "Flagged",
    "Compared with",
    "Occurred from",
    "Occurred to",
)


def csv_rows(runs):
    for run in runs:
        counts = (run.n_cases, run.n_groups, run.n_pairs, run.n_tests, run.n_flagged)
        window = (run.occurred_from, run.occurred_to)
        yield [run.pk, run.computed_at.isoformat(), run.label_rule, *counts, run.compared_with_id, *window]
