"""Names to choose from while somebody types, as JSON."""

from django.http import JsonResponse
from django.views.decorators.http import require_GET

from registry.web.picking import ORGANISATIONS, SYSTEMS, picked


@require_GET
def systems(request):
    return answer(request, SYSTEMS)


@require_GET
def organisations(request):
    return answer(request, ORGANISATIONS)


def answer(request, kind):
    response = JsonResponse({"found": picked(request.user, kind, request.GET.get("q", ""))})
    response["Cache-Control"] = "private, no-store"
    return response
