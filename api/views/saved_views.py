"""Saved views: one's own and those others share, and the one that the list opens with."""

from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api import describing
from api.errors import Problem, error
from api.models import Scope
from api.serializers.case_input import checked
from api.serializers.saved_views import (
    DefaultViewInput,
    DefaultViewShape,
    ViewChangeInput,
    ViewInput,
    ViewShape,
    view_of,
)
from api.versions import changed_fields, required_version
from api.views.base import WRITE, ListView, RegistryView, VersionedView, answer
from registry.actions import views
from registry.models import SavedView
from registry.saved_views import contents_of, find_view

EXAMPLE = {
    "name": "High and unowned",
    "filters": {"severity": ["high", "critical"], "owner__isnull": ["true"]},
    "ordering": "-severity",
}


def query_of(filters, ordering):
    pairs = [(name, value) for name, values in filters.items() for value in values]
    return urlencode([*pairs, *([("ordering", ordering)] if ordering else [])])


def refused_filters(refused):
    """The Problem of an action that refused a filter, whose name stands before each of its messages."""
    if hasattr(refused, "error_dict") or refused.messages[0].partition(": ")[1] == "":
        return refused
    found = [message.partition(": ") for message in refused.messages]
    pointers = [("#/ordering" if name == "ordering" else f"#/filters/{name}", text) for name, _, text in found]
    return Problem("invalid-input", "See errors.", errors=[error(pointer, text) for pointer, text in pointers])


@describing.listed("list_views", "Your saved views and those others share")
class ViewList(ListView):
    scopes = {"GET": (Scope.CASES_READ,), "POST": WRITE}
    shape = ViewShape
    orderings = {"name": ("name", "id"), "id": ("id",), "-id": ("-id",)}

    def found(self):
        return SavedView.objects.for_person(self.request.user).select_related("owner")

    def row_of(self, view):
        return view_of(view, person=self.request.user, addresses=self.addresses())

    @describing.writes(
        ViewShape,
        takes=ViewInput,
        status=201,
        operation_id="save_view",
        summary="Keep filters of the case list under a name",
        examples=[describing.example("What nobody looks after", EXAMPLE)],
    )
    def post(self, request):
        values = checked(ViewInput, request.data)
        query = query_of(values.pop("filters", {}), values.pop("ordering", None))
        try:
            view = views.save_view(by=request.user, at=timezone.now(), query=query, **values)
        except ValidationError as refused:
            raise refused_filters(refused) from None
        data = self.row_of(view)
        return answer(request, data, version=view.version, status=201, headers={"Location": data["url"]})


class OneView(VersionedView):
    named = "view"
    scopes = {"GET": (Scope.CASES_READ,), "PATCH": WRITE, "DELETE": WRITE}

    @describing.reads(ViewShape, operation_id="read_view", summary="One saved view")
    def get(self, request, slug):
        return self.answer_for(self.found(slug))

    @describing.writes(
        ViewShape,
        takes=ViewChangeInput,
        matched=True,
        operation_id="change_view",
        summary="Rename or share your view, or keep other filters in it; `filters` replaces all of them",
        examples=[describing.example("Share it", {"shared": True})],
    )
    def patch(self, request, slug):
        view = self.found(slug)
        version = required_version(request, view.version)
        values = checked(ViewChangeInput, request.data)
        if {"filters", "ordering"} & set(values):
            kept, ordering = contents_of(view.query)
            filters = values.pop("filters", dict(kept.lists()))
            values["query"] = query_of(filters, values.pop("ordering", ordering))
        return self.answer_for(self.carry_out(views.revise_view, view, version, **values))

    @extend_schema(
        operation_id="delete_view",
        summary="Forget your view; lists that opened with it open with all cases",
        parameters=[describing.IF_MATCH],
        responses={204: None, **describing.refusals(*describing.READING, 409, 412, 428)},
    )
    def delete(self, request, slug):
        view = self.found(slug)
        self.carry_out(views.delete_view, view, required_version(request, view.version))
        return Response(status=204)

    def found(self, slug):
        return found_view(self.request.user, slug)

    def carry_out(self, action, view, version, **values):
        try:
            return super().carry_out(action, view, version, **values)
        except ValidationError as refused:
            raise refused_filters(refused) from None

    def data_of(self, view):
        return view_of(view, person=self.request.user, addresses=self.addresses())

    def changed_since(self, current, version):
        changed = changed_fields(current, version, ("name", "shared", "query"))
        return ["filters" if name == "query" else name for name in changed]


def found_view(person, slug):
    try:
        return find_view(person, slug)
    except ValidationError:
        raise Http404 from None


class DefaultView(RegistryView):
    """The view that the caller's list opens with."""

    scopes = {"GET": (Scope.CASES_READ,), "PUT": WRITE}

    @extend_schema(
        operation_id="read_default_view",
        summary="The view your case list opens with",
        responses={200: DefaultViewShape, **describing.refusals(*describing.READING)},
    )
    def get(self, request):
        view = request.user.default_view
        return Response({"view": view and view.slug})

    @extend_schema(
        operation_id="choose_default_view",
        summary="Open your case list with this view, or with all cases",
        request=DefaultViewInput,
        responses={200: DefaultViewShape, **describing.refusals(*describing.WRITING)},
        examples=[describing.example("All cases", {"view": None})],
    )
    def put(self, request):
        slug = checked(DefaultViewInput, request.data)["view"]
        try:
            view = None if slug is None else found_view(request.user, slug)
        except Http404:
            entry = error("#/view", f"There is no view “{slug}”.", "unknown_row")
            raise Problem("invalid-input", entry["detail"], errors=[entry]) from None
        views.choose_default(by=request.user, at=timezone.now(), view=view)
        return Response({"view": slug})
