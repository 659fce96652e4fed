"""The only door to a case: who may see it, and who may do what with it.

Lists, counts, search, facets, statistics, digests, the API and the administration all start from
`visible_to`. A case one may not see answers exactly like one that does not exist.
"""

import re

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q
from django.http import Http404

from registry.choices import Right, Status, Visibility
from registry.models import Case, CaseReader, Person, TeamMember

REFERENCE = re.compile(r"(?:[A-Za-z]{1,10}-)?([0-9]{1,10})")
EARLY = frozenset({Status.DRAFT, Status.TRIAGE})


def visible_to(person):
    """The cases `person` may see: the open ones, those of their teams, and those they reported, own, review or
    are named on. A case that was merged into another is seen there, and nowhere else.
    """
    return seen_by(person).filter(merged_into=None)


def seen_by(person):
    """The same with merged cases among them: for following an old number, and for taking a merge back."""
    if not person.is_authenticated or not person.is_active:
        return Case.objects.none()
    named = Exists(CaseReader.objects.filter(case=OuterRef("pk"), person=person))
    in_team = Q(visibility=Visibility.TEAM) & Exists(TeamMember.objects.filter(team=OuterRef("team"), person=person))
    involved = Q(reporter=person) | Q(owner=person) | Q(reviewer=person) | Q(named)
    submitted = ~Q(status=Status.DRAFT)
    return Case.objects.filter((Q(visibility=Visibility.EVERYONE) & submitted) | involved | (in_team & submitted))


def counted_cases():
    """The cases statistics read; the same for every reader."""
    return Case.objects.counted()


def number_of(reference):
    """The number in `AIR-42` or `42`; raises Http404 for anything else."""
    found = REFERENCE.fullmatch(str(reference))
    number = int(found[1]) if found else 0
    if not 0 < number < 2**31:
        raise Http404
    return number


def case_for(person, reference, *, to=Right.VIEW):
    """The case if `person` may do `to` with it. Http404 if they may not see it, PermissionDenied otherwise."""
    cases = visible_to(person).select_related(
        "reporter", "owner", "reviewer", "realised_severity", "potential_severity"
    )
    case = cases.filter(pk=number_of(reference)).first()
    if case is None:
        raise Http404
    require(person, to, case)
    return case


def require(person, right, case):
    if not may(person, right, case):
        raise PermissionDenied(REFUSALS[right])


def may(person, right, case):
    """Whether `person`, who can see `case`, has `right` over it."""
    own_early = case.reporter_id == person.pk and case.status in EARLY and person.may_log
    return {
        Right.VIEW: True,
        Right.EDIT: own_early or (person.may_label and case.status != Status.CLOSED),
        Right.LABEL: person.may_label and case.status not in (Status.CLOSED, Status.WITHDRAWN),
        Right.ANALYSE: person.may_label,
        Right.REVIEW: person.may_review,
    }[right]


REFUSALS = {
    Right.VIEW: "You may not see this.",
    Right.EDIT: "Only analysts, and its reporter until it is accepted, change a case; reopen a closed one first.",
    Right.LABEL: "Only analysts label cases, while the case is open.",
    Right.ANALYSE: "Only analysts move cases through analysis.",
    Right.REVIEW: "Only reviewers approve, return and adjudicate.",
}


def people_who_see(case):
    """The people who can see `case`, by name; every active person when it is open to everyone."""
    people = Person.objects.active().order_by("name", "pk")
    if case.visibility == Visibility.EVERYONE and case.status != Status.DRAFT:
        return people
    involved = [pk for pk in (case.reporter_id, case.owner_id, case.reviewer_id) if pk]
    seeing = Q(pk__in=involved) | Q(pk__in=case.readers.values("person"))
    if case.visibility == Visibility.TEAM and case.status != Status.DRAFT:
        seeing |= Q(pk__in=TeamMember.objects.filter(team=case.team_id).values("person"))
    return people.filter(seeing)
