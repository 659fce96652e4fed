"""The page of one case, and its whole history."""

from datetime import datetime

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from registry import access, owed
from registry.actions import notifications
from registry.blind import is_blind
from registry.choices import Right
from registry.web import case_page as prepared
from registry.web.history import PER_PAGE, history_of


@require_safe
def case_page(request, reference):
    case = access.case_for(request.user, reference)
    now = timezone.now()
    if request.method == "GET":
        notifications.mark_seen(person=request.user, at=now, case=case)
    context = prepared.context(request.user, case, today=timezone.localdate(now))
    owes = owed.of_case(request.user, case, at=now, blind=context["blind"])
    return render(request, "case/page.html", context | owes)


@require_safe
def case_history(request, reference):
    case = access.case_for(request.user, reference)
    before = time_in(request.GET.get("before", ""))
    blind = is_blind(request.user, case)
    entries, older = history_of(case, reader=request.user, blind=blind, before=before, limit=PER_PAGE)
    context = {"case": case, "entries": entries, "older": older, "blind": blind, "before": before}
    context["may_edit"] = access.may(request.user, Right.EDIT, case)
    return render(request, "case/history.html", context)


def time_in(text):
    """The time in an address; None where there is none to be read."""
    try:
        found = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=timezone.get_current_timezone())
