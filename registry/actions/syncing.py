"""A case kept in step with another system: found by the number it has there, made where there is none, or changed."""

from django.db import connection, transaction

from registry import access
from registry.actions import cases, rows
from registry.actions.signing import check, signed
from registry.choices import Status
from registry.models import ExternalId

MADE, CHANGED, UNCHANGED = "made", "changed", "unchanged"


class SeveralCases(Exception):
    """More than one case that somebody may see has the number: `cases`."""

    def __init__(self, cases):
        super().__init__("Several of the cases you may see have this number.")
        self.cases = cases


def case_numbered(person, source, number):
    """The case that `person` may see with this number of `source`; None if there is none. Raises SeveralCases.

    A hidden case with the same number is as good as none: whether there is one cannot be told from the answer.
    """
    numbered = ExternalId.objects.filter(source=source, value=number).values("case")
    related = ("reporter", "owner", "reviewer", "realised_severity", "potential_severity")
    found = list(access.visible_to(person).filter(pk__in=numbered).select_related(*related).order_by("pk")[:20])
    if len(found) > 1:
        raise SeveralCases(found)
    return found[0] if found else None


@signed
def sync_case(*, by, at, source, number, version=None, submit=False, url=None, **values):
    """Make the case with this number, or give it `values` (see cases.EDITABLE and RELATED). Returns (case, outcome).

    What is not given stays. Where nothing differs nothing is written, and the version stays too. `submit` hands over
    what is still a draft. Raises Conflict if the case is not at `version`, SeveralCases as `case_numbered` does.
    """
    wait_for_turn(source, number)
    case = case_numbered(by, source, number)
    if case is None:
        case = cases.log_case(by=by, at=at, submit=submit, **values)
        kept = ExternalId(case=case, source=source, value=number, url=url or "")
        check(kept)
        kept.save(force_insert=True)
        return case, MADE
    before = rows.snapshot([case.pk])
    with transaction.atomic():
        changed = cases.edit_case(case=case, by=by, at=at, version=version, **values)
        if url is not None:
            ExternalId.objects.filter(case=case, source=source, value=number, imported__isnull=True).update(url=url)
        if submit and changed.status == Status.DRAFT:
            changed = cases.submit_case(case=changed, by=by, at=at)
        if rows.snapshot([case.pk]) != before:
            return changed, CHANGED
        transaction.set_rollback(True)
    return case, UNCHANGED


def wait_for_turn(source, number):
    """Two clients that bring the same number at once would both find it new."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s), hashtext(%s))", [f"sync {source}", number])
