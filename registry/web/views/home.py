"""The first page: what waits, and what moved."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from registry import access, owed
from registry.web import queues


@require_safe
def home(request):
    person, now = request.user, timezone.now()
    today = timezone.localdate(now)
    waits, n_waits = queues.waiting_for(person)
    run, moved = queues.what_moved()
    context = {
        "waits": waits,
        "n_waits": n_waits,
        "matrix": queues.triage_matrix(person, today),
        "oldest": queues.oldest_in_triage(person, today),
        "run": run,
        "moved": moved,
        "own_debt": owed.of_owner(person, at=now),
        "is_new": not access.visible_to(person).exists(),
    }
    return render(request, "home/home.html", context)
