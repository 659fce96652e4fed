"""The change feed."""

from urllib.parse import urlencode

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api import describing, parameters
from api.serializers.changes import ChangesShape, change_of
from api.views.base import RegistryView
from registry import changes
from registry.access import number_of
from registry.choices import ChangeOf
from registry.paging import BadCursor

NOW = "now"
SINCE = describing.parameter(
    "since",
    {"type": "string", "minLength": 1},
    "The `cursor` of a row or an answer; `now` for where the feed ends, with no rows. From the beginning without it.",
)
LIMIT = describing.parameter(
    "limit",
    {"type": "integer", "minimum": 1, "maximum": parameters.MOST_ROWS, "default": parameters.DEFAULT_LIMIT},
)
WHAT = describing.parameter(
    "what",
    {"type": "array", "minItems": 1, "items": {"type": "string", "enum": ChangeOf.values}},
    "Only changes of these; repeat it for several.",
)
CASE = describing.parameter(
    "case", {"type": "string", "pattern": "^([A-Za-z]{1,10}-)?[0-9]{1,10}$"}, "Only changes of this case."
)


class Changes(RegistryView):
    known = frozenset({"since", "limit", "what", "case"})
    repeatable = frozenset({"what"})

    @extend_schema(
        operation_id="list_changes",
        summary="What changed since you last asked, as far as you may know of it",
        parameters=[SINCE, LIMIT, WHAT, CASE],
        responses={200: ChangesShape, **describing.refusals(*describing.READING)},
    )
    def get(self, request):
        query = request.query_params
        limit, what, case = parameters.limit_of(query), kinds_in(query), case_in(query)
        changes.place()
        if query.get("since") == NOW:
            page = changes.Page(rows=[], position=changes.last_seen_by(request.user), more=False)
        else:
            page = changes.page_for(request.user, since=start_in(query), limit=limit, what=what, case=case)
        cursor, addresses = changes.cursor_of(page.position), self.addresses()
        rows = [change_of(told, addresses) for told in page.rows]
        return Response({"results": rows, "cursor": cursor, "next": next_address(request, cursor), "more": page.more})


def start_in(query):
    if "since" not in query:
        return 0
    try:
        return changes.position_in(query["since"])
    except BadCursor as bad:
        raise parameters.refused([parameters.wrong("since", bad)]) from None


def kinds_in(query):
    kinds = query.getlist("what")
    if unknown := [kind for kind in kinds if kind not in ChangeOf.values]:
        text = f"“{unknown[0][:60]}” is not one of: {', '.join(ChangeOf.values)}."
        raise parameters.refused([parameters.wrong("what", text)])
    return kinds


def case_in(query):
    """The number of the case asked for; None without. A case that is not there has no changes."""
    try:
        return number_of(query["case"]) if "case" in query else None
    except Http404:
        raise parameters.refused([parameters.wrong("case", "Name a case, for example AIR-42.")]) from None


def next_address(request, cursor):
    others = [(name, value) for name, values in request.query_params.lists() for value in values if name != "since"]
    return request.build_absolute_uri(f"{request.path}?{urlencode([*others, ('since', cursor)])}")
