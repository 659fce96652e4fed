"""The access matrix: every route × role × {own, another's, restricted} and the status that is expected."""

from tests.api.matrix import case_parts, cases, feed, knowledge, own, people, work
from tests.api.matrix.rows import OTHERS, OWN, RESTRICTED, ROLES, WHOSE, Row

FAMILIES = (people, own, cases, case_parts, work, knowledge, feed)


def collected(name):
    return {row: found for family in FAMILIES for row, found in getattr(family, name, {}).items()}


ABOUT_A_CASE, ABOUT_A_THING, ELSEWHERE = (collected(n) for n in ("ABOUT_A_CASE", "ABOUT_A_THING", "ELSEWHERE"))
EVERY = {**ABOUT_A_CASE, **ABOUT_A_THING, **ELSEWHERE}
PAGES = collected("PAGES")


def things(whose, caller, case=None):
    """Everything that may stand in an address beside the case."""
    made = [family.things(whose, caller, case) for family in FAMILIES if hasattr(family, "things")]
    return {name: value for each in made for name, value in each.items()}


__all__ = [
    "ABOUT_A_CASE",
    "ABOUT_A_THING",
    "ELSEWHERE",
    "EVERY",
    "OTHERS",
    "OWN",
    "PAGES",
    "RESTRICTED",
    "ROLES",
    "WHOSE",
    "Row",
    "things",
]
