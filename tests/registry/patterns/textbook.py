"""Alpha, kappa and the lag of reports the long way round, straight from the formulas: slow, and independent."""

from collections import Counter
from fractions import Fraction
from itertools import permutations


def coincidence_matrix(units, weights=None):
    """o_ck of Krippendorff 2011 from the values of each unit; a unit of one value adds nothing."""
    matrix = Counter()
    for place, values in enumerate(units):
        for first, second in permutations(range(len(values)), 2):
            matrix[values[first], values[second]] += (weights[place] if weights else 1) / (len(values) - 1)
    return matrix


def slow_alpha(units, *, ordinal=False, weights=None):
    """Alpha of units, each a list of whole numbers; None where no two judgements differ."""
    matrix = coincidence_matrix(units, weights)
    margins = Counter()
    for (value, _), count in matrix.items():
        margins[value] += count
    n = sum(margins.values())

    def apart(c, k):
        if not ordinal:
            return float(c != k)
        low, high = min(c, k), max(c, k)
        between = sum(margins[g] for g in margins if low <= g <= high)
        return (between - (margins[c] + margins[k]) / 2) ** 2

    observed = sum(count * apart(c, k) for (c, k), count in matrix.items()) / n if n else 0
    pairs = sum(margins[c] * margins[k] * apart(c, k) for c in margins for k in margins if c != k)
    return None if not pairs else 1 - observed / (pairs / (n * (n - 1)))


def slow_kappa(pairs):
    """Cohen's kappa of (value of one, value of the other); None where chance would have them agree always."""
    n = len(pairs)
    first, second = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    observed = sum(one == other for one, other in pairs) / n
    chance = sum(first[value] * second[value] for value in first) / n**2
    return None if chance == 1 else (observed - chance) / (1 - chance)


def units_of(table):
    """The values of each column of a table of raters by units, where -1 is missing."""
    return [[int(value) for value in column if value >= 0] for column in zip(*table, strict=True)]


def slow_shares(triangle, fewest=10):
    """Share of cases reported within each whole number of weeks, by Lagakos, Barraj and De Gruttola 1988, one case
    after another: (shares up to the longest delay judged, cases used).
    """
    weeks = len(triangle)
    cases = [
        (week, delay)
        for week in range(weeks)
        for delay in range(weeks)
        for _ in range(triangle[week][delay])
        if week + delay < weeks - 1
    ]
    at_risk = {delay: sum(d <= delay and week + delay < weeks - 1 for week, d in cases) for delay in range(weeks - 1)}
    longest = max((delay for delay, n in at_risk.items() if n >= fewest), default=-1)
    shares, share = [1.0], Fraction(1)
    for delay in range(longest, 0, -1):
        if at_risk[delay]:
            share *= 1 - Fraction(sum(d == delay for _, d in cases), at_risk[delay])
        shares.insert(0, float(share))
    return (shares if longest >= 0 else []), sum(d <= longest for _, d in cases)
