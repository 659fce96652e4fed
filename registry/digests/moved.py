"""Which patterns moved between two runs, in words."""

import math
from dataclasses import dataclass

import numpy as np
from django.db.models import Q
from django.utils import timezone

from registry.choices import About
from registry.digests import links
from registry.digests.content import MovedPattern, Patterns
from registry.digests.wording import counted, in_words, listed, sentence
from registry.models import PatternNode, PatternPair
from registry.patterns.movement import Movement, RunPairs, moved
from registry.patterns.sentences import pair_name, pair_words, standing_words

MOST_PATTERNS = 6
# In the order in which they are told.
TOLD = (Movement.NEW, Movement.STRONGER, Movement.WEAKER, Movement.GONE)
NO_RUN = "No statistics have been computed yet."


@dataclass(frozen=True)
class Told:
    """One pattern that is told; `passive` where it moved without a new case, `nodes` are the numbers of both."""

    pattern: MovedPattern
    passive: bool
    nodes: frozenset[int]


def patterns_between(*, before, now, scope):
    """What moved in `scope` from run `before` (None: there was none) to run `now`, by the rule of the pattern page."""
    if now is None:
        return Patterns(limits="" if scope.about == About.QUEUE else NO_RUN)
    told = [] if before == now else _told(before, now, scope)
    passive = [each.pattern for each in told if each.passive]
    moved_ones = [each.pattern for each in told if not each.passive]
    shown, shown_passive = moved_ones[:MOST_PATTERNS], passive[:MOST_PATTERNS]
    n_tests = _tests_in(scope, now)
    return Patterns(
        moved=tuple(shown),
        passive=tuple(shown_passive),
        passive_words=_passive_words(len(passive), more=bool(moved_ones)),
        more=len(told) - len(shown) - len(shown_passive),
        n_tests=n_tests,
        url=links.absolute(now.get_absolute_url()),
        quiet=_quiet(now, told, scope),
        limits=_limits(before, now, scope, n_tests),
    )


def pairs_in(scope, pairs):
    """Those of `pairs` that tell of `scope`: of a branch, those with one of its nodes."""
    if scope.nodes is None:
        return pairs
    return pairs.filter(Q(node_a__in=scope.nodes) | Q(node_b__in=scope.nodes))


def _tests_in(scope, run):
    if scope.nodes is None:
        return run.n_tests
    return pairs_in(scope, PatternPair.objects.filter(run=run, p__isnull=False)).count()


def _passive_words(n, *, more):
    return sentence(
        f"{in_words(n)}{' more' if more else ''} passed the threshold without a new case, "
        "because the rest of the registry grew"
    )


def _told(before, now, scope):
    """What is told, the strongest of each kind first."""
    present, previous = _pairs_flagged_in_either(before, now, scope)
    found = moved(_as_arrays(present), _as_arrays(previous))
    rows = []
    for place, (key, pair) in enumerate(present.items()):
        movement = Movement(found.movement[place])
        if movement in TOLD:
            rows.append((movement, pair, previous.get(key), bool(found.without_new_case[place])))
    gone = list(previous.values())
    rows += [(Movement.GONE, None, gone[place], False) for place in found.vanished]
    rows.sort(key=lambda row: (TOLD.index(row[0]), -((row[1] or row[2]).effect or 0), (row[1] or row[2]).pk))
    return [_told_of(*row, max_q=now.rules["max_q"]) for row in rows]


def _told_of(movement, pair, earlier, passive, *, max_q):
    known = pair or earlier
    return Told(_pattern(movement, pair, earlier, max_q), passive, frozenset({known.node_a_id, known.node_b_id}))


def _pairs_flagged_in_either(before, now, scope):
    """({(node, node): pair} of the present run, the same of the previous one)."""
    runs = [run for run in (before, now) if run]
    flagged = pairs_in(scope, PatternPair.objects.filter(run__in=runs, flagged=True))
    keys = set(flagged.values_list("node_a_id", "node_b_id"))
    pairs = PatternPair.objects.filter(
        run__in=runs, node_a__in={key[0] for key in keys}, node_b__in={key[1] for key in keys}
    )
    pairs = pairs.select_related("node_a__scheme", "node_b__scheme").defer("case_ids").order_by("node_a", "node_b")
    by_run = {run.pk: {} for run in runs}
    for pair in pairs:
        key = (pair.node_a_id, pair.node_b_id)
        if key in keys:
            by_run[pair.run_id][key] = pair
    return by_run[now.pk], by_run[before.pk] if before else {}


def _as_arrays(pairs):
    keys = np.array(list(pairs), dtype=np.int64).reshape(-1, 2)
    rows = pairs.values()
    return RunPairs(
        a=keys[:, 0],
        b=keys[:, 1],
        joint=np.array([pair.joint for pair in rows], dtype=np.int64),
        q=np.array([math.nan if pair.q is None else pair.q for pair in rows], dtype=np.float64),
        flagged=np.array([pair.flagged for pair in rows], dtype=np.bool_),
    )


def _pattern(movement, pair, earlier, max_q):
    known = pair or earlier
    return MovedPattern(
        name=pair_name(known),
        schemes=tuple(dict.fromkeys((known.node_a.scheme.name, known.node_b.scheme.name))),
        url=links.address("pattern-pair", pk=known.pk),
        movement=movement.name.lower(),
        sentence=_sentence(movement, pair, earlier, max_q),
        before=earlier.joint if earlier else 0,
        now=pair.joint if pair else 0,
        n=known.n,
    )


def _sentence(movement, pair, earlier, max_q):
    """The sentence of the pattern page, told against the reader's last digest instead of the run before."""
    if pair is None:
        return f"{counted(earlier.joint, 'case')} carried both; it is not tested any more."
    pair.movement = movement.name.lower()
    pair.joint_before, pair.q_before = (earlier.joint, earlier.q) if earlier else (None, None)
    words = pair_words(pair, max_q=max_q, compared=True)
    return f"{words.counts}{words.evidence}{words.change}. {standing_words(pair)}".strip()


def headline(pattern):
    """The pattern as the one sentence a reader should take away."""
    cases = f"{pattern.now:,} of {counted(pattern.n, 'case')}"
    return {
        "new": f"{pattern.name} passed the threshold: {cases}.",
        "stronger": f"{pattern.name} grew stronger: {cases}, up from {pattern.before:,}.",
        "weaker": f"{pattern.name} grew weaker: {cases}, {pattern.before:,} before.",
        "gone": f"{pattern.name} fell below the threshold: {cases}, {pattern.before:,} before.",
    }[pattern.movement]


def _quiet(now, told, scope):
    """Where no pattern moved although cases are counted: which schemes, or what stands right below a branch."""
    if not told:
        return "No pattern moved." if _counted_in(now, scope).exists() else ""
    still = _still_schemes(now, told) if scope.nodes is None else _still_parts(now, told, scope)
    return f"No pattern moved {'in' if scope.nodes is None else 'under'} {listed(still)}." if still else ""


def _counted_in(run, scope):
    nodes = PatternNode.objects.filter(run=run, k__gt=0)
    return nodes if scope.nodes is None else nodes.filter(node__in=scope.nodes)


def _still_schemes(now, told):
    counted_schemes = PatternNode.objects.filter(run=now, k__gt=0).order_by("node__scheme__order", "node__scheme")
    names = dict.fromkeys(counted_schemes.values_list("node__scheme__name", flat=True))
    busy = {name for each in told for name in each.pattern.schemes}
    return [name for name in names if name not in busy]


def _still_parts(now, told, scope):
    counted_nodes = set(_counted_in(now, scope).values_list("node", flat=True))
    busy = frozenset().union(*(each.nodes for each in told))
    return [name for name, numbers in scope.parts if numbers & counted_nodes and not numbers & busy]


def _limits(before, now, scope, n_tests):
    rules = now.rules
    against = f"against run {before.pk}" if before not in (None, now) else "the latest"
    at = timezone.localtime(now.computed_at)
    return " ".join(
        (
            "The registry holds failures: a share is a share of recorded cases, not a chance.",
            *_which_patterns(now, scope, n_tests),
            f"Flagged means q < {rules['max_q']:.2f} over {counted(now.n_tests, 'test')}, "
            f"{rules['min_joint']} cases or more, and an interval that excludes 1.",
            f"Run {now.pk}, {at:%-d %B %Y, %H:%M} {at.tzname()}, {against}.",
        )
    )


def _which_patterns(now, scope, n_tests):
    """Sentences: which cases the run counted, and which of its patterns are told."""
    if now.population_id:
        yield f"Patterns count only those cases of {scope.words} that are open to everyone signed in."
        return
    yield "Patterns count only cases open to everyone signed in."
    if scope.query != "":
        yield f"Patterns are those of every case: there is no run for {scope.words} alone."
    if scope.nodes is not None:
        yield f"Told are those of the {counted(n_tests, 'test')} with a label of {scope.words}."
