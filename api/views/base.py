"""What every view of the API shares."""

from urllib.parse import urlencode

from django.utils.cache import patch_vary_headers
from rest_framework.response import Response
from rest_framework.views import APIView

from api import parameters
from api.addresses import Addresses
from api.models import Scope
from api.rendering import as_json
from api.versions import etag_of, unchanged
from registry.paging import BadCursor, page_of


class RegistryView(APIView):
    """Refuses unknown parameters on every method and knows which scopes each method needs.

    scopes       {method: scopes a token needs for it}
    known        parameters that GET takes; other methods take none
    repeatable   those that may be given several times
    """

    http_method_names = ("get", "head", "post", "put", "patch", "delete")
    scopes = {"GET": (Scope.CASES_READ,)}
    known = frozenset()
    repeatable = frozenset({"fields", "expand"})

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        known = self.known if request.method in ("GET", "HEAD") else frozenset()
        parameters.require_known(request.query_params, known=known, repeatable=self.repeatable)

    def finalize_response(self, request, response, *args, **kwargs):
        """What one person may see is no other's to be shown from a cache."""
        response = super().finalize_response(request, response, *args, **kwargs)
        response.setdefault("Cache-Control", "private, no-cache")
        patch_vary_headers(response, ("Authorization", "Cookie"))
        return response

    def addresses(self):
        return Addresses(self.request)


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
