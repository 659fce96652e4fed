"""S6: which pairs emerge since the run compared with."""

from dataclasses import dataclass, replace

import pytest

from registry.patterns.emerging import Emergence, emergence, emerging


@dataclass(frozen=True)
class Pair:
    state: str = "tested"
    flagged: bool = True
    joint: int = 9
    expected: float | None = 3.3
    first_flagged: int | None = 40
    first_supported: int | None = 38


PAIR = Pair()


@pytest.mark.parametrize(
    ("changes", "compared_with", "why"),
    [
        ({}, 39, Emergence.FLAGGED),
        ({}, 40, None),
        ({}, None, None),
        ({"flagged": False}, 39, None),
        ({"flagged": False}, 37, Emergence.SUPPORTED),
        ({"first_flagged": None}, 37, Emergence.SUPPORTED),
        ({"first_flagged": None, "first_supported": None}, 0, None),
        ({"flagged": False, "first_supported": 39}, 39, None),
        ({"flagged": False, "joint": 3, "expected": 3.0}, 37, None),
        ({"flagged": False, "expected": None}, 37, None),
        ({"state": "related"}, 37, None),
        ({"state": "too-few"}, 37, None),
    ],
)
def test_a_pair_emerges_when_first_flagged_or_first_supported_since(changes, compared_with, why):
    assert emergence(replace(PAIR, **changes), compared_with) == why


def test_pairs_newly_flagged_come_first_in_the_order_given():
    supported, also = replace(PAIR, flagged=False), replace(PAIR, flagged=False, joint=8)
    old = replace(PAIR, first_flagged=3, first_supported=3)
    second = replace(PAIR, joint=7)

    assert emerging([supported, PAIR, old, also, second], 37) == [
        (PAIR, Emergence.FLAGGED),
        (second, Emergence.FLAGGED),
        (supported, Emergence.SUPPORTED),
        (also, Emergence.SUPPORTED),
    ]


def test_in_the_first_run_nothing_emerges():
    assert emerging([PAIR], None) == []
