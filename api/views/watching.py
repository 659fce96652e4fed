"""Hearing of what happens in a case, or not."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api import describing
from api.addresses import reference_of
from api.models import Scope
from api.serializers.case_input import NothingInput, checked
from api.serializers.owning import WatchShape
from api.views.base import WRITE, RegistryView, answer
from registry import access
from registry.actions import watching


class Watch(RegistryView):
    scopes = {"GET": (Scope.CASES_READ,), "PUT": WRITE, "DELETE": WRITE}

    @describing.reads(WatchShape, operation_id="read_watch", summary="Whether you hear of a case, and who does")
    def get(self, request, reference):
        return self.answer_for(access.case_for(request.user, reference))

    @describing.writes(
        WatchShape,
        takes=NothingInput,
        operation_id="watch_case",
        summary="Hear of what happens in a case",
    )
    def put(self, request, reference):
        case = access.case_for(request.user, reference)
        checked(NothingInput, request.data)
        self.hear(case, wanted=True)
        return self.answer_for(case)

    @extend_schema(
        operation_id="unwatch_case",
        summary="Hear nothing of a case, though involved in it, unless somebody names you",
        responses={204: None, **describing.refusals(*describing.READING, 409)},
    )
    def delete(self, request, reference):
        self.hear(access.case_for(request.user, reference), wanted=False)
        return Response(status=204)

    def hear(self, case, *, wanted):
        watching.hear_of_case(case=case, by=self.request.user, at=timezone.now(), watching=wanted)

    def answer_for(self, case):
        hearers = [person.username for person in watching.hearers(case)]
        reference = reference_of(case.pk)
        data = {
            "case": reference,
            "watching": self.request.user.username in hearers,
            "hearers": hearers,
            **self.addresses().beside(reference, "watch"),
        }
        return answer(self.request, data, version=1)
