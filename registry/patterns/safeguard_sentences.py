"""What the statistics of safeguards say in words: plain sentences, no markup. What a rule hides is left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan

from .number_words import counted, listed
from .portfolio import MOST_MODES, MOST_TECHNIQUES
from .rules import Rules
from .sentences import q_words

NUMBERS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def number_words(n: int) -> str:
    """
    >>> number_words(3), number_words(0), number_words(11)
    ('three', 'none', '11')
    """
    return NUMBERS[n] if n < len(NUMBERS) else f"{n:,}"


def signed_words(number: float) -> str:
    """Two decimals, with a minus sign as long as a plus; a dash where it is undefined.

    >>> signed_words(0.6139), signed_words(-0.034), signed_words(-0.001), signed_words(float("nan"))
    ('0.61', '−0.03', '0.00', '–')
    """
    if isnan(number):
        return "–"
    return f"{abs(number):.2f}" if round(number, 2) >= 0 else f"−{abs(number):.2f}"


def alike_words(names: Sequence[str], n_techniques: int, n_open: int) -> str:
    """How many techniques share how many weaknesses, by the matrix.

    >>> alike_words(["RLHF", "RLAIF", "W2S"], 7, 5)
    'Three of the seven techniques (RLHF, RLAIF and W2S) are vulnerable to the same five failure modes.'
    """
    modes = "failure mode" if n_open == 1 else "failure modes"
    how_many = f"{number_words(len(names)).capitalize()} of the {number_words(n_techniques)} techniques"
    return f"{how_many} ({listed(list(names))}) are vulnerable to the same {number_words(n_open)} {modes}."


def recorded_words(n_events: int, n_all: int) -> str:
    """How many events tell what a safeguard made of them.

    >>> recorded_words(0, 106)
    'No event of the 106 counted says what a safeguard made of it.'
    >>> recorded_words(20, 2093)
    '20 of the 2,093 events counted say what a safeguard made of them.'
    """
    if n_events == 0:
        return f"No event of the {n_all:,} counted says what a safeguard made of it."
    say, them = ("says", "it") if n_events == 1 else ("say", "them")
    return f"{n_events:,} of the {n_all:,} events counted {say} what a safeguard made of {them}."


def family_words(qs: Sequence[float], n_flagged: int, rules: Rules) -> str:
    """How many pairs were tested, and whether any is flagged. `qs` are those of the tested ones.

    >>> family_words([0.1303, 0.93], 0, Rules())
    'No pair is flagged: the smallest q is 0.13 over 2 tests.'
    >>> family_words([0.02], 0, Rules())
    'No pair is flagged: the smallest q is 0.020 over 1 test, of misses that go apart, or too rarely together.'
    >>> family_words([0.04], 1, Rules())
    '1 pair is flagged at q below 0.1, over 1 test.'
    """
    if not qs:
        return (
            f"No pair is tested: that takes {rules.min_test_n} complete rows and {rules.min_support} misses of each,"
            " and neither may have missed every time."
        )
    tests = counted(len(qs), "test")
    if not n_flagged:
        why = ", of misses that go apart, or too rarely together" if min(qs) < rules.max_q else ""
        return f"No pair is flagged: the smallest {q_words(min(qs)).replace('=', 'is')} over {tests}{why}."
    pairs = "1 pair is" if n_flagged == 1 else f"{n_flagged:,} pairs are"
    return f"{pairs} flagged at q below {rules.max_q:g}, over {tests}."


def dependence_words(mean_phi: float, m: int, n: int) -> str:
    """What the effective layers rest on.

    >>> dependence_words(0.2631, 3, 18)
    'Mean correlation of misses φ 0.26 over 18 complete rows.'
    >>> dependence_words(-0.1, 3, 18)
    'Mean correlation of misses φ −0.10 over 18 complete rows: not above zero, so all 3 count. That is no finding.'
    """
    rows = counted(n, "complete row")
    if isnan(mean_phi):
        return f"No correlation is defined over {rows}: each layer missed always or never."
    words = f"Mean correlation of misses φ {signed_words(mean_phi)} over {rows}"
    return f"{words}." if mean_phi > 0 else f"{words}: not above zero, so all {m} count. That is no finding."


def behave_words(m: int, layers: float, n: int) -> str:
    """How many independent layers the ones that cases record amount to, after Kish.

    >>> behave_words(3, 1.9657, 18)
    'In the 18 events that tell of all three, three layers behave like about 2.0 independent ones.'
    """
    words = number_words(m)
    return (
        f"In the {n:,} events that tell of all {words}, {words} layers behave like about {layers:.1f} independent ones."
    )


def open_words(open_codes: Sequence[str], n_modes: int) -> str:
    """What a portfolio leaves open.

    >>> open_words(["DEC-AL", "AL-GEN"], 7), open_words([], 7)
    ('2 of 7 failure modes stay open: DEC-AL and AL-GEN', 'No failure mode stays open')
    """
    if not open_codes:
        return "No failure mode stays open"
    stay = "stays" if len(open_codes) == 1 else "stay"
    return f"{len(open_codes)} of {n_modes} failure modes {stay} open: {listed(list(open_codes))}"


def other_reading_words(first: Sequence[str], second: Sequence[str]) -> str:
    """The same where “uncertain” is read as vulnerable; `first` are the modes open where it is read as resistant.

    >>> other_reading_words(["DEC-AL"], ["DEC-AL"]), other_reading_words([], ["COLL"])
    ('The same if “uncertain” is read as vulnerable.', 'If “uncertain” is read as vulnerable, COLL stays open too.')
    """
    more = [code for code in second if code not in first]
    if not more:
        return "The same if “uncertain” is read as vulnerable."
    return f"If “uncertain” is read as vulnerable, {listed(more)} {'stays' if len(more) == 1 else 'stay'} open too."


@dataclass(frozen=True, slots=True)
class Portfolios:
    """Portfolios of one size by the names of their techniques: the first of them, and how many there are."""

    first: Sequence[Sequence[str]]
    n: int


def smallest_words(smallest: Portfolios, surviving: Portfolios, *, shown: int = 8) -> str:
    """The smallest portfolios that leave nothing open, and those of them that survive the other reading.

    >>> both = Portfolios([["RLHF", "Scientist AI"], ["RepE", "Scientist AI"]], 2)
    >>> smallest_words(both, Portfolios([["RepE", "Scientist AI"]], 1))
    'The smallest portfolio that leaves nothing open is two techniques: Scientist AI with RLHF or RepE. Only RepE \
with Scientist AI survives reading “uncertain” as vulnerable.'
    >>> smallest_words(Portfolios([["RLHF"]], 40), Portfolios([], 0), shown=1)
    'The smallest portfolio that leaves nothing open is one technique: RLHF or 39 more. None of that survives reading \
“uncertain” as vulnerable.'
    """
    if not smallest.n:
        return "Even all techniques together leave a failure mode open."
    size = len(smallest.first[0])
    words = f"{number_words(size)} {'technique' if size == 1 else 'techniques'}"
    return (
        f"The smallest portfolio that leaves nothing open is {words}: {_choices(smallest, shown)}."
        f" {_surviving(smallest, surviving, shown)}"
    )


def unworkable_words(n_techniques: int, n_modes: int) -> str:
    """Why the portfolios of a large matrix are not compared; empty where they are.

    >>> unworkable_words(60, 18)
    'The smallest portfolio is worked out for up to 200 techniques and 14 failure modes; this matrix has 60 and 18.'
    >>> unworkable_words(60, 14)
    ''
    """
    if n_techniques <= MOST_TECHNIQUES and n_modes <= MOST_MODES:
        return ""
    most = f"{MOST_TECHNIQUES} techniques and {MOST_MODES} failure modes"
    return f"The smallest portfolio is worked out for up to {most}; this matrix has {n_techniques:,} and {n_modes:,}."


def _choices(portfolios: Portfolios, shown: int) -> str:
    first = portfolios.first
    # What all have in common is known only where all are.
    always = [name for name in first[0] if all(name in each for each in first)] if portfolios.n == len(first) else []
    if len(first) > 1 and always:
        rest = [" and ".join(name for name in each if name not in always) for each in first]
        return f"{listed(always)} with {_first(rest, portfolios.n, shown)}"
    return _first([listed(list(each)) for each in first], portfolios.n, shown)


def _first(names: list[str], n: int, shown: int) -> str:
    more = n - min(len(names), shown)
    names = [*names[:shown], f"{more:,} more"] if more > 0 else names
    return " or ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _surviving(smallest: Portfolios, surviving: Portfolios, shown: int) -> str:
    if surviving.n == smallest.n:
        return "That survives reading “uncertain” as vulnerable."
    if not surviving.n:
        return "None of that survives reading “uncertain” as vulnerable."
    if surviving.n == 1:
        return f"Only {' with '.join(surviving.first[0])} survives reading “uncertain” as vulnerable."
    return f"Only {_choices(surviving, shown)} survive reading “uncertain” as vulnerable."


def overlap_words(pairs: Sequence[tuple[str, str, float]], mean: float, n_pairs: int) -> str:
    """How far the weaknesses of the chosen techniques overlap: the closest pairs against the average of all.

    >>> overlap_words([("RLAIF", "W2S", 1.0), ("RLHF", "RLAIF", 0.8333)], 0.366, 21)
    'The sets of weaknesses overlap by 1.00 (RLAIF and W2S) and 0.83 (RLHF and RLAIF), against 0.37 for the average of \
the 21 pairs.'
    """
    named = listed([f"{share:.2f} ({first} and {second})" for first, second, share in pairs])
    return f"The sets of weaknesses overlap by {named}, against {mean:.2f} for the average of the {n_pairs:,} pairs."


LIMITS = (
    ("Incidents only.", "These are misses among recorded incidents. Log near misses, or the layers look worse than"
     " they are."),
    ("Negative φ is no finding.", "Cases are chosen because something failed, which makes independent layers look"
     " opposed (Berkson)."),
    ("Small.", "Safeguards with fewer than 5 known outcomes are left out of joint misses and effective layers; a rate"
     " is shown from 5 outcomes upwards."),
    ("In place only.", "An outcome counts where the safeguard is recorded as in place. Partly stopped counts as"
     " missed. Reports of one event count once; missed wins over caught."),
    ("Complete rows.", "Layers are compared in events where the outcome of every one of them is known, so n differs."),
    ("Open cases only.", "Cases for a team or for named people are not counted, whoever reads."),
)  # fmt: skip
"""What to print beside the numbers."""
