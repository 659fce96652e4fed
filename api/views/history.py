"""What happened to a case, how it was, and bringing back what a field held."""

from dataclasses import dataclass

from django.http import Http404
from drf_spectacular.utils import extend_schema

from api import describing, parameters
from api.errors import Problem, error
from api.finding import in_range
from api.serializers.case_shapes import CaseDetail
from api.serializers.history import HistoryShape, Names, VersionShape, entries_of, version_of
from api.serializers.restoring import RestoreInput
from api.views.base import RegistryView, answer, list_answer, unless_bad_cursor
from api.views.cases import CaseStep
from registry import access
from registry.actions import restoring
from registry.blind import is_blind
from registry.choices import Right
from registry.history.reading import happenings
from registry.paging import page_from

ORDER = ("-at", "-mark")
PAGING = [
    describing.parameter(
        "limit",
        {"type": "integer", "minimum": 1, "maximum": parameters.MOST_ROWS, "default": parameters.DEFAULT_LIMIT},
    ),
    describing.parameter("cursor", {"type": "string", "minLength": 1}, "From `next` or `previous`; opaque."),
]


@dataclass(frozen=True)
class Asked:
    """What a page of history was asked for, as `list_answer` reads it."""

    fields = None
    count = False


class CaseHistory(RegistryView):
    known = frozenset({"limit", "cursor"})

    @extend_schema(
        operation_id="read_history",
        summary="Who did what to a case, when and why, as far as you may know it",
        parameters=PAGING,
        responses={200: HistoryShape, **describing.refusals(*describing.READING)},
    )
    def get(self, request, reference):
        case = access.case_for(request.user, reference)
        limit, blind = parameters.limit_of(request.query_params), is_blind(request.user, case)

        def fetch(backwards, values):
            beyond = tuple(values) if values else None
            return happenings(
                case, reader=request.user, blind=blind, limit=limit + 1, beyond=beyond, backwards=backwards
            )

        page = unless_bad_cursor(
            page_from,
            fetch,
            ordering=f"CaseHistory:{case.pk}",
            fields=ORDER,
            limit=limit,
            cursor=request.query_params.get("cursor"),
        )
        return list_answer(request, Asked(), page, entries_of(page.rows), queryset=None)


class CaseVersion(RegistryView):
    @describing.reads(VersionShape, operation_id="read_version", summary="A case's own fields as they were")
    def get(self, request, reference, number):
        case = access.case_for(request.user, reference)
        event = case.events.filter(version=in_range(number)).order_by("pgh_id").first()
        if event is None:
            raise Http404
        names = Names.of([(name, getattr(event, name)) for name in ("owner_id", "reviewer_id", "reporter_id")])
        return answer(request, version_of(event, names, self.addresses()), version=event.version)


class RestoreField(CaseStep):
    taken_by, right, takes = staticmethod(restoring.restore_field), Right.EDIT, RestoreInput

    @describing.writes(
        CaseDetail,
        takes=RestoreInput,
        matched=True,
        operation_id="restore_field",
        summary="Give a field the value it had at an event of the history",
        examples=[
            describing.example("An overwritten cause", {"event": 1874, "field": "root_cause", "reason": "Too early."})
        ],
    )
    def post(self, request, reference):
        try:
            return super().post(request, reference)
        except access.Merged:
            raise
        except Http404:
            # Of a case one may not see nothing is said; of one that one sees, what is wrong with the body.
            access.case_for(request.user, reference, to=self.right)
            words = "This case has no such event."
            raise Problem("invalid-input", words, errors=[error("#/event", words, "unknown_row")]) from None
