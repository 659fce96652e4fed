"""Pairs of labels as the pages show them: a sentence, a picture and the way to the cases."""

from dataclasses import dataclass

from django.db.models import Case, F, Q, When, Window
from django.db.models.functions import RowNumber

from registry import access
from registry.blind import PublishedPath, is_open_to
from registry.choices import Dimension, Movement
from registry.models import PatternPair
from registry.patterns.emerging import emergence
from registry.patterns.rules import Rules
from registry.patterns.sentences import PairWords, emerging_words, pair_words
from registry.web import pictures
from registry.web.counted_links import of_pair_url
from registry.web.pattern_splits import joint_by_setting, split_phrases, splits_of

MOVED = (Movement.NEW, Movement.STRONGER, Movement.WEAKER, Movement.GONE)
MEANING = {
    Movement.NEW: "not flagged before",
    Movement.STRONGER: "with more cases and q at least halved",
    Movement.WEAKER: "with q at least doubled",
    Movement.GONE: "flagged before, not any more",
}
SHOWN = {Movement.NEW: 5, Movement.STRONGER: 3, Movement.WEAKER: 3, Movement.GONE: 3}
LATEST = 3
MOST_FLAGGED = 5
WIDE, NARROW = 204, 124
DEFAULT_MAX_Q = 0.10


@dataclass(frozen=True)
class PairRow:
    """One pair as a line: the row itself, its words, its whisker (None without an interval) and recent cases.

    `setting` is its joint count by setting (None for a pair that was not split), `phrases` where it lives if not
    everywhere, `emerging` what happened to it for the first time.
    """

    pair: PatternPair
    words: PairWords
    whisker: dict | None
    latest: tuple = ()
    setting: dict | None = None
    phrases: tuple = ()
    emerging: str = ""

    @property
    def is_divided(self):
        return is_divided(self.pair)

    @property
    def laboratory_url(self):
        return of_pair_url(self.pair, Dimension.SETTING, "laboratory")

    @property
    def production_url(self):
        return of_pair_url(self.pair, Dimension.SETTING, "production")

    @property
    def schemes(self):
        first, second = self.pair.node_a.scheme.name, self.pair.node_b.scheme.name
        return first if first == second else f"{first} × {second}"

    @property
    def share(self):
        return self.pair.joint / self.pair.n if self.pair.rate_low is not None else None

    @property
    def interval(self):
        return f"{100 * self.pair.rate_low:.0f}–{100 * self.pair.rate_high:.0f}"


@dataclass(frozen=True)
class MovedGroup:
    """The pairs of one movement: how many in all, and the strongest of them."""

    movement: Movement
    meaning: str
    n: int
    rows: list

    @property
    def more(self):
        return self.n - len(self.rows)


def with_nodes(pairs):
    """Pairs ready to be shown. The cases behind them, up to 500 numbers each, are read only where they are printed."""
    return pairs.select_related("node_a__scheme", "node_b__scheme").defer("case_ids")


def rows_of(pairs, run, *, width=WIDE, latest=None, with_phrases=False):
    """PairRows of one run, each with the odds ratio of the run compared with; phrases only where they are printed."""
    pairs = list(pairs)
    before, splits = _odds_before(pairs, run), splits_of(pairs)
    threshold, rules = max_q(run), Rules.kept(run.rules)
    return [
        PairRow(
            pair=pair,
            words=pair_words(pair, max_q=threshold, compared=run.compared_with_id is not None),
            whisker=whisker_of(pair, before.get((pair.node_a_id, pair.node_b_id)), width=width),
            latest=(latest or {}).get(pair.pk, ()),
            setting=joint_by_setting(splits[pair.pk]),
            phrases=split_phrases(splits[pair.pk], rules) if with_phrases else (),
            emerging=why_emerging(pair, run) if with_phrases else "",
        )
        for pair in pairs
    ]


def why_emerging(pair, run):
    """Why a pair emerges since the run compared with, in words; empty if it does not."""
    why = emergence(pair, run.compared_with_id)
    return emerging_words(pair, why) if why else ""


def max_q(run):
    return run.rules.get("max_q", DEFAULT_MAX_Q)


def whisker_of(pair, previous=None, *, width=WIDE):
    if None in (pair.odds_ratio, pair.odds_low, pair.odds_high) or not is_divided(pair):
        return None
    return pictures.whisker(
        estimate=pair.odds_ratio, low=pair.odds_low, high=pair.odds_high, previous=previous, width=width
    )


def is_divided(pair):
    """Whether each label stands on some and not on all of the cases: otherwise there is nothing to compare."""
    return 0 < pair.k_a < pair.n and 0 < pair.k_b < pair.n


def _odds_before(pairs, run):
    if run.compared_with_id is None or not pairs:
        return {}
    rows = PatternPair.objects.filter(
        run=run.compared_with_id,
        node_a__in={pair.node_a_id for pair in pairs},
        node_b__in={pair.node_b_id for pair in pairs},
        odds_ratio__isnull=False,
    )
    return {(a, b): odds for a, b, odds in rows.values_list("node_a", "node_b", "odds_ratio")}


def moved_groups(run, counts, person):
    """What moved, labels that attract each other most first; groups without a pair are left out.

    Labels that avoid each other come last: among failures only, that is to be expected of independent causes.
    """
    place = Window(RowNumber(), partition_by=F("movement"), order_by=[F("effect").desc(nulls_last=True), F("pk")])
    shown = Q()
    for movement, most in SHOWN.items():
        shown |= Q(movement=movement, place__lte=most)
    pairs = list(
        PatternPair.objects.filter(run=run, movement__in=MOVED)
        .annotate(place=place)
        .filter(shown)
        .select_related("node_a__scheme", "node_b__scheme")
        .order_by("place")
    )
    rows = rows_of(pairs, run, latest=latest_cases(pairs, person), with_phrases=True)
    return [
        MovedGroup(movement, MEANING[movement], n, [row for row in rows if row.pair.movement == movement])
        for movement in MOVED
        if (n := counts.get(movement, 0))
    ]


def latest_cases(pairs, person):
    """{pair id: the newest cases behind it that `person` may see now, and may know to carry both}; one query."""
    newest = {pair.pk: pair.case_ids[:LATEST] for pair in pairs}
    asked = {number for numbers in newest.values() for number in numbers}
    known = _known(access.visible_to(person).filter(pk__in=asked), person)
    return {
        pair.pk: tuple(number for number in newest[pair.pk] if known(number, {pair.node_a_id, pair.node_b_id}))
        for pair in pairs
    }


def _known(cases, person):
    """Function (case id, node ids) → whether it is one of `cases` and `person` may know that it carries these."""
    open_to = is_open_to(person)
    if not open_to:
        seen = set(cases.values_list("pk", flat=True))
        return lambda number, nodes: number in seen
    is_open = Case(When(open_to, then=True), default=False)
    rows = {pk: each for pk, *each in cases.values_list("pk", is_open, PublishedPath("pk"))}
    return lambda number, nodes: number in rows and (rows[number][0] or nodes <= set(rows[number][1]))


def flagged_with(node, run):
    """The strongest flagged pairs of a run with `node`, as PairRows."""
    pairs = PatternPair.objects.filter(Q(node_a=node) | Q(node_b=node), run=run, flagged=True)
    return rows_of(
        with_nodes(pairs).order_by(F("effect").desc(nulls_last=True), "pk")[:MOST_FLAGGED], run, with_phrases=True
    )
