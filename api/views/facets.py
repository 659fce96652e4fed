"""Counts beside the list of cases, for the same filters."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api import describing, parameters
from api.serializers.facets import CaseFacetsShape, facets_of
from api.views.base import RegistryView
from api.views.cases import saved_view
from registry import access
from registry.facets import count_cases
from registry.filters import REPEATABLE, CaseFilterSet

# A facet's own choice is left out of its counts, so that they say what choosing another value would find.
OWN_CHOICE = frozenset({"status", "severity", "kind"})


class CaseFacets(RegistryView):
    known = frozenset({"view"}) | frozenset(CaseFilterSet.base_filters)
    repeatable = REPEATABLE

    @extend_schema(
        operation_id="count_cases",
        summary="How many cases the same filters find: by facet and in time, exactly or marked as estimated",
        parameters=[*describing.filters_of(CaseFilterSet), describing.VIEW],
        responses={200: CaseFacetsShape, **describing.refusals(*describing.READING)},
    )
    def get(self, request):
        view, _ = saved_view(request)
        cases = access.visible_to(request.user)
        if view:
            cases = parameters.of_view(CaseFilterSet, view, cases, person=request.user)
        asked = parameters.asked_of(CaseFilterSet, request.query_params, cases, person=request.user)
        cleaned = asked.form.cleaned_data if asked else {}
        for name, value in cleaned.items():
            if name not in OWN_CHOICE:
                cases = asked.filters[name].filter(cases, value)
        chosen = {
            "status": set(cleaned.get("status") or ()),
            "severity_rank": {tier.rank for tier in cleaned.get("severity") or ()},
            "kind": set(cleaned.get("kind") or ()),
        }
        counts = count_cases(cases, chosen=chosen, today=timezone.localdate(), person=request.user)
        return Response(facets_of(counts))
