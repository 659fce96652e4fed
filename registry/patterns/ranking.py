"""The order in which patterns are shown: by an effect that small tables cannot inflate.

The effect is the end of the odds ratio's interval nearest to 1, on the logarithmic scale, and 0 where the interval
contains 1. Of the two usual choices the other, empirical Bayes, learns a common spread from all pairs; here pairs
share nodes and ancestors, so that spread is not theirs, and a rank would move when an unrelated pair is added. The
near end needs no model, is the very number printed beside the pair, and shrinks small tables for being small.
"""

from __future__ import annotations

import numpy as np

from .arrays import Floats, Ints


def shrunken_effect(low: Floats, high: Floats) -> Floats:
    """Natural logarithm of the interval's near end; above 0 for labels that attract, below 0 for labels that avoid
    each other, 0 where the interval (low, high) of the odds ratio contains 1.

    >>> shrunken_effect(np.array([1.5, 0.5, 0.1]), np.array([9.0, 2.0, 0.4])).round(4)
    array([ 0.4055,  0.    , -0.9163])
    """
    return np.maximum(np.log(low), 0.0) + np.minimum(np.log(high), 0.0)


def ranked(effect: Floats, p: Floats) -> Ints:
    """Positions from the labels that attract each other most to those that avoid each other most, which among
    failures are no finding; equal ones by p, untested last, then in the order given.

    >>> ranked(np.array([0.0, -0.9, 0.4, 0.0]), np.array([np.nan, 0.01, 0.02, 0.5]))
    array([2, 3, 0, 1])
    """
    # lexsort is stable, sorts by its last key first and puts NaN last.
    return np.lexsort((p, -effect))
