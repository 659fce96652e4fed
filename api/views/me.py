"""Who am I, and with which token."""

from rest_framework.response import Response

from api.serializers.people import me_of
from api.views.base import RegistryView


class Me(RegistryView):
    scopes = {"GET": ()}

    def get(self, request):
        return Response(me_of(request.user, request.auth))
