"""What a row of the access matrix is.

A family of routes has a module here with any of

ABOUT_A_CASE   {Row: statuses for {own, another's, restricted}}, each by role in the order of ROLES. `{case}` in an
               address is a case that the caller reported, that somebody else did, or that is for named people only
ABOUT_A_THING  the same for what belongs to a person; `things` makes it
ELSEWHERE      {Row: statuses by role} for routes about neither
things         function (whose, caller, case) → what else stands in addresses in braces, by name; `whose` is one of
               OWN, OTHERS, RESTRICTED, and `case` is None unless the row is about one
PAGES          {route name: status without signing in} for pages that people open
"""

from dataclasses import dataclass

from registry.choices import Role

ROLES = (Role.READER, Role.REPORTER, Role.ANALYST, Role.REVIEWER, Role.ADMINISTRATOR)
OWN, OTHERS, RESTRICTED = "own", "another's", "restricted"
WHOSE = (OWN, OTHERS, RESTRICTED)
ALL, GONE = (200,) * 5, (404,) * 5
REASON = '{"reason": "Because."}'


class Made:
    """Something in an address that is made when a row names it, so that it does not stand in the way of others."""

    def __init__(self, make):
        self.make = make

    def __format__(self, specification):
        return str(self.make())


@dataclass(frozen=True)
class Row:
    """One request: `body` as JSON, `match` as If-Match, both left out where None."""

    name: str
    method: str
    address: str
    body: str | None = None
    match: str | None = "*"

    def __str__(self):
        return f"{self.method} {self.address}"
