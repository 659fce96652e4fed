"""The small-sample rules: what is tested, what is shown, what is flagged. All settings, printed with the numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from .arrays import Flags, Floats, Ints


@dataclass(frozen=True, slots=True)
class Rules:
    """Thresholds of one run.

    min_rate_n   fewest cases behind a rate that is shown
    min_joint    fewest joint cases behind a lift or Jaccard that is shown, and behind a flag
    min_test_n   fewest cases in a table that is tested
    min_support  fewest cases of each label in a table that is tested, and of a label whose trend is tested
    max_q        a flag needs q below this
    """

    min_rate_n: int = 5
    min_joint: int = 3
    min_test_n: int = 10
    min_support: int = 5
    max_q: float = 0.10

    def __post_init__(self) -> None:
        if min(self.min_rate_n, self.min_joint, self.min_test_n, self.min_support) < 1:
            raise ValueError("the small-sample thresholds are at least 1")
        if not 0 < self.max_q <= 1:
            raise ValueError("the threshold of q lies above 0 and at most at 1")

    @classmethod
    def kept(cls, values: Mapping[str, Any]) -> Rules:
        """The rules as a run keeps them, among its sentences and whatever an earlier version kept.

        >>> Rules.kept({"min_joint": 4, "sentences": []}).min_joint
        4
        """
        known = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in values.items() if name in known})

    def sentences(self) -> tuple[str, ...]:
        """The rules in words, one sentence each, for printing beside the numbers.

        >>> Rules().sentences()[0]
        'Counts are always shown; a rate only from 5 cases upwards, with its 95 % interval.'
        """
        return (
            f"Counts are always shown; a rate only from {self.min_rate_n} cases upwards, with its 95 % interval.",
            f"Lift and Jaccard are hidden below {self.min_joint} joint cases.",
            f"A pair is tested only if both schemes were applied to at least {self.min_test_n} cases, each label"
            f" is present in at least {self.min_support} of them and neither is present in all.",
            f"A pair is flagged only if q is below {self.max_q:g}, at least {self.min_joint} cases carry both"
            " labels and the interval of the odds ratio lies above 1.",
            "A pair found together less often than expected is shown apart and never flagged: where a case is"
            " recorded because something failed, independent causes look opposed (Berkson). For a flag q must be"
            f" below {self.max_q:g} with such pairs counted as no discovery, too.",
            f"A trend is tested only if at least {self.min_test_n} cases, {self.min_support} of them with the"
            " label, fall into the weeks compared; it is flagged only if q is below"
            f" {self.max_q:g}, its larger count is at least {self.min_joint} and its interval excludes 1.",
        )

    def rate_hidden(self, n: Ints) -> Flags:
        """Where a rate of n cases rests on too few."""
        return n < self.min_rate_n

    def ratios_hidden(self, joint: Ints) -> Flags:
        """Where lift and Jaccard rest on too few joint cases."""
        return joint < self.min_joint

    def testable(self, k_a: Ints, k_b: Ints, n: Ints) -> Flags:
        """Tables large enough to be tested. Judged by their margins alone, which the exact test takes as given:
        leaving tables out by their joint count would bias the family.
        """
        supported = np.minimum(k_a, k_b) >= self.min_support
        return supported & (np.maximum(k_a, k_b) < n) & (n >= self.min_test_n)

    def trend_testable(self, k: Ints, n: int) -> Flags:
        """Labels with k of the n cases of the weeks compared, where that is enough for a test."""
        return (k >= self.min_support) & (n >= self.min_test_n)

    def flagged(self, q: Floats, joint: Ints, low: Floats) -> Flags:
        """What is called a pattern: q, joint count and interval must all agree. An untested pair (q NaN) never is.

        Only labels that attract each other: `low`, the lower end of the odds ratio's interval, lies above 1. Of
        labels that avoid each other see `fewer`. `q` is `multiplicity.attracting_q`, so that at most a share of
        `max_q` of what is flagged is expected to be false.
        """
        return (q < self.max_q) & (joint >= self.min_joint) & (low > 1)

    def fewer(self, q: Floats, high: Floats) -> Flags:
        """Pairs found together less often than expected, by more than chance. No finding, and never flagged: cases
        are recorded because something failed, and among those independent causes look opposed.

        Source: J. Berkson, Limitations of the application of fourfold table analysis to hospital data, Biometrics
        Bulletin 2 (1946), 47-53.
        """
        return (q < self.max_q) & (high < 1)

    def trend_flagged(self, q: Floats, larger: Ints, low: Floats, high: Floats) -> Flags:
        """Labels that rise or fall: `larger` is the larger of the two counts, (low, high) the rate ratio's interval.

        An untested label (q NaN) never is.
        """
        return (q < self.max_q) & (larger >= self.min_joint) & ((low > 1) | (high < 1))
