"""People and teams: names for everybody who logs, the rest for administrators."""

import django_filters
from django.contrib.postgres.aggregates import ArrayAgg
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404
from django.utils import timezone

from api import describing
from api.auth import administers
from api.models import Scope
from api.serializers.case_input import checked
from api.serializers.people import (
    NewPersonInput,
    PersonChangeInput,
    PersonShape,
    TeamWithMembersShape,
    person_of,
    team_of,
)
from api.views.base import ListView, RegistryView, answer
from registry.actions import people
from registry.choices import Role
from registry.models import Person, Team

BY_NAME = {"name": ("name", "id"), "-name": ("-name", "-id"), "id": ("id",), "-id": ("-id",)}
NEW = {"username": "jonas", "email": "jonas@example.org", "name": "Jonas Weber", "role": "analyst"}


class PersonFilterSet(django_filters.FilterSet):
    role = django_filters.MultipleChoiceFilter(choices=Role.choices, label="For administrators.")
    is_active = django_filters.BooleanFilter(label="May sign in. For administrators.")


class PersonList(ListView):
    scopes = {"GET": (Scope.CASES_READ,), "POST": (Scope.ADMIN,)}
    shape = PersonShape
    orderings = BY_NAME
    filter_set = PersonFilterSet

    @describing.lists(
        PersonShape,
        orderings=BY_NAME,
        default="name",
        filter_set=PersonFilterSet,
        operation_id="list_people",
        summary="People whom a case can name; for administrators everybody, with address and role",
    )
    def get(self, request):
        return super().get(request)

    @describing.writes(
        PersonShape,
        takes=NewPersonInput,
        status=201,
        operation_id="make_person",
        summary="Make a person, who has no password until they ask for one; administrators only",
        examples=[describing.example("An analyst", NEW)],
    )
    def post(self, request):
        require_administrator(request)
        values = checked(NewPersonInput, request.data)
        person = people.create_person(by=request.user, at=timezone.now(), **values)
        data = person_of(person, self.addresses(), whole=True)
        return answer(request, data, version=0, status=201, headers={"Location": data["url"]})

    def found(self):
        found = people_for(self.request)
        if not administers(self.request) and self.filter_set.base_filters.keys() & self.request.query_params.keys():
            raise PermissionDenied("Only administrators, with the scope admin, filter people.")
        return found

    def row_of(self, row):
        return person_of(row, self.addresses(), whole=administers(self.request))


class OnePerson(RegistryView):
    scopes = {"GET": (Scope.CASES_READ,), "PATCH": (Scope.ADMIN,)}

    @describing.reads(PersonShape, operation_id="read_person", summary="One person")
    def get(self, request, username):
        return self.answer_for(people_for(request).named(username))

    @describing.writes(
        PersonShape,
        takes=PersonChangeInput,
        operation_id="edit_person",
        summary="Change the fields that are sent; administrators only. Nobody is ever deleted",
        examples=[describing.example("May not sign in any more", {"is_active": False})],
    )
    def patch(self, request, username):
        require_administrator(request)
        person = Person.objects.named(username)
        values = checked(PersonChangeInput, request.data)
        return self.answer_for(people.edit_person(person=person, by=request.user, at=timezone.now(), **values))

    def answer_for(self, person):
        data = person_of(person, self.addresses(), whole=administers(self.request))
        return answer(self.request, data, version=0)


@describing.listed("list_teams", "Your teams; for administrators every team")
class TeamList(ListView):
    shape, build = TeamWithMembersShape, team_of
    orderings = BY_NAME

    def found(self):
        return teams_for(self.request)


class OneTeam(RegistryView):
    @describing.reads(TeamWithMembersShape, operation_id="read_team", summary="One of your teams")
    def get(self, request, number):
        team = teams_for(request).filter(pk=number).first() if int(number) < 2**31 else None
        if team is None:
            raise Http404
        return answer(request, team_of(team, self.addresses()), version=0)


def require_administrator(request):
    if not request.user.is_administrator:
        raise PermissionDenied("Only administrators make and change people.")


def people_for(request):
    """Everybody for administrators; for others who may sign in, as the page shows them where a case names readers."""
    if administers(request):
        return Person.objects.all()
    if not request.user.may_log:
        raise PermissionDenied("Readers name nobody, so they see no list of people.")
    return Person.objects.active()


def teams_for(request):
    """The caller's own teams, every one for administrators; each with `usernames`."""
    mine = Q() if administers(request) else Q(pk__in=request.user.memberships.values("team"))
    name = "members__person__username"
    names = ArrayAgg(name, filter=Q(members__isnull=False), order_by=name, default=[])
    return Team.objects.filter(mine).annotate(usernames=names)
