"""Changing many cases at once: asked for in one piece, done and told case by case, taken back where there is a way.

Every case is a transaction of its own. Whatever dies half-way, the rows that are done are done, the rest still
wait, and the job that was left with the request goes on from there.
"""

from datetime import timedelta

import pghistory
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import OperationalError, transaction
from django.db.models import Count
from django.http import Http404

from registry import access
from registry.actions import jobs
from registry.actions.bulk_changes import DO, UNDO, Kept, Unchanged, has_way_back, meant_by
from registry.actions.signing import Conflict, check, signed
from registry.choices import BulkAction, BulkOutcome, JobKind
from registry.models import BulkChange, BulkChangeRow, EventGroup

MOST_AT_ONCE = 5_000
IN_REQUEST = 100
# A short change is made by the request itself; its job comes later, to finish what a dead request has left.
HEAD_START = timedelta(minutes=1)
ROWS_BETWEEN_REPORTS = 10
REFUSED = (ValidationError, PermissionDenied, Conflict, Http404)
# Lock not available, deadlock: somebody else is at the same case.
BUSY = frozenset({"55P03", "40P01"})
NOT_FOUND = "There is no such case any more that you may see."
NO_RIGHT = "Only analysts change many cases at once."


def may_change_many(person):
    return person.is_active and person.may_label


@signed
def ask(*, by, at, action, arguments, numbers):
    """Record that `by` wants the cases with these primary keys changed, and leave the work to be done.

    ValidationError if one of them is not there for `by`: what is changed must be what was counted.
    """
    if not may_change_many(by):
        raise PermissionDenied(NO_RIGHT)
    numbers = list(dict.fromkeys(numbers))
    require_some(numbers)
    if access.visible_to(by).filter(pk__in=numbers).count() != len(numbers):
        raise ValidationError("Some of these cases are not there any more. Look at the list again.", code="gone")
    change = BulkChange(action=action, arguments=with_event_group(arguments), asked_by=by, asked_at=at)
    check(change)
    change.save(force_insert=True)
    BulkChangeRow.objects.bulk_create([BulkChangeRow(change=change, case_id=number) for number in numbers])
    leave_work(change, len(numbers), at=at, by=by)
    return change


def require_some(numbers):
    """ValidationError unless there are as many as can be changed at once."""
    if not numbers:
        raise ValidationError("Choose at least one case.")
    if len(numbers) > MOST_AT_ONCE:
        raise ValidationError(f"At most {MOST_AT_ONCE:,} cases are changed at once; these are {len(numbers):,}.")


def with_event_group(arguments):
    """The arguments with a new event group made where they name one."""
    name = arguments.get("new_event_group")
    if not name:
        return arguments
    group = EventGroup(name=name)
    check(group)
    group.save(force_insert=True)
    return {"event_group": group.pk}


def leave_work(change, n_rows, *, at, by, undo=False):
    key = f"{change.pk}:undo" if undo else str(change.pk)
    later = at + HEAD_START if n_rows <= IN_REQUEST else at
    jobs.leave(kind=JobKind.BULK, at=later, key=key, payload={"change": change.pk, "undo": undo}, by=by)


@signed
def ask_undo(*, change, by, at):
    """Record that a finished change is to be taken back by whoever made it, and leave the work to be done."""
    change = BulkChange.objects.select_for_update().get(pk=change.pk)
    if change.asked_by_id != by.pk or not may_change_many(by):
        raise PermissionDenied("Only whoever made a change takes it back.")
    if change.finished_at is None:
        raise ValidationError("The change is still being made. Wait until it is done.")
    if change.undone_at is not None:
        raise ValidationError("The change was taken back already.")
    n_rows = change.rows.filter(outcome=BulkOutcome.DONE).count()
    if not n_rows or not has_way_back(change):
        raise ValidationError("There is nothing here that can be taken back.")
    change.undone_at, change.undone_by = at, by
    change.save(update_fields=["undone_at", "undone_by"])
    leave_work(change, n_rows, at=at, by=by, undo=True)
    return change


@signed
def go_on(*, change, by, at):
    """Leave the work of a change again whose job has died; what is done stays done."""
    if change.asked_by_id != by.pk:
        raise PermissionDenied("Only whoever made a change goes on with it.")
    key = f"{change.pk}:undo" if change.undone_at else str(change.pk)
    jobs.leave(kind=JobKind.BULK, at=at, key=key, payload={"change": change.pk, "undo": bool(change.undone_at)}, by=by)


def fits_in_request(change):
    return len(change.rows.all()[: IN_REQUEST + 1]) <= IN_REQUEST


def run(*, job, at, report):
    """Do the work that a job holds, or what is left of it; its result. `report(percent)` says whether to go on."""
    change = BulkChange.objects.select_related("asked_by").get(pk=job.payload["change"])
    work = take_back if job.payload.get("undo") else carry_out
    work(change=change, at=at, report=report)
    return {"change": change.pk}


def carry_out(*, change, at, report=None):
    """Change the cases that still wait. Safe to run twice, also at once; rights are asked anew for every case."""
    if not may_change_many(change.asked_by):
        change.rows.filter(outcome=BulkOutcome.WAITING).update(outcome=BulkOutcome.REFUSED, message=NO_RIGHT)
    else:
        meant = meant_by(change)
        each_row(change, BulkOutcome.WAITING, report, lambda row: do_row(row, meant, at=at))
    BulkChange.objects.filter(pk=change.pk, finished_at=None).exclude(rows__outcome=BulkOutcome.WAITING).update(
        finished_at=at
    )
    change.refresh_from_db()


def take_back(*, change, at, report=None):
    """Put back the cases that are still as the change left them."""
    if not may_change_many(change.asked_by):
        change.rows.filter(outcome=BulkOutcome.DONE).update(outcome=BulkOutcome.KEPT, message=NO_RIGHT)
        return
    each_row(change, BulkOutcome.DONE, report, lambda row: undo_row(row, at=at))


def each_row(change, outcome, report, work):
    """Call `work` for every row with this outcome, each in a transaction of its own, held against other workers."""
    numbers = list(change.rows.filter(outcome=outcome).order_by("pk").values_list("pk", flat=True))
    for done, number in enumerate(numbers, start=1):
        with transaction.atomic(), pghistory.context(bulk_change=change.pk, reason=name_of(change)):
            row = (
                BulkChangeRow.objects.select_for_update(of=("self",), skip_locked=True)
                .select_related("change__asked_by")
                .filter(pk=number, outcome=outcome)
                .first()
            )
            if row:
                work(row)
                row.save(update_fields=["outcome", "message", "before", "after"])
        if report and done % ROWS_BETWEEN_REPORTS == 0 and not report(min(99, 100 * done // len(numbers))):
            return


def name_of(change):
    return f"Bulk change {change.pk}"


def do_row(row, meant, *, at):
    by = row.change.asked_by
    try:
        with transaction.atomic():
            case = held(row.case_id, by)
            words, before, after = DO[BulkAction(row.change.action)](case, meant, by, at, name_of(row.change))
    except Unchanged as same:
        row.outcome, row.message = BulkOutcome.UNCHANGED, str(same)
    except REFUSED as error:
        row.outcome, row.message = BulkOutcome.REFUSED, in_words(error)
    except OperationalError as error:
        row.outcome, row.message = BulkOutcome.REFUSED, busy(error)
    else:
        row.outcome, row.message, row.before, row.after = BulkOutcome.DONE, words, before, after


def undo_row(row, *, at):
    by = row.change.asked_by
    reason = f"{name_of(row.change)} taken back"
    try:
        with transaction.atomic(), pghistory.context(reason=reason):
            UNDO[BulkAction(row.change.action)](held(row.case_id, by), row, by, at, reason)
    except Kept as kept:
        row.outcome, row.message = BulkOutcome.KEPT, str(kept)
    except REFUSED as error:
        row.outcome, row.message = BulkOutcome.KEPT, in_words(error)
    except OperationalError as error:
        row.outcome, row.message = BulkOutcome.KEPT, busy(error)
    else:
        row.outcome, row.message = BulkOutcome.UNDONE, ""


def held(number, by):
    """The case, locked before it is read, if `by` may see it; otherwise as if there were none."""
    case = access.visible_to(by).select_for_update(of=("self",)).filter(pk=number).first()
    if case is None:
        raise Http404
    return case


def busy(error):
    """Words for a case that somebody else holds; the error itself is raised again where it is none of that."""
    if getattr(error.__cause__, "sqlstate", "") not in BUSY:
        raise error
    return "Somebody else is saving this case at this moment."


def in_words(error):
    if isinstance(error, Http404):
        return NOT_FOUND
    if isinstance(error, ValidationError):
        return " ".join([*error.messages, *(missing.message for missing in getattr(error, "missing", ()))])
    return str(error)


def outcomes(change):
    """{outcome: number of rows}, every outcome named."""
    counted = change.rows.order_by().values_list("outcome").annotate(n=Count("pk"))
    return dict.fromkeys(BulkOutcome.values, 0) | dict(counted)


def event_groups_seen(person):
    """The event groups of the cases `person` may see; another group is not theirs to know of."""
    seen = access.visible_to(person).exclude(event_group=None).values("event_group")
    return EventGroup.objects.filter(pk__in=seen).order_by("name", "pk")


def statuses(person, numbers):
    """{status: how many} of these cases."""
    cases = access.visible_to(person).filter(pk__in=numbers)
    return dict(cases.order_by().values_list("status").annotate(n=Count("pk")))
