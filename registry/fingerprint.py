"""What a text is made of, as a few numbers that near-duplicates have in common. Knows no database.

A band is the hash of a few words that stand close to one another, in any order: pairs in the title, triples in
the text. Kept are the smallest hashes of each (the MinHash sketch of the k minima), so two texts keep the same
bands of whatever they share, also when one is a third of the other, reordered, or has words replaced.
"""

import re
import unicodedata
import zlib
from functools import lru_cache

import numpy as np

# What is signed: the fields that say what happened. Analyses are written alike whatever happened.
SIGNED = ("title", "observed_behaviour")
# Measured on public incident reports with planted near-duplicates (docs/adr/0012).
TITLE_BANDS = 12
TEXT_BANDS = 24
STEM = 5
# Nobody types more than that before a hint is wanted; it bounds the work for the longest texts.
READ_CHARACTERS = 16_000
WORD = re.compile(r"\w+")
STOP_WORDS = frozenset(
    """
    a about after also an and any are as at be because been before being between both but by can could did do does
    during each for from had has have he her his how i if in into is it its made may more most no not of on only or
    other our out over same she should so some such than that the their them then there these they this those
    through to under up use used using via was we were what when where which while who whose will with would you your
    """.split()  # noqa: SIM905
)
TITLE_SEED, TEXT_SEED = 0x9E3779B1, 0x85EBCA6B


def sign(case):
    """Set the bands that follow from what the case says now."""
    case.text_bands = bands(*(getattr(case, name) for name in SIGNED))


def bands(title, text):
    """The bands of a title and a text, as sorted 32-bit integers; none for texts of one or two words."""
    pairs = _pairs(_hashes(title[:READ_CHARACTERS]))
    triples = _triples(_hashes(text[:READ_CHARACTERS]))
    kept = np.concatenate((_smallest(pairs ^ TITLE_SEED, TITLE_BANDS), _smallest(triples ^ TEXT_SEED, TEXT_BANDS)))
    return np.unique(kept).view(np.int32).tolist()


def words(text):
    """The words of a text that carry meaning, in order, in lower case."""
    folded = unicodedata.normalize("NFKC", text[:READ_CHARACTERS]).lower()
    return [word for word in WORD.findall(folded) if len(word) > 1 and word not in STOP_WORDS]


def stem(word):
    """“learn”, “learned” and “learning” are one word here, and so are “test” and “tests”."""
    return word[:STEM].rstrip("s") or word


def _hashes(text):
    return np.array([_hash(stem(word)) for word in words(text)], dtype=np.uint32)


@lru_cache(maxsize=50_000)
def _hash(word):
    return zlib.crc32(word.encode())


def _pairs(hashes):
    """Neighbours, and words with one other between them."""
    rows = [np.stack((hashes[:-step], hashes[step:])) for step in (1, 2) if len(hashes) > step]
    return _combined(np.concatenate(rows, axis=1)) if rows else hashes[:0]


def _triples(hashes):
    if len(hashes) < 3:
        return _pairs(hashes)
    return _combined(np.stack((hashes[:-2], hashes[1:-1], hashes[2:])))


def _combined(rows):
    """One hash for each column of `rows`, the same in whatever order its words stand; none where a word repeats."""
    rows = np.sort(rows, axis=0)
    rows = rows[:, (rows[1:] != rows[:-1]).all(axis=0)]
    mixed = rows[0]
    for row in rows[1:]:
        mixed = _mix(mixed * np.uint32(0x01000193) ^ row)
    return mixed


def _mix(values):
    """Spread every bit over all the others (32-bit finaliser)."""
    values = (values ^ (values >> np.uint32(16))) * np.uint32(0x45D9F3B)
    values = (values ^ (values >> np.uint32(16))) * np.uint32(0x45D9F3B)
    return values ^ (values >> np.uint32(16))


def _smallest(hashes, most):
    return np.unique(_mix(hashes.astype(np.uint32)))[:most]
