"""Interleaved timings, ratios with intervals, and the table they are printed in."""

import itertools
import time
from dataclasses import dataclass

import numpy as np

RESAMPLES = 2000
FEWEST_ROUNDS = 5
MOST_ROUNDS = 300
TRIAL_ROUNDS = 2  # when no time is given, only to see that everything runs


@dataclass(frozen=True)
class Goal:
    """`limit` is the most, or the least where `least`; None means that the row is only information."""

    limit: float | None
    least: bool = False
    unit: str = "×"

    def met_by(self, value):
        if self.limit is None:
            return None
        return value >= self.limit if self.least else value <= self.limit

    def __str__(self):
        return "" if self.limit is None else f"{'≥' if self.least else '≤'} {self.limit:g} {self.unit}"


@dataclass(frozen=True)
class Row:
    """One line of the table. Times in milliseconds; `value` is what the goal is about, with its 95 % interval."""

    work: str
    n: int
    product: float
    floor: float | None
    value: float
    low: float | None
    high: float | None
    goal: Goal
    memory: float | None = None

    @property
    def met(self):
        return {None: "", True: "met", False: "not met"}[self.goal.met_by(self.value)]


def interleave(works, *, seconds, seed=1, most=MOST_ROUNDS):
    """Run every work once a round, each round in another random order: {name: seconds of each round}.

    A block of one work after a block of another would measure the machine's mood; a round of both
    does not. The first round warms up and is not counted.
    """
    random = np.random.default_rng(seed)
    names = list(works)
    fewest = FEWEST_ROUNDS if seconds else TRIAL_ROUNDS
    taken = {name: [] for name in names}
    deadline = None
    while deadline is None or rounds(taken) < fewest or (time.perf_counter() < deadline and rounds(taken) < most):
        for place in random.permutation(len(names)):
            started = time.perf_counter()
            works[names[place]]()
            taken[names[place]].append(time.perf_counter() - started)
        if deadline is None:
            taken = {name: [] for name in names}
            deadline = time.perf_counter() + seconds
    return {name: np.array(times) for name, times in taken.items()}


def rounds(taken):
    return len(next(iter(taken.values())))


def ratio_of_medians(above, below, *, seed=1):
    """(ratio, low, high): the 95 % bootstrap interval resamples whole rounds."""
    random = np.random.default_rng(seed)
    chosen = random.integers(0, len(above), (RESAMPLES, len(above)))
    ratios = np.median(above[chosen], axis=1) / np.median(below[chosen], axis=1)
    low, high = np.quantile(ratios, [0.025, 0.975])
    return float(np.median(above) / np.median(below)), float(low), float(high)


def against(work, n, product, floor, goal, memory=None):
    """The row of two interleaved works. A goal of `least` asks how many times faster the product is."""
    above, below = (floor, product) if goal.least else (product, floor)
    value, low, high = ratio_of_medians(above, below)
    return Row(work, n, milliseconds(product), milliseconds(floor), value, low, high, goal, memory)


def alone(work, n, product, goal):
    """The row of a work that has a limit in milliseconds and no floor."""
    value = milliseconds(product)
    return Row(work, n, value, None, value, None, None, goal)


def milliseconds(times):
    return float(np.median(times)) * 1000


HEADINGS = ("work", "cases", "product ms", "floor ms", "measured", "95 % interval", "goal", "", "memory MB")


ALIGNED = (str.ljust, *[str.rjust] * 5, str.ljust, str.ljust, str.rjust)


def table(rows):
    """The rows as lines of text, columns aligned."""
    cells = [HEADINGS, *(cells_of(row) for row in rows)]
    widths = [max(len(line[place]) for line in cells) for place in range(len(HEADINGS))]

    def aligned(line):
        return "  ".join(ALIGNED[i](text, widths[i]) for i, text in enumerate(line)).rstrip()

    return [aligned(cells[0]), "  ".join("-" * width for width in widths), *map(aligned, cells[1:])]


def cells_of(row):
    return (
        row.work,
        f"{row.n:,}",
        number(row.product),
        number(row.floor),
        f"{number(row.value)} {row.goal.unit}",
        "" if row.low is None else f"{number(row.low)}–{number(row.high)}",
        str(row.goal),
        row.met,
        "" if row.memory is None else f"{row.memory:.0f}",
    )


def number(value):
    if value is None:
        return ""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def flat_rows(rows):
    """How much dearer each page is in the largest registry than in the smallest; not interleaved."""
    found = []
    for work in dict.fromkeys(row.work for row in rows if row.work.endswith("/ SQL alone")):
        same = sorted((row for row in rows if row.work == work), key=lambda row: row.n)
        if len(same) > 1:
            ratio = same[-1].product / same[0].product
            name = work.replace("/ SQL alone", f"/ at {same[0].n:,}")
            found.append(Row(name, same[-1].n, same[-1].product, same[0].product, ratio, None, None, Goal(1.5)))
    return found


RECOMPUTE = "W5 recompute"
RECOMPUTE_COLD = "W5 recompute, nothing kept"


def exponent_rows(rows):
    """By which power of the number of cases the recompute grows, from each size to the next."""
    return [
        Row(f"{name}, exponent", large.n, large.product, small.product,
            float(np.log(large.product / small.product) / np.log(large.n / small.n)), None, None, Goal(1.05, unit=""))
        for name in (RECOMPUTE, RECOMPUTE_COLD)
        for small, large in itertools.pairwise(of_sizes(rows, f"{name} / arrays and bincount"))
    ]  # fmt: skip


def of_sizes(rows, work):
    """The rows of one work from the smallest registry to the largest."""
    return sorted((row for row in rows if row.work == work), key=lambda row: row.n)
