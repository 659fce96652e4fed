"""Cases by the number they have in another system, for jobs that keep two systems in step."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter

from api import describing
from api.errors import Problem, error, step_refused
from api.models import Scope
from api.serializers import case_shapes
from api.serializers.case_detail import detail_of
from api.serializers.case_input import UpsertInput, checked
from api.versions import required_version
from api.views.base import answer
from api.views.batches import NO_RIGHT
from api.views.cases import OneCase
from registry.actions import syncing
from registry.actions.signing import Conflict, StepRefused

PLACE = (
    OpenApiParameter("source", {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,40}$"}, OpenApiParameter.PATH),
    OpenApiParameter("external_id", {"type": "string", "pattern": "^[A-Za-z0-9_.-]{1,200}$"}, OpenApiParameter.PATH),
)
IF_MATCH_OPTIONAL = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, description="Only if the case is to be as you read it."
)
EXAMPLE = {
    "title": "Agent edits the failing test instead of the code",
    "systems": [{"name": "code-agent"}],
    "external_url": "https://tickets.example.org/OPS-12",
    "submit": True,
}


class CaseByRef(OneCase):
    scopes = {"GET": (Scope.CASES_READ,), "PUT": (Scope.CASES_READ, Scope.CASES_WRITE)}
    http_method_names = ("get", "head", "put")

    @describing.reads(
        case_shapes.CaseDetail,
        parameters=PLACE,
        operation_id="read_case_by_ref",
        summary="The case with this number in another system",
    )
    def get(self, request, source, external_id):
        case = self.numbered(source, external_id)
        if case is None:
            raise Http404
        return self.answer_for(case)

    @describing.writes(
        case_shapes.CaseDetail,
        takes=UpsertInput,
        parameters=[*PLACE, IF_MATCH_OPTIONAL],
        also={201: case_shapes.CaseDetail, **describing.refusals(412)},
        operation_id="upsert_case_by_ref",
        summary="Make or change the case with this number in another system; what you leave out stays",
        examples=[describing.example("From a ticket system", EXAMPLE)],
    )
    def put(self, request, source, external_id):
        values = checked(UpsertInput, request.data, context={"person": request.user})
        url = values.pop("external_url", "") or "" if "external_url" in values else None
        there = self.numbered(source, external_id)
        version = self.wanted_version(there)
        if there is None and not request.user.may_log:
            raise PermissionDenied(NO_RIGHT)
        try:
            case, outcome = syncing.sync_case(
                by=request.user,
                at=timezone.now(),
                source=source,
                number=external_id,
                version=version,
                url=url,
                **values,
            )
        except Conflict as conflict:
            raise self.stale(conflict.current, version) from None
        except StepRefused as refused:
            if there is not None:
                raise
            problem = step_refused(refused)
            raise Problem("invalid-input", problem.detail, errors=problem.errors) from None
        except syncing.SeveralCases as several:
            raise several_cases(several) from None
        data = detail_of(case, person=request.user, addresses=self.addresses())
        made = {"status": 201, "headers": {"Location": data["url"]}} if outcome == syncing.MADE else {}
        return answer(request, data, version=case.version, **made)

    def numbered(self, source, external_id):
        try:
            return syncing.case_numbered(self.request.user, source, external_id)
        except syncing.SeveralCases as several:
            raise several_cases(several) from None

    def wanted_version(self, case):
        """What If-Match names, if it was sent: then there has to be a case. None takes any."""
        if "If-Match" not in self.request.headers:
            return None
        if case is None:
            raise Problem("stale-version", "There is no case with this number that you may see.", changed=[])
        return required_version(self.request, case.version)


def several_cases(several):
    errors = [error("#", case.reference, "case") for case in several.cases]
    return Problem("several-cases", str(several), errors=errors)
