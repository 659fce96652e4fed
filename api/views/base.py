"""What every view of the API shares."""

from contextlib import suppress
from functools import partial
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.cache import patch_vary_headers
from rest_framework.response import Response
from rest_framework.views import APIView

from api import once, parameters
from api.addresses import Addresses
from api.models import Scope
from api.rendering import as_json
from api.versions import changed_fields, etag_of, require_honest_headers, stale, unchanged
from registry import access
from registry.actions.signing import Conflict
from registry.filter_fields import PersonalFilterSet
from registry.paging import BadCursor, page_of

# What a token needs to change what belongs to cases.
WRITE = (Scope.CASES_READ, Scope.CASES_WRITE)
NEWEST_FIRST = {"-id": ("-id",), "id": ("id",)}


class RegistryView(APIView):
    """Refuses unknown parameters on every method, knows which scopes each method needs, and does a POST that names
    an Idempotency-Key once.

    scopes       {method: scopes a token needs for it}
    known        parameters that GET takes
    taken        {method: parameters it takes} for other methods, which take none unless they stand here
    repeatable   those that may be given several times
    shown_once   members of a POST's answer that are secrets: null when the answer is given again
    """

    http_method_names = ("get", "head", "post", "put", "patch", "delete")
    scopes = {"GET": (Scope.CASES_READ,)}
    known = frozenset()
    taken = {}
    shown_once = ()
    repeatable = frozenset({"fields", "expand"})

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        if request.method not in self.allowed_methods:
            return  # It answers 405 whatever else is wrong.
        known = self.known if request.method in ("GET", "HEAD") else self.taken.get(request.method, frozenset())
        parameters.require_text(request.META.get("QUERY_STRING", ""))
        parameters.require_known(request.query_params, known=known, repeatable=self.repeatable)
        require_honest_headers(request.headers)
        if request.method == "POST" and once.HEADER in request.headers:
            self.post = partial(once.answer_once, self.post, self.shown_once)

    def require_seen(self, **address):
        """Http404 where the caller may not see any more what the address names: a kept answer tells of it.

        Of a case here; a view of what belongs to one, by a number of its own, says how that is seen.
        """
        if "reference" in address:
            with suppress(access.Merged):  # into one that the caller may see
                access.case_for(self.request.user, address["reference"])

    def finalize_response(self, request, response, *args, **kwargs):
        """What one person may see is no other's to be shown from a cache."""
        response = super().finalize_response(request, response, *args, **kwargs)
        response.setdefault("Cache-Control", "private, no-cache")
        patch_vary_headers(response, ("Authorization", "Cookie"))
        allowance = getattr(self.request, "allowance", None)
        for name, value in allowance.headers.items() if allowance else ():
            response[name] = value
        return response

    def addresses(self):
        return Addresses(self.request)


class ListView(RegistryView):
    """A list of things that have an id: paging, orderings, `fields`, a count and filters, all from attributes.

    shape       the serializer that describes a row in the document; its fields are what `fields=` may name
    orderings   {name: columns}; the first is the default, each ends in a unique column
    filter_set  a FilterSet, whose filters are then known parameters; a PersonalFilterSet is told who asks
    columns     columns to read as named tuples, or None for model rows
    build       (row, addresses) -> the answer's dict of one row; where that takes more, a subclass brings `row_of(row)`

    A subclass brings `found(**address)`, the rows the caller may see of what the address names (Http404 where there is
    nothing); `listed` describes it.
    """

    shape = None
    build = None
    orderings = {"id": ("id",), "-id": ("-id",)}
    filter_set = None
    columns = None

    def __init_subclass__(cls, **options):
        super().__init_subclass__(**options)
        filters = cls.filter_set.base_filters if cls.filter_set else {}
        cls.known = (parameters.PAGE - {"expand"}) | frozenset(filters)
        several = (name for name, each in filters.items() if parameters.takes_several(each))
        cls.repeatable = RegistryView.repeatable | frozenset(several)

    def get(self, request, **address):
        fields = tuple(self.shape().fields)
        default = next(iter(self.orderings))
        asked = parameters.listing(request.query_params, orderings=self.orderings, default=default, fields=fields)
        rows = self.found(**address)
        if self.filter_set:
            personal = issubclass(self.filter_set, PersonalFilterSet)
            options = {"person": request.user} if personal else {}
            rows = parameters.filtered(self.filter_set, request.query_params, rows, **options)
        named = self.columns and (lambda found: found.values_list(*self.columns, named=True))
        scope = f"{type(self).__name__}:"
        page = page_for(rows, asked, orderings=self.orderings, row=named, cursor_scope=scope)
        built = [self.row_of(row) for row in page.rows]
        return list_answer(request, asked, page, built, queryset=rows)

    def row_of(self, row):
        return type(self).build(row, self.addresses())


class VersionedView(RegistryView):
    """One row that has a version, and the actions that change it.

    named     what the actions call the row
    editable  the fields of which a reader who was not the first is told that they changed

    A subclass brings `data_of(row)`, the answer's dict.
    """

    named = None
    editable = ()

    def answer_for(self, row):
        return answer(self.request, self.data_of(row), version=row.version)

    def carry_out(self, action, row, version, **values):
        """What `action` gives, done to the `version` that If-Match names."""
        try:
            return action(**{self.named: row}, by=self.request.user, at=timezone.now(), version=version, **values)
        except Conflict as conflict:
            raise self.stale(conflict.current, version) from None

    def stale(self, current, version):
        body, changed = as_json(self.data_of(current)), self.changed_since(current, version)
        return stale(f"The {self.named}", current.version, body, changed=changed)

    def changed_since(self, current, version):
        return changed_fields(current, version, self.editable) if self.editable else ()


def answer(request, data, *, version, status=200, headers=None):
    """One object with its ETag; 304 if the reader has it already."""
    body = as_json(data)
    etag = etag_of(version, body)
    if request.method in ("GET", "HEAD") and unchanged(request, etag):
        return Response(None, status=304, headers={"ETag": etag})
    return Response(body, status=status, headers={"ETag": etag, **(headers or {})})


def page_for(queryset, asked, *, orderings, row, cursor_scope=""):
    """The page `asked` for. `cursor_scope` keeps the cursors of different lists apart."""
    return unless_bad_cursor(
        page_of,
        queryset,
        ordering=f"{cursor_scope}{asked.ordering}",
        fields=orderings[asked.ordering],
        limit=asked.limit,
        cursor=asked.cursor,
        row=row,
    )


def unless_bad_cursor(read, *arguments, **options):
    try:
        return read(*arguments, **options)
    except BadCursor as bad:
        raise parameters.refused([parameters.wrong("cursor", bad)]) from None


def list_answer(request, asked, page, rows, *, queryset):
    """The rows with the addresses of the pages beside them, in the body and in the Link header."""
    links = {name: page_address(request, cursor) for name, cursor in (("next", page.next), ("previous", page.previous))}
    if asked.fields is not None:
        rows = [{name: value for name, value in row.items() if name in asked.fields} for row in rows]
    body = {"results": rows, **links}
    if asked.count:
        body["count"] = queryset.count()
    header = ", ".join(f'<{url}>; rel="{name[:4]}"' for name, url in links.items() if url)
    return Response(body, headers={"Link": header} if header else None)


def page_address(request, cursor):
    if cursor is None:
        return None
    others = [(name, value) for name, values in request.query_params.lists() for value in values if name != "cursor"]
    return request.build_absolute_uri(f"{request.path}?{urlencode([*others, ('cursor', cursor)])}")
