"""Systems, organisations and event groups: those that a case names which the caller may see. Cases make them."""

import django_filters
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, IntegerField, OuterRef, Subquery

from api import describing
from api.finding import row_or_404
from api.serializers import parties as shapes
from api.views.base import ListView, RegistryView, answer
from registry import access
from registry.filter_fields import SearchFilter
from registry.models import CaseParty, CaseSystem, EventGroup, Organisation, System
from registry.picking import LONGEST, ORGANISATIONS, SYSTEMS, going_by, seen, some_cases

BY_NAME = {"name": ("name", "id"), "-name": ("-name", "-id"), **ListView.orderings}


class PartyFilterSet(django_filters.FilterSet):
    q = SearchFilter(method="named", label="Part of its name or of another name it goes by, or nearly")

    kind = None

    def named(self, queryset, name, words):
        words = " ".join(words.split())[:LONGEST]
        return going_by(queryset, self.kind, words) if words else queryset


class SystemFilterSet(PartyFilterSet):
    kind = SYSTEMS

    class Meta:
        model = System
        fields = []


class OrganisationFilterSet(PartyFilterSet):
    kind = ORGANISATIONS

    class Meta:
        model = Organisation
        fields = []


def rows_for(person, kind):
    """The rows that `person` may know of, with what a list says of each."""
    names = kind.aliases.objects.filter(**{kind.field: OuterRef("pk")}).order_by("name").values("name")
    return seen(person, kind).annotate(other_names=ArraySubquery(names), some_cases=some_cases(person, kind))


def systems_for(person):
    developer = seen(person, ORGANISATIONS).filter(pk=OuterRef("developer")).values("name")
    return rows_for(person, SYSTEMS).annotate(seen_developer=Subquery(developer))


def organisations_for(person):
    return rows_for(person, ORGANISATIONS)


def groups_for(person):
    cases = access.visible_to(person).filter(event_group=OuterRef("pk")).order_by()
    n_cases = cases.values("event_group").annotate(n=Count("pk")).values("n")
    rows = EventGroup.objects.filter(Exists(cases))
    return rows.annotate(n_cases=Subquery(n_cases, output_field=IntegerField()))


def n_naming(person, through, **named):
    """How many cases `person` sees that name the row, however many there are."""
    return access.visible_to(person).filter(pk__in=through.objects.filter(**named).values("case")).count()


@describing.listed("list_systems", "The AI systems that cases you may see name")
class SystemList(ListView):
    shape, build = shapes.OneSystemShape, shapes.system_of
    filter_set, orderings = SystemFilterSet, BY_NAME

    def found(self):
        return systems_for(self.request.user)


class OneSystem(RegistryView):
    @describing.reads(shapes.OneSystemShape, operation_id="read_system", summary="One AI system, whatever its version")
    def get(self, request, number):
        row = row_or_404(systems_for(request.user), number)
        row.n_cases = n_naming(request.user, CaseSystem, system=row)
        return answer(request, shapes.system_of(row, self.addresses()), version=1)


@describing.listed("list_organisations", "The developers, deployers and affected parties that cases you may see name")
class OrganisationList(ListView):
    shape, build = shapes.OrganisationShape, shapes.organisation_of
    filter_set, orderings = OrganisationFilterSet, BY_NAME

    def found(self):
        return organisations_for(self.request.user)


class OneOrganisation(RegistryView):
    @describing.reads(shapes.OrganisationShape, operation_id="read_organisation", summary="One organisation")
    def get(self, request, number):
        row = row_or_404(organisations_for(request.user), number)
        row.n_cases = n_naming(request.user, CaseParty, organisation=row)
        return answer(request, shapes.organisation_of(row, self.addresses()), version=1)


@describing.listed("list_event_groups", "The events that several cases report, which count once")
class EventGroupList(ListView):
    shape, build, orderings = shapes.OneEventGroupShape, shapes.event_group_of, BY_NAME

    def found(self):
        return groups_for(self.request.user)


class OneEventGroup(RegistryView):
    @describing.reads(shapes.OneEventGroupShape, operation_id="read_event_group", summary="One event")
    def get(self, request, number):
        return answer(
            request, shapes.event_group_of(row_or_404(groups_for(request.user), number), self.addresses()), version=1
        )
