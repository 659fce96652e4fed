"""What stood between a system and harm in one case, technique by technique."""

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.response import Response

from api import describing
from api.errors import Problem
from api.models import Scope
from api.rendering import as_json
from api.serializers.case_input import checked
from api.serializers.safeguards import SafeguardInput, SafeguardShape, safeguard_of
from api.versions import required_version, stale
from api.views.base import WRITE, ListView, RegistryView, answer
from api.views.labels import node_or_404
from registry import access
from registry.actions import safeguards
from registry.actions.safeguards import Judged
from registry.actions.signing import Conflict
from registry.choices import Right
from registry.models import Safeguard

IF_RECORDED = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, description="Needed when the technique is recorded for the case already."
)
EXAMPLE = {
    "deployed": "yes",
    "expected": "yes",
    "outcome": "missed",
    "failure_mode": "failure-mode:distributional-shift",
    "how": "The grader saw only the final diff.",
}


def rows():
    return Safeguard.objects.select_related("technique__scheme", "failure_mode__scheme")


@describing.listed("list_safeguards", "What stood between the system and harm, in the order the behaviour met it")
class CaseSafeguards(ListView):
    shape, build = SafeguardShape, safeguard_of
    orderings = {"order": ("order", "id"), "id": ("id",)}

    def found(self, reference):
        return rows().filter(case=access.case_for(self.request.user, reference))


class OneSafeguard(RegistryView):
    """What is recorded of one technique in one case."""

    scopes = {"GET": (Scope.CASES_READ,), "PUT": WRITE, "DELETE": WRITE}

    @describing.reads(SafeguardShape, operation_id="read_safeguard", summary="One safeguard of a case")
    def get(self, request, reference, key):
        row = self.recorded(access.case_for(request.user, reference), node_or_404(key))
        if row is None:
            raise Http404
        return self.answer_for(row)

    @describing.writes(
        SafeguardShape,
        takes=SafeguardInput,
        parameters=[IF_RECORDED],
        also={201: SafeguardShape, **describing.refusals(412, 428)},
        operation_id="record_safeguard",
        summary="Say whether a technique was in place and what it made of what happened; the whole of it",
        examples=[describing.example("Deployed, and missed it", EXAMPLE)],
    )
    def put(self, request, reference, key):
        case = access.case_for(request.user, reference, to=Right.EDIT)
        technique = node_or_404(key)
        row = self.recorded(case, technique)
        version = self.version_to_change(row)
        values = checked(SafeguardInput, request.data)
        mode, order = values.pop("failure_mode"), values.pop("order") or self.place_of(case, row)
        judged = Judged(
            technique_id=technique.pk, version=version, failure_mode_id=mode and mode.pk, order=order, **values
        )
        self.record(case, technique, rows=[judged], without={})
        return self.answer_for(self.recorded(case, technique), status=200 if row else 201)

    @extend_schema(
        operation_id="remove_safeguard",
        summary="Take a safeguard out of a case; the history keeps it",
        parameters=[describing.IF_MATCH],
        responses={204: None, **describing.refusals(*describing.READING, 409, 412, 428)},
    )
    def delete(self, request, reference, key):
        case = access.case_for(request.user, reference, to=Right.EDIT)
        technique = node_or_404(key)
        row = self.recorded(case, technique)
        if row is None:
            raise Http404
        self.record(case, technique, rows=[], without={technique.pk: self.version_to_change(row)})
        return Response(status=204)

    def recorded(self, case, technique):
        return rows().filter(case=case, technique=technique).first()

    def version_to_change(self, row):
        """The version named in If-Match; without the header the safeguard must be new."""
        if row is None and "If-Match" not in self.request.headers:
            return 0
        version = required_version(self.request, row.version if row else 0)
        if row is None:
            raise gone()
        return row.version if version is None else version

    def place_of(self, case, row):
        """Where it stood, else after the last."""
        return row.order if row else (case.safeguards.aggregate(last=Max("order"))["last"] or 0) + 1

    def record(self, case, technique, **changes):
        try:
            safeguards.set_safeguards(case=case, by=self.request.user, at=timezone.now(), **changes)
        except Conflict:
            row = self.recorded(case, technique)
            raise self.outrun(row) if row else gone() from None
        except ValidationError as error:
            raise without_numbers(error, technique) from None

    def outrun(self, row):
        return stale("The safeguard", row.version, as_json(safeguard_of(row, self.addresses())))

    def answer_for(self, row, status=200):
        return answer(self.request, safeguard_of(row, self.addresses()), version=row.version, status=status)


def gone():
    return Problem("stale-version", "This technique is not recorded for the case.", changed=[])


def without_numbers(error, technique):
    """The action names the fields of a whole grid; here there is one row."""
    if not hasattr(error, "error_dict"):
        return error
    return ValidationError({name.removeprefix(f"{technique.pk}-"): found for name, found in error.error_dict.items()})
