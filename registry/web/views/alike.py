"""Hints while a case is being written."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.views.decorators.http import require_POST

from registry.web import likeness


@require_POST
def hints(request):
    """The cases most like what stands in the log form. Nothing of it is kept."""
    if not request.user.may_log:
        raise PermissionDenied("Readers do not log cases; ask an administrator for another role.")
    return render(request, "alike/_hints.html", likeness.hints(request.user, request.POST))
