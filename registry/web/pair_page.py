"""One pair of labels: its table, its numbers, its splits, its way through the runs, and the cases behind it."""

from registry.choices import PairState
from registry.patterns.rules import Rules
from registry.patterns.strata import SENTENCES
from registry.web import pattern_runs, pictures
from registry.web.pattern_rows import rows_of, why_emerging
from registry.web.pattern_splits import WIDTH, splits_of, tables_of

FIRST_CASES = 12
LONGEST_HISTORY = 12


def pair_page(pair, cases):
    """What templates/patterns/pair.html draws; `cases` are those behind it that the reader may see."""
    run = pair.run
    return {
        "pair": pair,
        "nodes": [pair.node_a, pair.node_b],
        "row": rows_of([pair], run)[0],
        "emerging": why_emerging(pair, run),
        "why_untested": why_untested(pair, run),
        "table": two_by_two(pair),
        "splits": tables_of(pair, run),
        "axis_split": pictures.whisker_axis(width=WIDTH),
        "split_rules": SENTENCES,
        "history": pattern_runs.history_of(pair, most=LONGEST_HISTORY),
        "axis": pattern_runs.AXIS,
        "cases": cases.select_related("potential_severity")
        .prefetch_related("systems")
        .order_by("-occurred_on", "-pk")[:FIRST_CASES],
        "n_cases": cases.count(),
    }


def why_untested(pair, run):
    """Which rule kept a pair with too few cases from being tested, in its own numbers; empty for any other."""
    if pair.state != PairState.TOO_FEW:
        return ""
    rules = Rules.kept(run.rules)
    if pair.n < rules.min_test_n:
        return f"Both schemes were applied to {pair.n:,} cases; a test needs {rules.min_test_n}."
    for node, k in ((pair.node_a, pair.k_a), (pair.node_b, pair.k_b)):
        if k < rules.min_support:
            return f"{node.name} stands on {k:,} of these {pair.n:,} cases; a test needs {rules.min_support}."
        if k == pair.n:
            return f"{node.name} stands on all of these {pair.n:,} cases: nothing is left to compare with."
    return "Too few cases carry these labels for a test."


def two_by_two(pair):
    """Rows of the table behind a pair: with and without the first label, each with and without the second."""
    only_a, only_b = pair.k_a - pair.joint, pair.k_b - pair.joint
    return {
        "with_a": (pair.joint, only_a, pair.k_a),
        "without_a": (only_b, pair.n - pair.k_a - only_b, pair.n - pair.k_a),
        "total": (pair.k_b, pair.n - pair.k_b, pair.n),
    }


SPLIT_HEADS = ("Dimension", "Stratum", "Both", "First", "Second", "Events")
HISTORY_HEADS = ("Run", "Computed", "Both", "Cases", "Odds ratio", "Odds low", "Odds high", "q", "Flagged", "Status")


def file_of(pair, kind):
    """(heads, rows) of the pair's history or, by default, of its splits."""
    if kind == "history":
        return HISTORY_HEADS, (_history_row(each) for each, _ in pattern_runs.history_of(pair, most=None))
    return SPLIT_HEADS, _split_rows(pair)


def _history_row(pair):
    counts = (pair.run_id, pair.run.computed_at.isoformat(), pair.joint, pair.n)
    return (*counts, pair.odds_ratio, pair.odds_low, pair.odds_high, pair.q, pair.flagged, pair.movement)


def _split_rows(pair):
    for dimension, split in splits_of([pair])[pair.pk].items():
        for place, name in enumerate(split.names):
            counts = (split.joint, split.k_a, split.k_b, split.n)
            yield [dimension.value, name, *(int(part[place]) for part in counts)]
