"""Who am I, and with which token."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api import describing
from api.models import Scope
from api.serializers.case_input import checked
from api.serializers.people import MeInput, MeShape, me_of
from api.views.base import RegistryView
from registry.actions import people


class Me(RegistryView):
    scopes = {"GET": (), "PATCH": (Scope.CASES_READ, Scope.CASES_WRITE)}

    @extend_schema(
        operation_id="me",
        summary="Who you are, and with which token",
        responses={200: MeShape, **describing.refusals(*describing.READING)},
    )
    def get(self, request):
        return self.answer_for(request.user)

    @extend_schema(
        operation_id="change_me",
        summary="Choose whether you are told by mail too",
        request=MeInput,
        responses={200: MeShape, **describing.refusals(*describing.WRITING)},
        examples=[describing.example("No mail", {"wants_mail": False})],
    )
    def patch(self, request):
        values = checked(MeInput, request.data)
        person = request.user
        if values:
            person = people.choose_mail(by=person, at=timezone.now(), **values)
        return self.answer_for(person)

    def answer_for(self, person):
        return Response(me_of(person, self.request.auth, getattr(self.request, "allowance", None)))
