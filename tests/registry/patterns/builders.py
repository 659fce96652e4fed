"""Small registries as the statistics read them, written by hand or drawn at random."""

from dataclasses import replace

import numpy as np
from hypothesis import settings

from registry.patterns.blocks import CaseBlock
from registry.patterns.shape import TaxonomyShape

# Forty examples find what a hundred do here; the machine may be busy with other tests, so no deadline.
quick = settings(max_examples=40, deadline=None)


def block_of(cases, weeks=None, groups=None, **columns):
    """A block of cases given as sets of node positions; by default all in week 0, each standing alone. `columns` are
    other columns of the block.
    """
    block = CaseBlock.of_labels(
        codes=np.array([code for case in cases for code in sorted(case)], dtype=np.int32),
        lengths=np.array([len(case) for case in cases], dtype=np.int32),
        weeks=np.array(weeks if weeks is not None else [0] * len(cases), dtype=np.int32),
        groups=np.array(groups if groups is not None else [-1] * len(cases), dtype=np.int32),
    )
    sources = {"sources": tuple(columns.pop("sources"))} if "sources" in columns else {}
    given = {name: np.array(values, dtype=np.int64) for name, values in columns.items()}
    return replace(block, **given, **sources)


def shape_of(*schemes, **pairs):
    """A taxonomy with as many nodes in each scheme as given, ids from 1; pairs as lists of id pairs."""
    scheme = np.repeat(np.arange(len(schemes)), schemes)
    arrays = {name: np.array(rows).reshape(-1, 2) for name, rows in pairs.items()}
    return TaxonomyShape(np.arange(1, len(scheme) + 1), scheme, len(schemes), **arrays)


def random_tables(rng, many, largest):
    """(joint, k_a, k_b, n) of random 2x2 tables with n up to `largest`, empty margins among them."""
    n = rng.integers(1, largest, many, endpoint=True)
    k_a, k_b = rng.integers(0, n + 1), rng.integers(0, n + 1)
    return rng.integers(np.maximum(0, k_a + k_b - n), np.minimum(k_a, k_b) + 1), k_a, k_b, n


def cells(joint, k_a, k_b, n):
    """One table as [[a, b], [c, d]]."""
    return np.array([[joint, k_a - joint], [k_b - joint, n - k_a - k_b + joint]])
