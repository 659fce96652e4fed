"""The worked example of twenty cases with four safeguards: 1 missed, 0 caught, - unknown."""

NAMES = ("rlhf", "ai_judge", "red_team", "monitor")
ROWS = (
    "1110", "1100", "1111", "0010", "1100", "1110", "0101", "1111", "0001", "1100",
    "1010", "0010", "1110", "1101", "0001", "1110", "0110", "1111", "-100", "1-10",
)  # fmt: skip


def column(name):
    return [row[NAMES.index(name)] for row in ROWS]


def table(first, second):
    """(joint, k_a, k_b, n) of two safeguards over the cases in which both outcomes are known."""
    known = [(x, y) for x, y in zip(column(first), column(second), strict=True) if "-" not in (x, y)]
    return (
        sum(pair == ("1", "1") for pair in known),
        sum(x == "1" for x, _ in known),
        sum(y == "1" for _, y in known),
        len(known),
    )
