"""What one was told, and who hears of a case."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from registry import access
from registry.actions import notifications, watching
from registry.web import hearing, notices
from registry.web.numbers import page_asked


@require_safe
def notification_list(request):
    page = page_asked(request.GET.get("page"))
    return render(request, "notices/list.html", notices.context(request.user, page))


@require_POST
def mark_seen(request):
    """All of it, or what was told of one case."""
    reference = request.POST.get("case", "")
    case = access.case_for(request.user, reference) if reference else None
    notifications.mark_seen(person=request.user, at=timezone.now(), case=case)
    if not request.htmx:
        return redirect("notifications")
    if case is None:
        return render(request, "notices/_list.html", notices.context(request.user) | {"all_seen": True})
    context = {"one": notices.one(request.user, case), "n_news": notices.n_news(request.user), "fresh": True}
    return render(request, "notices/_seen.html", context)


@require_POST
def hear(request, reference):
    """Hear of a case from now on, or not."""
    case = access.case_for(request.user, reference)
    wanted = request.POST.get("hear") != "0"
    watching.hear_of_case(case=case, by=request.user, at=timezone.now(), watching=wanted)
    if request.htmx:
        return render(
            request, "notices/_hearing.html", {"case": case, "acted": True, **hearing.context(request.user, case)}
        )
    if wanted:
        messages.success(request, f"You hear of what happens in {case.reference}.")
    else:
        messages.success(request, f"You hear nothing of {case.reference} any more, unless somebody names you.")
    return redirect(case)
