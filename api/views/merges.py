"""Merging two cases: see what would happen, do it, take it back."""

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api import describing
from api.errors import Problem, error
from api.finding import in_range
from api.models import Scope
from api.serializers.case_input import checked
from api.serializers.merges import (
    MergeInput,
    MergePreviewShape,
    MergeShape,
    MergesShape,
    TakeBackInput,
    UndoneShape,
    merge_of,
    preview_of,
)
from api.views.base import WRITE, RegistryView, answer
from api.views.links import other_case
from registry import access, blind
from registry.actions import merges, rows
from registry.actions.signing import Conflict
from registry.choices import Right
from registry.relations.links import merges_of
from registry.relations.merge_preview import preview


class CaseMerges(RegistryView):
    scopes = {"GET": (Scope.CASES_READ,), "POST": WRITE}

    @extend_schema(
        operation_id="list_merges",
        summary="What was merged into this case and can be taken out again",
        responses={200: MergesShape, **describing.refusals(*describing.READING)},
    )
    def get(self, request, reference):
        kept = access.case_for(request.user, reference)
        found = merges_of(request.user, kept)
        return Response({"results": [merge_of(row, kept, self.addresses()) for row in found]})

    @describing.writes(
        MergeShape,
        takes=MergeInput,
        status=201,
        also=describing.refusals(412),
        operation_id="merge_cases",
        summary="Merge another case into this one; see the preview first",
        examples=[describing.example("One event, two reports", {"merged": "AIR-57", "reason": "The same run."})],
    )
    def post(self, request, reference):
        kept = access.case_for(request.user, reference, to=Right.ANALYSE)
        values = checked(MergeInput, request.data)
        merged = named_in_body(request.user, values.pop("merged"))
        try:
            merge = merges.merge_cases(kept=kept, merged=merged, by=request.user, at=timezone.now(), **values)
        except Conflict:
            words = "Something of the two cases changed since the preview. Look at it again."
            raise Problem("stale-version", words, changed=[]) from None
        data = merge_of(standing(request.user, kept, merge.pk), kept, self.addresses())
        return answer(request, data, version=1, status=201, headers={"Location": data["url"]})


class MergePreview(RegistryView):
    @extend_schema(
        operation_id="preview_merge",
        summary="What merging the other case into this one would do; nothing is changed",
        responses={200: MergePreviewShape, **describing.refusals(*describing.READING)},
    )
    def get(self, request, reference, other):
        kept = access.case_for(request.user, reference, to=Right.ANALYSE)
        merged = other_case(request.user, other)
        access.require(request.user, Right.ANALYSE, merged)
        found = preview(request.user, kept, merged)
        is_blind = any(blind.is_blind(request.user, case) for case in (kept, merged))
        return Response(preview_of(found, None if is_blind else rows.state({kept.pk, merged.pk})))


class OneMerge(RegistryView):
    @describing.reads(MergeShape, operation_id="read_merge", summary="One merge into this case")
    def get(self, request, reference, number):
        kept = access.case_for(request.user, reference)
        row = standing(request.user, kept, in_range(number))
        return answer(request, merge_of(row, kept, self.addresses()), version=1)


class TakeBackMerge(RegistryView):
    scopes = {"POST": WRITE}
    http_method_names = ("post",)

    @describing.writes(
        UndoneShape,
        takes=TakeBackInput,
        operation_id="take_back_merge",
        summary="Make two cases of the one again; what people changed since stays",
        examples=[describing.example("They were two", {"reason": "Another model, another day."})],
    )
    def post(self, request, reference, number):
        kept = access.case_for(request.user, reference, to=Right.ANALYSE)
        merge = kept.merges.filter(pk=in_range(number)).first()
        if merge is None:
            raise Http404
        values = checked(TakeBackInput, request.data)
        undone = merges.unmerge_cases(merge=merge, by=request.user, at=timezone.now(), **values)
        told = {"kept": undone.kept.reference, "merged": undone.merged.reference, "told": undone.told}
        return Response(told)


def standing(person, kept, number):
    """The MergeRow of one merge into `kept` that stands; Http404 for any other."""
    row = next((row for row in merges_of(person, kept) if row.merge.pk == number), None)
    if row is None:
        raise Http404
    return row


def named_in_body(person, reference):
    """The case that is to go; one that may not be seen is none."""
    try:
        other = other_case(person, reference)
    except Http404:
        words = f"There is no case {reference} that you may see."
        raise Problem("invalid-input", words, errors=[error("#/merged", words, "unknown_row")]) from None
    access.require(person, Right.ANALYSE, other)
    return other
