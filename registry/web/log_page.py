"""What the page for logging a case shows beside its form."""

from urllib.parse import urlencode

from django.urls import reverse

from registry.choices import Status, Visibility
from registry.models import Case, Person
from registry.web.case_forms import known_systems

SHOWN_PEOPLE = 8
SHOWN_DRAFTS = 8


def log_context(person, form, *, case=None, conflict=None):
    people = list(Person.objects.active().order_by("name", "pk")[: SHOWN_PEOPLE + 1])
    return {
        "form": form,
        "case": case,
        "conflict": conflict,
        "known_systems": known_systems(person),
        "people": people[:SHOWN_PEOPLE],
        "n_others": max(Person.objects.active().count() - SHOWN_PEOPLE, 0) if len(people) > SHOWN_PEOPLE else 0,
        "drafts": drafts_of(person, case),
        "open_blocks": blocks_in_use(form),
    }


def drafts_of(person, case):
    drafts = Case.objects.filter(reporter=person, status=Status.DRAFT).order_by("-updated_at")
    return drafts.exclude(pk=case.pk if case else None).only("title", "updated_at", "status")[:SHOWN_DRAFTS]


BLOCKS = {
    "b": ("realised_severity", "realised_rationale", "potential_severity", "potential_rationale"),
    "e": ("sources", "developers", "deployers", "affected"),
}
FIRST_QUESTIONS = ("title", "observed_behaviour", "system", "precision", "occurred", "occurred_until", "kind")


def blocks_in_use(form):
    """The optional blocks to show open: those that hold something, or an error."""
    inside = {name: block for block, names in BLOCKS.items() for name in names}
    first = (*FIRST_QUESTIONS, "visibility", "readers", "version_read", "owner", "reason")
    asked = [name for name in form.fields if name not in first]
    return {inside.get(name, "c") for name in asked if form.errors.get(name) or filled(form[name].value())}


def filled(value):
    """Whether a field holds something; rows of empty texts hold nothing."""
    return any(any(row) for row in value) if isinstance(value, list) else bool(value)


def again_address(case):
    """The address that logs another case like this one: same system, kind and visibility."""
    values = {"kind": case.kind, "visibility": case.visibility}
    first = case.case_systems.select_related("system").order_by("pk").first()
    if first:
        values |= {"system": first.system.name, "version": first.version}
    return f"{reverse('case-log')}?{urlencode({key: value for key, value in values.items() if value})}"


def next_steps(person, case):
    """What happens to a case that has just been submitted, in sentences."""
    seen = (
        "Everyone signed in can see it"
        if case.visibility == Visibility.EVERYONE
        else "Only the people named can see it"
    )
    return [
        f"It is in triage now. {seen}.",
        "An analyst gives it an owner and says how bad it could have been; until then you can change anything.",
        "It is found in lists, search and patterns within half a minute, once it carries an agreed label."
        if person.may_label
        else "Analysts label it and work out why it happened; you can follow it on its page.",
    ]
