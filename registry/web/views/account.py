"""A person's own page."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

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
