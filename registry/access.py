"""The only door to a case: who may see it, and who may do what with it.

Lists, counts, search, facets, statistics, digests, the API and the administration all start from
`visible_to`. A case one may not see answers exactly like one that does not exist.
"""

import re

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q
from django.http import Http404

from registry.choices import RatingState, Right, Status, Visibility
from registry.models import (
    Case,
    CaseReader,
    CaseSource,
    Comment,
    Draft,
    DraftEditor,
    Evidence,
    Person,
    Rating,
    Source,
    TeamMember,
)

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
        raise _gone(person, number_of(reference))
    require(person, to, case)
    return case


class Merged(Http404):
    """The case was merged into another, which the person may see: `into`."""

    def __init__(self, number, into):
        super().__init__(f"It was merged into {into.reference}.")
        self.reference, self.into = Case(pk=number).reference, into


def _gone(person, number):
    """What to raise where there is nothing to see: Merged if the number leads to a case `person` may see."""
    followed, case = set(), Case.objects.filter(pk=number).only("merged_into").first()
    while case and case.merged_into_id and case.pk not in followed:
        followed.add(case.pk)
        case = Case.objects.only("title", "merged_into").get(pk=case.merged_into_id)
    if followed and visible_to(person).filter(pk=case.pk).exists():
        return Merged(number, case)
    return Http404()


def awaits_review_by(person):
    """Of cases: those `person` may approve or return, which are never their own."""
    own = Q(owner=person) | Q(reporter=person)
    return Q(status=Status.REVIEW) & ~own if person.may_review else Q(pk__in=[])


def is_begun_by(person):
    """Of cases: the open ones that `person` began to rate and has not handed in."""
    begun = Rating.objects.filter(rater=person, state=RatingState.WORKING)
    over = Q(status__in=[Status.CLOSED, Status.WITHDRAWN])
    return ~over & Q(pk__in=begun.values("case")) if person.may_label else Q(pk__in=[])


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


def drafts_of(person):
    """What `person` is writing, alone or with others: neither submitted nor discarded, the latest first."""
    return _written_by(person).filter(case=None, discarded_at=None).order_by("-updated_at", "pk")


def draft_for(person, key):
    """The draft if `person` writes in it; Http404 otherwise, and once it is a case they may not see."""
    draft = _written_by(person).select_related("author", "case").filter(pk=key).first()
    if draft is None or (draft.case_id and not seen_by(person).filter(pk=draft.case_id).exists()):
        raise Http404
    if not person.may_log:
        raise PermissionDenied("Readers do not log cases; ask an administrator for another role.")
    return draft


def evidence_for(person, number, *, removed=False):
    """One piece of evidence of a case `person` may see or of a draft they write in; Http404 otherwise.

    What was removed is found only by asking for it.
    """
    inside = Q(case__in=visible_to(person)) | Q(draft__in=_written_by(person))
    rows = Evidence.objects.select_related("case", "draft", "added_by").defer("turns")
    found = rows.filter(inside, pk=number, removed_at__isnull=not removed).first()
    if found is None:
        raise Http404
    return found


def comment_for(person, number):
    """One comment on a case `person` may see, unless it was removed; Http404 otherwise."""
    rows = Comment.objects.select_related("case", "author", "answers")
    comment = rows.filter(case__in=visible_to(person), pk=number, removed_at=None).first()
    if comment is None:
        raise Http404
    return comment


def sources_for(person):
    """The sources that some case `person` may see carries. One that only hidden cases carry is not there."""
    carried = CaseSource.objects.filter(source=OuterRef("pk"), case__in=visible_to(person))
    return Source.objects.filter(Exists(carried))


def _written_by(person):
    shared = Exists(DraftEditor.objects.filter(draft=OuterRef("pk"), person=person.pk))
    return Draft.objects.filter(Q(author=person.pk) | Q(shared))
