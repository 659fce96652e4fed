"""Who works on a case and until when, and what its next step needs."""

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api import describing
from api.serializers.case_input import NothingInput
from api.serializers.owning import AssignInput, ChecklistShape, DueInput, checklist_of
from api.views.base import RegistryView
from api.views.cases import step_view
from registry import access
from registry.actions import owning
from registry.blind import is_blind
from registry.choices import Right
from registry.steps import ahead, open_to

ClaimCase = step_view("claim", action=owning.claim_case, right=Right.ANALYSE, takes=NothingInput)
ReleaseCase = step_view("release", action=owning.release_case, right=Right.ANALYSE, takes=NothingInput)
AssignCase = step_view("assign", action=owning.assign_case, right=Right.ANALYSE, takes=AssignInput)
DueCase = step_view("due", action=owning.set_due, right=Right.ANALYSE, takes=DueInput)


class Checklist(RegistryView):
    @extend_schema(
        operation_id="read_checklist",
        summary="What the next step of a case still needs, and which steps you may try",
        responses={200: ChecklistShape, **describing.refusals(*describing.READING)},
    )
    def get(self, request, reference):
        case = access.case_for(request.user, reference)
        found = ahead(request.user, case, blind=is_blind(request.user, case))
        return Response(checklist_of(found, open_to(request.user, case)))
