"""What was agreed of a case, and deciding between its raters."""

from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api import describing
from api.errors import Problem, error
from api.models import Scope
from api.serializers.case_detail import belonging_to
from api.serializers.case_input import ReasonInput, checked
from api.serializers.decisions import (
    AdjudicationShape,
    AdjudicationsShape,
    ClassificationsShape,
    DecisionsInput,
    adjudication_of,
)
from api.views.base import RegistryView, answer
from api.views.labels import node_or_404
from registry import access
from registry.actions import labels
from registry.actions.signing import Conflict
from registry.blind import is_blind
from registry.choices import Right
from registry.models import Adjudication

EXAMPLE = {
    "decisions": [
        {"node": "misalignment-causes:outer", "applies": True, "reason": "The reward paid for passing tests."},
        {"node": "misalignment-causes:inner", "applies": False, "reason": "Nothing shows a learned goal."},
    ]
}
AGREED = frozenset({"classifications", "opened"})


class CaseClassifications(RegistryView):
    @extend_schema(
        operation_id="list_classifications",
        summary="What was agreed of a case, as far as you may see it",
        responses={200: ClassificationsShape, **describing.refusals(*describing.READING)},
    )
    def get(self, request, reference):
        found = belonging_to(access.case_for(request.user, reference), request.user, AGREED)
        return Response({"results": found["classifications"], "labels_hidden": found["labels_hidden"]})


def decisions_of(case, person):
    """The decisions on a case; to a rater who is still blind there are none."""
    rows = Adjudication.objects.none() if is_blind(person, case) else Adjudication.objects.filter(case=case)
    return rows.select_related("node__scheme", "decided_by").order_by("node__scheme__order", "node__order", "pk")


class CaseAdjudications(RegistryView):
    scopes = {"GET": (Scope.CASES_READ,), "POST": (Scope.CASES_READ, Scope.LABELS_WRITE)}

    @extend_schema(
        operation_id="list_adjudications",
        summary="What reviewers decided between the raters of a case",
        responses={200: AdjudicationsShape, **describing.refusals(*describing.READING)},
    )
    def get(self, request, reference):
        return Response(self.shown(access.case_for(request.user, reference)))

    @describing.writes(
        AdjudicationsShape,
        takes=DecisionsInput,
        also=describing.refusals(412),
        operation_id="adjudicate_labels",
        summary="Decide of one or several nodes whether they apply, whatever raters say; all or nothing",
        examples=[describing.example("Two nodes", EXAMPLE)],
    )
    def post(self, request, reference):
        case = access.case_for(request.user, reference, to=Right.REVIEW)
        decisions = checked(DecisionsInput, request.data)["decisions"]
        seen = {each["node"].pk: each.pop("seen") for each in decisions}
        try:
            labels.adjudicate_labels(case=case, by=request.user, at=timezone.now(), decisions=decisions, seen=seen)
        except Conflict as conflict:
            raise decided_since(conflict.current) from None
        except ValidationError as refused:
            raise placed(refused, decisions) from None
        return Response(self.shown(case))

    def shown(self, case):
        rows = [adjudication_of(row, self.addresses()) for row in decisions_of(case, self.request.user)]
        return {"results": rows, "labels_hidden": is_blind(self.request.user, case)}


class OneAdjudication(RegistryView):
    @describing.reads(AdjudicationShape, operation_id="read_adjudication", summary="The decision on one node")
    def get(self, request, reference, key):
        case, node = access.case_for(request.user, reference), node_or_404(key)
        row = decisions_of(case, request.user).filter(node=node).first()
        if row is None:
            raise Http404
        return answer(request, adjudication_of(row, self.addresses()), version=1)


class WithdrawAdjudication(CaseAdjudications):
    scopes = {"POST": (Scope.CASES_READ, Scope.LABELS_WRITE)}
    http_method_names = ("post",)

    @describing.writes(
        AdjudicationsShape,
        takes=ReasonInput,
        operation_id="withdraw_adjudication",
        summary="Take a decision back: what held without it holds again",
        examples=[describing.example("New evidence", {"reason": "A second transcript shows the opposite."})],
    )
    def post(self, request, reference, key):
        case = access.case_for(request.user, reference, to=Right.REVIEW)
        node, values = node_or_404(key), checked(ReasonInput, request.data)
        labels.withdraw_adjudication(case=case, node=node, by=request.user, at=timezone.now(), **values)
        return Response(self.shown(case))


def decided_since(decision):
    if decision is None:
        return Problem("stale-version", "A decision you replace was withdrawn meanwhile.", changed=[])
    words = f"“{decision.node}” was decided at {decision.decided_at.isoformat()}; look at it, then send it as “seen”."
    return Problem("stale-version", words, changed=[])


def placed(refused, decisions):
    """The action names nodes by their ids; here each has its place in the body."""
    places = {str(each["node"].pk): place for place, each in enumerate(decisions)}
    if not hasattr(refused, "error_dict") or not refused.error_dict.keys() <= places.keys():
        return refused
    errors = [
        error(f"#/decisions/{places[key]}", text)
        for key, found in refused.error_dict.items()
        for one in found
        for text in one.messages
    ]
    return Problem("invalid-input", errors[0]["detail"], errors=errors)
