"""Deciding between raters, and letting them speak again."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from registry import access, blind
from registry.actions import labels, ratings
from registry.actions.signing import Conflict
from registry.choices import Right
from registry.web.adjudication_page import (
    adjudication_context,
    decisions_in,
    disputes_of,
    place_errors,
    read,
)
from registry.web.case_page import other_raters

DECIDED_SINCE = (
    "Somebody decided on one of these labels while you were writing. Nothing of yours is recorded yet: read it below, "
    "then record yours again if it still holds."
)
NOTHING = "Say of at least one label whether it applies."


@require_http_methods(["GET", "HEAD", "POST"])
def adjudicate(request, reference):
    case = access.case_for(request.user, reference, to=Right.REVIEW)
    if blind.is_blind(request.user, case):
        return not_open(request, case)
    disputes = disputes_of(case, also=request.GET.get("node", ""))
    if request.method != "POST":
        return render(request, "case/adjudicate.html", adjudication_context(case, disputes))
    if not read(disputes, request.POST):
        problem = "" if any(each.errors for each in disputes) else NOTHING
        return shown_again(request, case, disputes, problem=problem)
    try:
        labels.adjudicate_labels(case=case, by=request.user, at=timezone.now(), **decisions_in(disputes))
    except Conflict:
        return decided_since(request, case)
    except ValidationError as error:
        place_errors(disputes, error)
        return shown_again(request, case, disputes)
    n = sum(bool(each.answer) for each in disputes)
    messages.success(request, f"{n} decision{'' if n == 1 else 's'} recorded, whatever raters say later.")
    return redirect(f"{case.get_absolute_url()}#classification")


def not_open(request, case):
    context = {
        "case": case,
        "n_others": other_raters(request.user, case),
        "holds": ratings.holds_labels(case, request.user),
    }
    return render(request, "case/adjudicate_blind.html", context)


def shown_again(request, case, disputes, *, problem="", status=422):
    return render(request, "case/adjudicate.html", adjudication_context(case, disputes, problem=problem), status=status)


def decided_since(request, case):
    """What stands now, with what the reviewer typed; pressing again replaces it."""
    disputes = disputes_of(case, also=request.GET.get("node", ""))
    now = {each.node.pk: each.seen for each in disputes}
    read(disputes, request.POST)
    for each in disputes:
        each.seen = now[each.node.pk]
    return shown_again(request, case, disputes, problem=DECIDED_SINCE, status=409)


@require_POST
def withdraw(request, reference, number):
    case = access.case_for(request.user, reference, to=Right.REVIEW)
    decision = case.adjudications.filter(pk=min(number, 2**31 - 1)).select_related("node__scheme").first()
    if decision is None:
        raise Http404
    reason = request.POST.get("reason", "").replace("\x00", "")[:1000]
    try:
        labels.withdraw_adjudication(case=case, node=decision.node, by=request.user, at=timezone.now(), reason=reason)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, f"The decision on “{decision.node}” is withdrawn: what held without it holds again.")
    return redirect("case-adjudicate", case.reference)
