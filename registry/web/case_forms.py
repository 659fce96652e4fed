"""Making the case form for a page: the people, tiers and names it offers, and what a case holds already."""

from django.db.models import Exists, OuterRef, Q
from django.http import QueryDict

from registry import access
from registry.access import EARLY
from registry.choices import Visibility
from registry.models import CaseSystem, Person, System, Team, TeamMember
from registry.web.forms.case import CaseForm, typed
from taxonomy.models import SeverityTier

SUGGESTED = 300
# Words an address may use as well: a source page offers “new case from this source”.
ALSO_CALLED = {"source": "sources"}
NEVER_PREFILLED = frozenset({"version_read", "digests_read", "owner", "reason"})


def case_form(person, *, case=None, draft=None, data=None, initial=None):
    """The form for a new case, for a `draft` of one, or for `case`, whose owner is asked once it is in analysis,
    of those who may say.
    """
    tiers = list(SeverityTier.objects.order_by("rank"))
    people = Person.objects.active().order_by("name", "pk")
    reporter = draft.author if draft else person
    teams = teams_to_choose(person, case=case, draft=draft)
    form = CaseForm(data, initial=initial, person=reporter, tiers=tiers, people=people, teams=teams)
    if case is None or case.status in EARLY or not person.may_label:
        del form.fields["owner"]
    if draft is None:
        del form.fields["digests_read"]
    return form


def teams_to_choose(person, *, case=None, draft=None):
    """The teams of all who write, so that nobody's page lacks what another chose; the one the case is kept to."""
    writers = Q(person=person)
    if draft is not None:
        writers |= Q(person=draft.author_id) | Q(person__in=draft.editors.values("person"))
    wanted = Q(pk__in=TeamMember.objects.filter(writers).values("team"))
    if case is not None and case.team_id:
        wanted |= Q(pk=case.team_id)
    return list(Team.objects.filter(wanted).order_by("name", "pk"))


def narrowest_if_unknown(form):
    """A page that cannot offer the audience it is given starts from named people, never from everyone."""
    choices = [value for value, _ in form.fields["visibility"].choices]
    if form.initial.get("visibility", Visibility.EVERYONE) not in choices:
        form.initial["visibility"] = Visibility.NAMED


def initial_of(case):
    return typed(
        case,
        systems=case.case_systems.select_related("system").order_by("pk"),
        parties=case.case_parties.select_related("organisation").order_by("pk"),
        sources=case.case_sources.select_related("source").order_by("pk"),
        readers=case.readers.order_by("pk"),
    )


def prefilled_form(person, query):
    """The form of a new case, filled in from an address such as ?title=…&system=…; other words are ignored."""
    form = case_form(person)
    query = QueryDict(query.urlencode().replace("%00", ""), mutable=True)
    for short, name in ALSO_CALLED.items():
        if short in query and name not in query:
            query.setlist(name, query.getlist(short))
    for name, field in form.fields.items():
        if name in query and name not in NEVER_PREFILLED:
            form.initial[name] = field.widget.value_from_datadict(query, {}, name)
    narrowest_if_unknown(form)
    return form


def known_systems(person):
    """Names to suggest: of systems in cases the person may see, so that no hidden case shows through."""
    in_sight = CaseSystem.objects.filter(system=OuterRef("pk"), case__in=access.visible_to(person))
    return System.objects.filter(Exists(in_sight)).order_by("name").values_list("name", flat=True)[:SUGGESTED]
