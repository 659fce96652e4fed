"""Pattern runs inside a test's own transaction, and the same counts by sets and loops."""

from collections import Counter
from datetime import timedelta
from itertools import combinations
from time import perf_counter

from registry.models import (
    Case,
    PatternForesight,
    PatternNode,
    PatternPair,
    PatternRun,
    PatternSplit,
    PatternTrend,
)
from registry.patterns import recompute as module
from registry.patterns.reading import weeks_before
from registry.patterns.rules import Rules
from taxonomy.models import Node
from tests.factories import NOW


def run_now(*, at=NOW, rules=None, population=None):
    """What `recompute` does once it has its snapshot, which a test's transaction cannot have of its own."""
    result = module._recompute(at=at, rules=rules or Rules(), started=perf_counter(), population=population)
    return PatternRun.objects.get(pk=result["run"])


def numbers_of(run):
    """Everything a run counted, whatever its id: (totals, nodes, pairs, trends)."""
    totals = (run.n_cases, run.n_groups, run.n_tests, run.n_flagged, run.occurred_from, run.occurred_to)
    nodes = sorted(PatternNode.objects.filter(run=run).values_list("node", "k", "n", "low", "high"))
    pairs = sorted(
        PatternPair.objects.filter(run=run).values_list("node_a", "node_b", "joint", "k_a", "k_b", "n", "p", "q")
    )
    trends = PatternTrend.objects.filter(run=run).values_list("node", "weeks", "recent", "baseline")
    return totals, nodes, pairs, sorted(trends, key=str)


def pair_of(run, a, b):
    return PatternPair.objects.get(run=run, node_a=min(a.pk, b.pk), node_b=max(a.pk, b.pk))


# What differs between two runs over the same cases that follow on the same run.
OF_THE_RUN = {"id", "run_id", "pair_id", "computed_at", "code_version", "fingerprint", "seconds"}


def everything_in(run):
    """Every row of a run, whatever its number: {model: rows}."""
    pairs = {pair.pk: (pair.node_a_id, pair.node_b_id) for pair in PatternPair.objects.filter(run=run)}
    models = (PatternNode, PatternPair, PatternTrend, PatternForesight)
    rows = {model.__name__: [plain(row) for row in model.objects.filter(run=run).values()] for model in models}
    splits = PatternSplit.objects.filter(pair__run=run).values()
    rows["PatternSplit"] = [(pairs[row["pair_id"]], plain(row)) for row in splits]
    return {name: sorted(found, key=str) for name, found in rows.items()} | {
        "PatternRun": plain(PatternRun.objects.filter(pk=run.pk).values().get())
    }


def plain(row):
    return {name: value for name, value in row.items() if name not in OF_THE_RUN}


def counts_of(run):
    """The plain counts of a run: (cases, units, {node: (k, n)}, {pair: (joint, k_a, k_b, n)}, {node: weeks})."""
    nodes = {node: (k, n) for node, k, n in PatternNode.objects.filter(run=run).values_list("node", "k", "n") if k}
    rows = PatternPair.objects.filter(run=run, joint__gt=0)
    pairs = {(a, b): tuple(rest) for a, b, *rest in rows.values_list("node_a", "node_b", "joint", "k_a", "k_b", "n")}
    trends = dict(PatternTrend.objects.filter(run=run).values_list("node", "weeks"))
    return run.n_cases, run.n_groups, nodes, pairs, {node: weeks for node, weeks in trends.items() if any(weeks)}


def counted_by_hand(at=NOW):
    """The same from the cases as rows, with sets and loops."""
    above = dict(Node.objects.values_list("pk", "parent"))
    schemes = dict(Node.objects.values_list("pk", "scheme"))
    cases = [case for case in Case.objects.prefetch_related("classifications") if is_counted(case)]
    events = {}
    for case in cases:
        labels, weeks = events.setdefault(case.event_group_id or f"case {case.pk}", (set(), []))
        for classification in case.classifications.all():
            node = classification.node_id
            while node:
                labels.add(node)
                node = above[node]
        weeks += week_of(case, at)
    return (len(cases), len(events), *tables(list(events.values()), schemes))


def is_counted(case):
    return case.visibility == "everyone" and case.status not in ("draft", "withdrawn") and case.scope != "out"


def week_of(case, at):
    first = weeks_before(at, module.COMPLETE_WEEKS)
    if case.occurred_precision != "day":
        return []
    week = (case.occurred_from - first) // timedelta(weeks=1)
    return [week] if 0 <= week <= module.COMPLETE_WEEKS else []


# What is kept of the weeks: those compared, and the current one as long as no longer lag is measured.
WEEKS_KEPT = 31


def tables(events, schemes):
    k, joint, weekly = Counter(), Counter(), {}
    applied = [{schemes[node] for node in labels} for labels, _ in events]
    for labels, weeks in events:
        k.update(labels)
        joint.update(combinations(sorted(labels), 2))
        for node in {*labels, None} if weeks else ():
            weekly.setdefault(node, [0] * (module.COMPLETE_WEEKS + 1))[min(weeks)] += 1

    def where(node, *needed):
        return sum(
            (node is None or node in labels) and {schemes[other] for other in needed} <= there
            for (labels, _), there in zip(events, applied, strict=True)
        )

    nodes = {node: (n, where(None, node)) for node, n in k.items()}
    pairs = {(a, b): (n, where(a, b), where(b, a), where(None, a, b)) for (a, b), n in joint.items()}
    kept = {node: weeks[-WEEKS_KEPT:] for node, weeks in weekly.items()}
    return nodes, pairs, {node: weeks for node, weeks in kept.items() if any(weeks)}
