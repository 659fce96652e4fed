"""Labels: everybody's where one may see them, one's own to write."""

from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api import describing
from api.addresses import reference_of
from api.errors import Problem
from api.models import Scope
from api.rendering import as_json
from api.serializers.case_detail import belonging_to, label_in
from api.serializers.case_input import checked
from api.serializers.labels import CaseLabelsShape, LabelInput, LabelShape, label_of
from api.versions import required_version, stale
from api.views.base import RegistryView, answer
from registry import access
from registry.actions import labels
from registry.actions.signing import Conflict
from registry.choices import Right
from registry.filters import find_node
from registry.models import Label


class CaseLabels(RegistryView):
    @extend_schema(
        operation_id="list_labels",
        summary="What raters said of a case, as far as you may see it",
        responses={200: CaseLabelsShape, **describing.refusals(*describing.READING)},
    )
    def get(self, request, reference):
        case = access.case_for(request.user, reference)
        found = belonging_to(case, request.user)
        rows = [label_in(one, reference_of(case.pk), self.addresses()) for one in found["labels"]]
        return Response({"results": rows, "labels_hidden": found["labels_hidden"]})


class OwnLabel(RegistryView):
    """What the caller says about one node in one case."""

    scopes = {"GET": (Scope.CASES_READ,), "PUT": (Scope.LABELS_WRITE,), "DELETE": (Scope.LABELS_WRITE,)}

    @describing.reads(LabelShape, operation_id="read_label", summary="Your own label of this node")
    def get(self, request, reference, key):
        label = self.own(access.case_for(request.user, reference), node_or_404(key))
        if label is None:
            raise Http404
        return self.answer_for(label)

    @describing.writes(
        LabelShape,
        takes=LabelInput,
        parameters=[describing.IF_MATCH_IF_THERE],
        also={201: LabelShape, **describing.refusals(412, 428)},
        operation_id="label_case",
        summary="Say whether this node applies; the whole of your judgement",
        examples=[describing.example("Sure", {"stance": "present", "confidence": 90, "grounds": "documented"})],
    )
    def put(self, request, reference, key):
        case = access.case_for(request.user, reference, to=Right.LABEL)
        node = node_or_404(key)
        label = self.own(case, node)
        version = self.version_to_change(label)
        values = checked(LabelInput, request.data)
        try:
            label = labels.label_case(
                case=case, node=node, by=request.user, at=timezone.now(), version=version, **values
            )
        except Conflict as conflict:
            raise self.stale(conflict.current) from None
        return self.answer_for(label, status=201 if label.version == 1 else 200)

    @extend_schema(
        operation_id="take_back_label",
        summary="Take your label back; the history keeps it",
        parameters=[describing.IF_MATCH],
        responses={204: None, **describing.refusals(*describing.READING, 409, 412, 428)},
    )
    def delete(self, request, reference, key):
        case = access.case_for(request.user, reference, to=Right.LABEL)
        label = self.own(case, node_or_404(key))
        if label is None:
            raise Http404
        version = required_version(request, label.version)
        try:
            labels.take_back_label(label=label, by=request.user, at=timezone.now(), version=version)
        except Conflict as conflict:
            raise self.stale(conflict.current) from None
        return Response(status=204)

    def own(self, case, node):
        found = Label.objects.filter(case=case, node=node, rater=self.request.user)
        return found.select_related("case", "node__scheme", "rater").first()

    def version_to_change(self, label):
        """The version named in If-Match; without the header the label must be new."""
        if label is None and "If-Match" not in self.request.headers:
            return 0
        version = required_version(self.request, label.version if label else 0)
        if label is None:
            raise Problem("stale-version", "You have no label of this node on this case.", changed=[])
        return version

    def answer_for(self, label, status=200):
        return answer(self.request, self.data_of(label), version=label.version, status=status)

    def data_of(self, label):
        return label_of(label, reference=reference_of(label.case_id), node=label.node, addresses=self.addresses())

    def stale(self, current):
        """Another window of the same rater was faster."""
        if current.pk is None:
            return Problem("stale-version", "You have no label of this node on this case any more.", changed=[])
        return stale("Your label", current.version, as_json(self.data_of(current)))


def node_or_404(key):
    if "\x00" in key:
        raise Http404
    try:
        return find_node(key)
    except ValidationError:
        raise Http404 from None
