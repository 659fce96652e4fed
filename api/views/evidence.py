"""What shows that a case happened: add it, read it, save its bytes, remove it and bring it back."""

import django_filters
from django.core.exceptions import ValidationError
from django.db.models import F, Func, IntegerField
from django.http import Http404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from api import describing
from api.errors import Problem, error
from api.finding import in_range
from api.models import Scope
from api.parsing import StrictJSONParser
from api.serializers.case_input import checked
from api.serializers.evidence import (
    EvidenceDetailShape,
    EvidenceInput,
    EvidenceShape,
    FileInput,
    evidence_detail_of,
    evidence_of,
)
from api.views.base import WRITE, ListView, RegistryView, answer
from registry import access
from registry.actions import evidence as actions
from registry.choices import EvidenceKind, Right
from registry.models import Evidence
from registry.sealing import sealed_file

N_TURNS = Func(F("turns"), function="jsonb_array_length", output_field=IntegerField())
ADD = {EvidenceKind.NOTE: actions.add_note, EvidenceKind.TRANSCRIPT: actions.add_transcript}
NOTE = {"kind": "note", "title": "What the log says", "note": "The test was edited at **14:02**."}
TRANSCRIPT = {
    "kind": "transcript",
    "title": "The run",
    "turns": [{"role": "user", "content": "Make the tests pass."}, {"role": "assistant", "content": "Done."}],
}


class EvidenceFilterSet(django_filters.FilterSet):
    kind = django_filters.MultipleChoiceFilter(choices=EvidenceKind.choices, distinct=False)
    removed = django_filters.BooleanFilter(
        field_name="removed_at",
        lookup_expr="isnull",
        exclude=True,
        label="What was removed and can be brought back; for whoever may change the case",
    )

    class Meta:
        model = Evidence
        fields = []


def rows():
    return Evidence.objects.annotate(n_turns=N_TURNS).defer("turns").select_related("added_by", "removed_by")


@describing.listed("list_evidence", "The files, transcripts and notes of a case")
class CaseEvidence(ListView):
    scopes = {"GET": (Scope.CASES_READ,), "POST": WRITE}
    parser_classes = [StrictJSONParser, MultiPartParser]
    shape, build, filter_set = EvidenceShape, evidence_of, EvidenceFilterSet

    def found(self, reference):
        removed = self.request.query_params.get("removed") == "true"
        case = access.case_for(self.request.user, reference, to=Right.EDIT if removed else Right.VIEW)
        found = rows().filter(case=case)
        return found if removed else found.filter(removed_at=None)

    @describing.writes(
        EvidenceDetailShape,
        takes={"application/json": EvidenceInput, "multipart/form-data": FileInput},
        status=201,
        operation_id="add_evidence",
        summary="Add a note or a transcript as JSON, or a file as multipart/form-data",
        examples=[describing.example("A note", NOTE), describing.example("A transcript", TRANSCRIPT)],
    )
    def post(self, request, reference):
        case = access.case_for(request.user, reference, to=Right.EDIT)
        added = self.add_file(case) if is_form(request) else self.add_said(case)
        row = rows().get(pk=added.pk)
        data = evidence_detail_of(row, self.addresses())
        return answer(request, data, version=1, status=201, headers={"Location": data["url"]})

    def add_file(self, case):
        if len(self.request.data.getlist("file")) > 1:
            raise Problem("invalid-input", "Send one file at a time.", errors=[error("#/file", "Send one file.")])
        values = checked(FileInput, self.request.data)
        try:
            return actions.add_file(
                case=case, by=self.request.user, at=timezone.now(), upload=values["file"], title=values["title"]
            )
        except ValidationError as refused:
            raise too_large(refused) or refused from None

    def add_said(self, case):
        values = checked(EvidenceInput, self.request.data)
        return ADD[values.pop("kind")](case=case, by=self.request.user, at=timezone.now(), **values)


class OneEvidence(RegistryView):
    scopes = {"GET": (Scope.CASES_READ,), "DELETE": WRITE}

    @describing.reads(EvidenceDetailShape, operation_id="read_evidence", summary="One piece of evidence")
    def get(self, request, number):
        return self.answer_for(evidence_for(request.user, number))

    @extend_schema(
        operation_id="remove_evidence",
        summary="Take a piece of evidence out of sight; it can be brought back",
        responses={204: None, **describing.refusals(*describing.READING, 409)},
    )
    def delete(self, request, number):
        row = evidence_for(request.user, number)
        actions.remove_evidence(evidence=row, by=request.user, at=timezone.now())
        return Response(status=204)

    def answer_for(self, row):
        shown = rows().get(pk=row.pk)
        return answer(self.request, evidence_detail_of(shown, self.addresses()), version=1)


class RestoreEvidence(OneEvidence):
    scopes = {"POST": WRITE}
    http_method_names = ("post",)

    def require_seen(self, number):
        evidence_for(self.request.user, number)

    @describing.writes(
        EvidenceDetailShape, takes=None, operation_id="restore_evidence", summary="Bring removed evidence back"
    )
    def post(self, request, number):
        row = evidence_for(request.user, number, removed=True)
        return self.answer_for(actions.restore_evidence(evidence=row, by=request.user, at=timezone.now()))


class EvidenceFile(RegistryView):
    """The bytes, to be saved and never shown: who may see is asked again at every request."""

    def perform_content_negotiation(self, request, force=False):
        """What a file is does not depend on what is asked for."""
        return super().perform_content_negotiation(request, force=True)

    @extend_schema(
        operation_id="download_evidence",
        summary="The bytes of a piece of evidence: the file, the turns as JSON, or the note",
        responses={
            (200, "*/*"): OpenApiResponse(
                OpenApiTypes.BINARY, description="With the media type found in its bytes, as an attachment."
            ),
            **describing.refusals(400, 401, 403, 404),
        },
    )
    def get(self, request, number):
        return sealed_file(evidence_for(request.user, number))


def evidence_for(person, number, *, removed=False):
    """Evidence of a case; what lies in a draft is not for other tools yet."""
    row = access.evidence_for(person, in_range(number), removed=removed)
    if row.case_id is None:
        raise Http404
    return row


def is_form(request):
    return (request.content_type or "").startswith("multipart/")


def too_large(refused):
    """The 413 for a file over the cap; None for what was refused otherwise."""
    found = refused.error_dict.get("file", []) if hasattr(refused, "error_dict") else []
    words = next((one.messages[0] for one in found if one.code == "too_large"), None)
    return words and Problem("content-too-large", words, errors=[error("#/file", words, "too_large")])
