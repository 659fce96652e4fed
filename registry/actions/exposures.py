"""How much a system is used, month by month: recording it, correcting it, taking it back.

A record is as visible as its system, which is known to whoever may see a case that names it.
"""

import re
from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import Http404
from django.utils import timezone

from registry.actions import jobs
from registry.actions.signing import check, lock, save_changed, signed
from registry.models import Exposure
from registry.picking import SYSTEMS, seen

# Which system, month and unit a number is about is what it is found by, so that stays.
EDITABLE = ("amount", "source")
MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
EARLIEST = date(1950, 1, 1)
LARGEST = 2**63 - 1
MOST_AT_ONCE = 240
TAKEN = "The use in this month is recorded in this unit already."


def exposures_for(person):
    """The records about systems that some case `person` may see names."""
    return Exposure.objects.filter(system__in=seen(person, SYSTEMS))


def month_in(text):
    """The first day of the month that `text` writes as 2026-01; raises ValidationError.

    >>> month_in("2026-01")
    datetime.date(2026, 1, 1)
    """
    if not MONTH.fullmatch(text) or text < f"{EARLIEST:%Y-%m}":
        raise ValidationError(f"Write a month as 2026-01, {EARLIEST.year}-01 or later.", code="invalid")
    return date(int(text[:4]), int(text[5:]), 1)


def month_words(month):
    """`month` as it is written in forms and in the API."""
    return f"{month:%Y-%m}"


@signed
def record_exposure(*, system, month, unit, amount, source, by, at):
    """Record how much `system` was used in one month. Raises Http404 where `by` does not know the system."""
    _require(by, system)
    row = Exposure(system=system, month=month, unit=unit, amount=amount, source=source, created_at=at, updated_at=at)
    if problem := problem_of(row, at=at):
        raise ValidationError(problem)
    check(row)
    row.save(force_insert=True)
    jobs.leave_recompute(at=at)
    return row


@signed
def record_exposures(*, system, unit, source, amounts, by, at):
    """Record several months at once, or none of them. `amounts`: (month, amount) in order.

    Raises ValidationError whose `params` are {place in `amounts`: what is wrong with it}.
    """
    _require(by, system)
    shared = {"system": system, "unit": unit, "source": source, "created_at": at, "updated_at": at}
    rows = [Exposure(month=month, amount=amount, **shared) for month, amount in amounts]
    if not 0 < len(rows) <= MOST_AT_ONCE:
        raise ValidationError(f"Between one and {MOST_AT_ONCE} months at once.", code="length")
    if problems := problems_of(rows, at=at):
        raise ValidationError("Some months cannot be recorded.", code="rows", params=problems)
    for row in rows:
        check(row)
    Exposure.objects.bulk_create(rows)
    jobs.leave_recompute(at=at)
    return rows


@signed
def change_exposure(*, exposure, by, at, version, **values):
    """Correct the amount or where it comes from. Raises Conflict if somebody saved it since `version`."""
    if unknown := sorted(set(values) - set(EDITABLE)):
        raise TypeError(f"These are not changed: {', '.join(unknown)}.")
    _require(by, exposure.system)
    exposure = lock(exposure, version=version)
    for name, value in values.items():
        setattr(exposure, name, value)
    save_changed(exposure, at=at)
    jobs.leave_recompute(at=at)
    return exposure


@signed
def remove_exposure(*, exposure, by, at, version):
    """Take a record back; the history keeps what it said. Raises Conflict as a change does."""
    _require(by, exposure.system)
    lock(exposure, version=version).delete()
    jobs.leave_recompute(at=at)


def problem_of(row, *, at):
    """{field: what is wrong} with one record before it is kept, in words."""
    if row.month > timezone.localdate(at):
        return {"month": "This month has not begun."}
    if row.amount < 0 or row.amount > LARGEST:
        return {"amount": f"A whole number from 0 to {LARGEST:,}."}
    return {}


def problems_of(rows, *, at):
    """{place: what is wrong} with months of one system in one unit before they are kept together, in words."""
    if not rows:
        return {}
    months = [row.month for row in rows]
    recorded = Q(system=rows[0].system, unit=rows[0].unit, month__in=months)
    known, first = set(Exposure.objects.filter(recorded).values_list("month", flat=True)), {}
    problems = {}
    for place, row in enumerate(rows):
        words = " ".join(problem_of(row, at=at).values())
        if row.month in known:
            words = TAKEN
        elif first.setdefault(row.month, place) != place:
            words = "This month stands above already."
        if words:
            problems[place] = words
    return problems


def _require(by, system):
    if not seen(by, SYSTEMS).filter(pk=system.pk).exists():
        raise Http404
    if not by.may_label:
        raise PermissionDenied("Only analysts record how much a system is used.")
