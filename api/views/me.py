"""Who am I, and with which token."""

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api import describing
from api.serializers.people import MeShape, me_of
from api.views.base import RegistryView


class Me(RegistryView):
    scopes = {"GET": ()}

    @extend_schema(
        operation_id="me",
        summary="Who you are, and with which token",
        responses={200: MeShape, **describing.refusals(*describing.READING)},
    )
    def get(self, request):
        return Response(me_of(request.user, request.auth))
