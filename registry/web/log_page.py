"""What the page for logging a case shows beside its form."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import prefetch_related_objects
from django.urls import reverse

from registry import access
from registry.choices import Right, Status, Visibility
from registry.models import Case, Person, TeamMember
from registry.web import likeness
from registry.web.case_forms import known_systems
from registry.web.case_page import agreed_breaks
from registry.web.evidence_page import Place, evidence_of
from registry.web.foresight import came_after, lead_time
from registry.web.forms.case import TEAM_PREFIX
from registry.web.forms.evidence import most_in_words
from registry.web.gap_form import gap_form
from registry.web.proposals import level_of, proposals_for

SHOWN_PEOPLE = 8
SHOWN_DRAFTS = 8
SHOWN_CASES = 200


@dataclass(frozen=True)
class Audience:
    """Who would see the case with one answer to “who may see it”: the first few by name, and how many more."""

    value: str
    words: str
    people: list
    n_others: int
    chosen: bool


def log_context(person, form, *, draft=None, labels=None, conflict=None):
    """What log/log.html shows; `labels` is a LabelsBlock, None for who does not label."""
    if draft is not None:
        prefetch_related_objects([draft], "editors")
    return {
        "form": form,
        "gap_form": gap_form(form),
        "draft": draft,
        "labels": labels,
        "conflict": conflict,
        "audiences": audiences(form, draft.author if draft else person),
        "drafts": other_drafts(person, draft),
        "evidence": evidence_of(Place(draft=draft).rows) if draft else [],
        "upload_url": Place(draft=draft).add_url if draft else "",
        "most": most_in_words(),
        "open_blocks": blocks_in_use(form, labels),
        "likenesses": likeness.inputs_of(form.data if form.is_bound else draft.answers if draft else {}),
    }


def edit_context(person, form, *, case, conflict=None):
    """What case/edit.html shows."""
    return {
        "form": form,
        "gap_form": gap_form(form, agreed_breaks(person, case)),
        **proposed(person, case),
        "lead_time": lead_time(case),
        "came_after": came_after(case),
        "case": case,
        "conflict": conflict,
        "known_systems": known_systems(person),
        "audiences": audiences(form, case.reporter),
    }


def proposed(person, case):
    """Labels that might fit and the severity that follows, for who labels; nobody else is asked for either."""
    groups = proposals_for(person, case) if access.may(person, Right.LABEL, case) else []
    return {"proposals": groups, "level": level_of(groups), "may_label": access.may(person, Right.LABEL, case)}


def audiences(form, reporter):
    """An Audience for each choice of visibility. Three queries, however many teams and people."""
    everyone = list(Person.objects.active().order_by("name", "pk")[:SHOWN_PEOPLE])
    n_everyone = Person.objects.active().count()
    members = {value: [] for value in form.teams}
    rows = TeamMember.objects.filter(team__in=[team.pk for team in form.teams.values()], person__is_active=True)
    for row in rows.select_related("person").order_by("person__name", "person_id"):
        members[f"{TEAM_PREFIX}{row.team_id}"].append(row.person)
    chosen = str(form["visibility"].value())
    found = []
    for value, words in form.fields["visibility"].choices:
        people, n = everyone, n_everyone
        if value != Visibility.EVERYONE:
            # The reporter sees it whatever is chosen.
            people = [reporter, *(person for person in members.get(value, ()) if person.pk != reporter.pk)]
            n = len(people)
        found.append(
            Audience(str(value), str(words), people[:SHOWN_PEOPLE], max(n - SHOWN_PEOPLE, 0), str(value) == chosen)
        )
    return found


def other_drafts(person, draft):
    """What else the person is writing, the latest first; the one on the page is not among them."""
    return list(access.drafts_of(person).exclude(pk=draft.pk if draft else None)[:SHOWN_DRAFTS])


def draft_cases_of(person):
    """Cases that a tool left as drafts through REST; the pages make none."""
    drafts = Case.objects.filter(reporter=person, status=Status.DRAFT).order_by("-updated_at", "-pk")
    return list(drafts.only("title", "updated_at", "status")[:SHOWN_CASES])


BLOCKS = {
    "b": ("realised_severity", "realised_rationale", "potential_severity", "potential_rationale"),
    "e": ("sources", "developers", "deployers", "affected"),
}
FIRST_QUESTIONS = ("title", "observed_behaviour", "system", "precision", "occurred", "occurred_until", "kind")


def blocks_in_use(form, labels=None):
    """The optional blocks to show open: those that hold something, or an error."""
    inside = {name: block for block, names in BLOCKS.items() for name in names}
    first = (*FIRST_QUESTIONS, "visibility", "readers", "version_read", "digests_read", "owner", "reason")
    asked = [name for name in form.fields if name not in first]
    open_ones = {inside.get(name, "c") for name in asked if form.errors.get(name) or filled(form[name].value())}
    return open_ones | ({"d"} if labels is not None and labels.n_chosen else set())


def filled(value):
    """Whether a field holds something; rows of empty texts hold nothing."""
    return any(any(row) for row in value) if isinstance(value, list) else bool(value)


def again_address(case):
    """The address that logs another case like this one: same system, kind and visibility."""
    visibility = f"{TEAM_PREFIX}{case.team_id}" if case.team_id else case.visibility
    values = {"kind": case.kind, "visibility": visibility}
    first = case.case_systems.select_related("system").order_by("pk").first()
    if first:
        values |= {"system": first.system.name, "version": first.version}
    return f"{reverse('case-log')}?{urlencode({key: value for key, value in values.items() if value})}"


def next_steps(person, case):
    """What happens to a case that has just been submitted, in sentences."""
    seen = {
        Visibility.EVERYONE: "Everyone signed in can see it",
        Visibility.TEAM: f"Only the team “{case.team}” can see it",
        Visibility.NAMED: "Only the people named can see it",
    }[case.visibility]
    return [
        f"It is in triage now. {seen}.",
        "An analyst gives it an owner and says how bad it could have been; until then you can change anything.",
        "It is found in lists, search and patterns within half a minute, once it carries an agreed label."
        if person.may_label
        else "Analysts label it and work out why it happened; you can follow it on its page.",
    ]
