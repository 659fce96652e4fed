"""Cases: list, log, read, change, and the steps of their life."""

from dataclasses import replace

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from drf_spectacular.utils import extend_schema_view

from api import describing, parameters, streaming
from api.batches import log_from
from api.models import Scope
from api.prepared import PREPARED, page_of_visible
from api.serializers import case_input, case_rows, case_shapes
from api.serializers.case_changes import changed_since
from api.serializers.case_detail import detail_of, pieces_of_new
from api.versions import required_version
from api.views.base import WRITE, RegistryView, VersionedView, answer, list_answer, page_for, unless_bad_cursor
from registry import access
from registry.actions import cases
from registry.choices import Right
from registry.filters import ALL_ORDERINGS, DEFAULT_ORDERING, RELEVANCE, REPEATABLE, CaseFilterSet
from registry.models.case import NARRATIVE_FIELDS
from registry.saved_views import ALL, contents_of, find_view
from registry.search import ranked


class CaseList(RegistryView):
    scopes = {"GET": (Scope.CASES_READ,), "POST": (Scope.CASES_WRITE,)}
    known = parameters.PAGE | {"view", "format", "columns"} | frozenset(CaseFilterSet.base_filters)
    repeatable = RegistryView.repeatable | REPEATABLE | {"columns"}

    def get_renderers(self):
        files = (streaming.CSVRenderer, streaming.NDJSONRenderer) if self.request.method in ("GET", "HEAD") else ()
        return [*super().get_renderers(), *(renderer() for renderer in files)]

    @describing.lists(
        case_shapes.CaseRow,
        orderings=ALL_ORDERINGS,
        default=DEFAULT_ORDERING,
        filter_set=CaseFilterSet,
        expandable=case_rows.EXPANDABLE,
        also=[describing.VIEW, *describing.FILE],
        answers=describing.FILES,
        operation_id="list_cases",
        summary="The cases you may see: light rows in pages, or all of them as a file",
    )
    def get(self, request):
        view, ordering = saved_view(request)
        if (file_format := streaming.format_of(request)) != "json":
            return streaming.streamed(request, file_format, lambda: cases_asked_for(request, view))
        if "columns" in request.query_params:
            raise parameters.refused([parameters.wrong("columns", "Only files have columns; “fields” narrows rows.")])
        asked = parameters.listing(
            request.query_params,
            orderings=ALL_ORDERINGS,
            default=ordering,
            fields=(*case_rows.FIELDS, *NARRATIVE_FIELDS),
            expandable=case_rows.EXPANDABLE,
        )
        if asked.fields and asked.fields.intersection(NARRATIVE_FIELDS):
            asked = replace(asked, expand=asked.expand | {"narrative"})
        columns = case_rows.columns_for(asked.expand)
        filters = {name for name in request.query_params if name in CaseFilterSet.base_filters}
        if view or asked.count or asked.ordering in RELEVANCE or filters - PREPARED:
            found = cases_asked_for(request, view)
            page = page_of_found(request, found, asked, columns, words_of(request, view))
        else:
            found = None
            page = unless_bad_cursor(page_of_visible, request.user, asked, columns, request.query_params)
        rows = case_rows.rows_of(page.rows, person=request.user, addresses=self.addresses(), expand=asked.expand)
        return list_answer(request, asked, page, rows, queryset=found)

    @describing.writes(
        case_shapes.CaseDetail,
        takes=case_input.NewCaseInput,
        status=201,
        operation_id="log_case",
        summary="Log a case, as a draft or for triage at once",
        examples=[describing.example("From an evaluation harness", case_input.EXAMPLE)],
    )
    def post(self, request):
        if not request.user.may_log:
            raise PermissionDenied("Readers do not log cases; ask an administrator for another role.")
        case, values = log_from(request.data, by=request.user, at=timezone.now())
        pieces = pieces_of_new(values)
        data = detail_of(case, person=request.user, addresses=self.addresses(), pieces=pieces)
        return answer(request, data, version=case.version, status=201, headers={"Location": data["url"]})


def saved_view(request):
    """(the filters of the view that is named, or None; the order of the list unless another is asked for)."""
    slug = request.query_params.get("view")
    if slug in (None, ALL):
        return None, DEFAULT_ORDERING
    try:
        view, ordering = contents_of(find_view(request.user, slug).query)
    except ValidationError as unknown:
        raise parameters.refused([parameters.wrong("view", unknown.messages[0], "unknown_view")]) from None
    return view, ordering if ordering in ALL_ORDERINGS else DEFAULT_ORDERING


def cases_asked_for(request, view):
    """What the view holds, narrowed by the other parameters."""
    cases = access.visible_to(request.user)
    if view:
        cases = parameters.of_view(CaseFilterSet, view, cases, person=request.user)
    return parameters.filtered(CaseFilterSet, request.query_params, cases, person=request.user)


def words_of(request, view):
    return request.query_params.get("q") or (view.get("q", "") if view else "")


def page_of_found(request, found, asked, columns, words):
    if asked.ordering in RELEVANCE:
        if not words.strip():
            raise parameters.refused([parameters.wrong("ordering", "Relevance needs words to search for: give “q”.")])
        found, columns = ranked(found, words), (*columns, "relevance")
    return page_for(found, asked, orderings=ALL_ORDERINGS, row=lambda rows: rows.values_list(*columns, named=True))


class OneCase(VersionedView):
    named = "case"
    scopes = {"GET": (Scope.CASES_READ,), "PATCH": WRITE}

    @describing.reads(case_shapes.CaseDetail, operation_id="read_case", summary="One case in full")
    def get(self, request, reference):
        return self.answer_for(access.case_for(request.user, reference))

    @describing.writes(
        case_shapes.CaseDetail,
        takes=case_input.CaseChangeInput,
        matched=True,
        operation_id="edit_case",
        summary="Change the fields that are sent",
        examples=[
            describing.example("Two fields", {"root_cause": "The grader saw the answer.", "locus": "behavioural"})
        ],
    )
    def patch(self, request, reference):
        case = access.case_for(request.user, reference, to=Right.EDIT)
        version = required_version(request, case.version)
        values = case_input.checked(case_input.CaseChangeInput, request.data, context={"person": request.user})
        return self.answer_for(self.carry_out(cases.edit_case, case, version, **values))

    def data_of(self, case):
        return detail_of(case, person=self.request.user, addresses=self.addresses())

    def changed_since(self, current, version):
        return changed_since(case=current, version=version)


class CaseStep(OneCase):
    """One step in the life of a case; each route has a class of its own from `step_view`."""

    scopes = {"POST": WRITE}
    http_method_names = ("post",)
    taken_by, right, takes = None, None, None

    def post(self, request, reference):
        case = access.case_for(request.user, reference, to=self.right)
        version = required_version(request, case.version)
        values = case_input.checked(self.takes, request.data)
        return self.answer_for(self.carry_out(type(self).taken_by, case, version, **values))


def step_view(name, *, action, right, takes):
    """The view of one step, so that the API document describes each by itself."""
    members = {"taken_by": staticmethod(action), "right": right, "takes": takes}
    view = type(name.title().replace("-", ""), (CaseStep,), members)
    described = describing.writes(
        case_shapes.CaseDetail,
        takes=takes,
        matched=True,
        operation_id=action.__name__,
        summary=action.__doc__.partition("\n")[0],
    )
    return extend_schema_view(post=described)(view)
