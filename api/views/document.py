"""The OpenAPI document and the page that draws it, for anybody signed in."""

from functools import cache

from django.shortcuts import render
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api import describing
from api.rendering import as_json
from api.views.base import RegistryView

MEDIA_TYPE = "application/vnd.oai.openapi+json"


@cache
def document():
    """Made once a process: it depends on the code alone."""
    return as_json(SchemaGenerator(api_version="v1").get_schema(request=None, public=True))


class Document(RegistryView):
    scopes = {"GET": ()}

    @extend_schema(
        operation_id="document",
        summary="This document",
        responses={(200, MEDIA_TYPE): OpenApiTypes.OBJECT, **describing.refusals(*describing.READING)},
    )
    def get(self, request):
        return Response(document(), content_type=MEDIA_TYPE)


def docs(request):
    return render(request, "api/docs.html")
