"""A date as exact as somebody knows it: a day, a month, a year, or unknown."""

import calendar
import re
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError

from registry.choices import Precision

EARLIEST, LATEST = 1900, 2100
MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
MONTHS |= {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name} | {"sept": 9}
WRITTEN = (
    (re.compile(r"^(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})$"), Precision.DAY),
    (re.compile(r"^(?P<day>[0-9]{1,2})[./](?P<month>[0-9]{1,2})[./](?P<year>[0-9]{4})$"), Precision.DAY),
    (re.compile(r"^(?P<day>[0-9]{1,2})\.? (?P<name>[a-z]+)\.?,? (?P<year>[0-9]{4})$"), Precision.DAY),
    (re.compile(r"^(?P<name>[a-z]+)\.? (?P<day>[0-9]{1,2}),? (?P<year>[0-9]{4})$"), Precision.DAY),
    (re.compile(r"^(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})$"), Precision.MONTH),
    (re.compile(r"^(?P<month>[0-9]{1,2})/(?P<year>[0-9]{4})$"), Precision.MONTH),
    (re.compile(r"^(?P<name>[a-z]+)\.?,? (?P<year>[0-9]{4})$"), Precision.MONTH),
    (re.compile(r"^(?P<year>[0-9]{4})$"), Precision.YEAR),
)
FINENESS = (Precision.YEAR, Precision.MONTH, Precision.DAY)
HOW = "Write it like 12 Nov 2026, November 2026 or 2026."


@dataclass(frozen=True)
class Written:
    """A date as it was written: its first day, its last, and how exact it is."""

    first: date
    last: date
    precision: str


def parse(text):
    """The Written in `text`. ValidationError in words for a date that cannot be, or cannot be read."""
    text = " ".join(text.lower().split())
    for pattern, precision in WRITTEN:
        if found := pattern.match(text):
            parts = found.groupdict()
            return made(parts, int(parts["year"]), month_of(parts), precision)
    raise ValidationError(HOW, code="unreadable")


def month_of(parts):
    if "name" in parts:
        if parts["name"] not in MONTHS:
            raise ValidationError(f"There is no month “{parts['name']}”. {HOW}", code="no_month")
        return MONTHS[parts["name"]]
    return int(parts["month"]) if parts.get("month") else 1


def made(parts, year, month, precision):
    if not EARLIEST <= year <= LATEST:
        raise ValidationError(f"The year lies between {EARLIEST} and {LATEST}.", code="year")
    if not 1 <= month <= 12:
        raise ValidationError(f"There is no month {month}.", code="no_month")
    length = calendar.monthrange(year, month)[1]
    day = int(parts.get("day") or 1)
    if not 1 <= day <= length:
        name = calendar.month_name[month] + (f" {year}" if month == 2 else "")
        message = f"{name} has {length} days. Correct the day, or choose Month if you are not sure."
        raise ValidationError(message, code="no_day")
    first = date(year, month, day)
    last = {
        Precision.DAY: first,
        Precision.MONTH: date(year, month, length),
        Precision.YEAR: date(year, 12, 31),
    }[precision]
    return Written(first, last, precision)


def coarser(*precisions):
    """The least exact of several precisions."""
    return min(precisions, key=FINENESS.index)


def rounded(day, precision, *, to_end=False):
    """`day` widened to its month or year, as it is stored: the first day, or the last with `to_end`."""
    year, month = day.year, day.month
    if precision == Precision.DAY:
        return day
    if precision == Precision.MONTH:
        return date(year, month, calendar.monthrange(year, month)[1] if to_end else 1)
    return date(year, 12, 31) if to_end else date(year, 1, 1)


def in_words(day, precision):
    """A stored date as one would type it: 12 Nov 2026, Nov 2026 or 2026."""
    if day is None:
        return ""
    return {
        Precision.DAY: f"{day.day} {day:%b %Y}",
        Precision.MONTH: f"{day:%b %Y}",
        Precision.YEAR: f"{day.year}",
    }[precision]
