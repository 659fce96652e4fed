"""The array types that the statistics share, and numbers in and out of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Codes = NDArray[np.integer]
"""Whole numbers of any width: codes, lengths and weeks keep the width they were read with."""

Counted = int | Sequence[int] | NDArray[np.integer]
"""A count, or many: what a formula accepts."""


def finite(number: float | np.floating[Any]) -> float | None:
    """The number as it is kept and told: None where it is undefined or infinite.

    >>> finite(np.float64(1.5)), finite(float("nan")), finite(float("-inf"))
    (1.5, None, None)
    """
    return float(number) if math.isfinite(number) else None


def whole(*values: Counted) -> tuple[Ints, ...]:
    """The values as int64 arrays of one common shape. A value that is no whole number raises TypeError.

    >>> whole([3, 4], 10)
    (array([3, 4]), array([10, 10]))
    """
    arrays = [np.asarray(value) for value in values]
    for array in arrays:
        if array.size and not np.issubdtype(array.dtype, np.integer):
            raise TypeError(f"counts are whole numbers, not {array.dtype}")
    return tuple(np.broadcast_arrays(*(array.astype(np.int64) for array in arrays)))
