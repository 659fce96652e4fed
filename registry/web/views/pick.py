"""Names to choose from while somebody types, as JSON."""

from django.http import JsonResponse
from django.views.decorators.http import require_GET

from registry import access
from registry.picking import ORGANISATIONS, SYSTEMS, nodes_named, people_named, picked


@require_GET
def systems(request):
    return answer(request, SYSTEMS)


@require_GET
def organisations(request):
    return answer(request, ORGANISATIONS)


@require_GET
def nodes(request):
    return private({"found": nodes_named(request.GET.get("q", ""))})


@require_GET
def people(request, reference):
    """Those who see a case, to name in a comment."""
    case = access.case_for(request.user, reference)
    return private({"found": people_named(case, request.GET.get("q", ""))})


def answer(request, kind):
    return private({"found": picked(request.user, kind, request.GET.get("q", ""))})


def private(found):
    response = JsonResponse(found)
    response["Cache-Control"] = "private, no-store"
    return response
