"""Making the case form for a page: the people, tiers and names it offers, and what a case holds already."""

from django.db.models import Exists, OuterRef
from django.http import QueryDict

from registry import access
from registry.access import EARLY
from registry.models import CaseSystem, Person, System
from registry.web.forms.case import CaseForm, typed
from taxonomy.models import SeverityTier

SUGGESTED = 300
NEVER_PREFILLED = frozenset({"version_read", "owner", "reason"})


def case_form(person, *, case=None, data=None, initial=None):
    """The form for a new case, or for `case`: its owner is asked once it is in analysis, of those who may say."""
    tiers = list(SeverityTier.objects.order_by("rank"))
    people = Person.objects.active().order_by("name", "pk")
    form = CaseForm(data, initial=initial, person=person, tiers=tiers, people=people)
    if case is None or case.status in EARLY or not person.may_label:
        del form.fields["owner"]
    return form


def initial_of(case):
    return typed(
        case,
        systems=case.case_systems.select_related("system").order_by("pk"),
        parties=case.case_parties.select_related("organisation").order_by("pk"),
        sources=case.case_sources.select_related("source").order_by("pk"),
        readers=case.readers.order_by("pk"),
    )


def prefilled(person, query):
    """Initial values from an address such as ?title=…&system=…; what it does not know is ignored."""
    query = QueryDict(query.urlencode().replace("%00", ""))
    initial = {}
    for name, field in case_form(person).fields.items():
        if name in query and name not in NEVER_PREFILLED:
            initial[name] = field.widget.value_from_datadict(query, {}, name)
    return initial


def known_systems(person):
    """Names to suggest: of systems in cases the person may see, so that no hidden case shows through."""
    in_sight = CaseSystem.objects.filter(system=OuterRef("pk"), case__in=access.visible_to(person))
    return System.objects.filter(Exists(in_sight)).order_by("name").values_list("name", flat=True)[:SUGGESTED]
