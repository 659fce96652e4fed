"""Numbers as the sentences print them."""

from __future__ import annotations

import math

NARROW_SPACE = "\N{NARROW NO-BREAK SPACE}"


def plain(number: float) -> str:
    """As many digits as tell: two, but all those before the point.

    >>> [plain(number) for number in (0.042, 0.8, 2.14, 9.96, 410.0, 8_400_000, float("inf"))]
    ['0.042', '0.80', '2.1', '10', '410', '8,400,000', '∞']
    """
    if math.isinf(number):
        return "∞"
    if abs(number) >= 9.95:
        return f"{number:,.0f}"
    if abs(number) >= 0.995:
        return f"{number:.1f}"
    return f"{number:.2f}" if abs(number) >= 0.095 else f"{number:.2g}"


def percent(share: float) -> str:
    """
    >>> percent(0.1667)
    '17\\u202f%'
    """
    return f"{100 * share:.0f}{NARROW_SPACE}%"


def between(low: float, high: float) -> str:
    """
    >>> between(0.31, 12.4)
    '0.31–12'
    """
    return f"{plain(low)}–{plain(high)}"


def p_words(p: float) -> str:
    """
    >>> p_words(0.0004), p_words(0.0217), p_words(0.4)
    ('p < 0.001', 'p = 0.022', 'p = 0.40')
    """
    if p < 0.001:
        return "p < 0.001"
    return f"p = {p:.3f}" if p < 0.0995 else f"p = {p:.2f}"


def counted(n: int, one: str, many: str = "") -> str:
    """
    >>> counted(1, "case"), counted(2000, "case"), counted(0, "category", "categories")
    ('1 case', '2,000 cases', '0 categories')
    """
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def listed(names: list[str]) -> str:
    """
    >>> listed(["Alpha"]), listed(["Alpha", "Beta"]), listed(["Alpha", "Beta", "Gamma"])
    ('Alpha', 'Alpha and Beta', 'Alpha, Beta and Gamma')
    """
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
