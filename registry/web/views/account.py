"""A person's own page."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from registry.actions import people
from registry.choices import Role

RIGHTS = {
    Role.READER: "You read open cases and those you are named on.",
    Role.REPORTER: "You log cases and change your own until somebody takes them on.",
    Role.ANALYST: "You log, label and analyse cases.",
    Role.REVIEWER: "You label, analyse, approve and return cases.",
    Role.ADMINISTRATOR: "You do everything a reviewer does, and keep people and vocabularies in order.",
}


@require_safe
def me(request):
    return render(request, "me/account.html", {"rights": RIGHTS[request.user.role]})


@require_POST
def mail(request):
    """Whether what one is told comes by mail too."""
    wanted = request.POST.get("wants_mail") == "1"
    people.choose_mail(by=request.user, at=timezone.now(), wants_mail=wanted)
    messages.success(request, "Notifications come by mail." if wanted else "No more notifications by mail.")
    return redirect("account")
