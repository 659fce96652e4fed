"""What the pages of mitigations show: only those of cases the reader may see, and only those cases."""

from datetime import date
from urllib.parse import urlencode

from django.db.models import Case as Choice
from django.db.models import DateField, Value, When
from django.db.models.functions import Coalesce
from django.http import Http404
from django.urls import reverse

from registry import access
from registry.actions import mitigations as actions
from registry.choices import Effect, MitigationState, Right, Status
from registry.models import Case, Mitigation, MitigationCase, Person
from registry.paging import page_of
from registry.web.cursors import neighbours
from registry.web.numbers import whole

PER_PAGE = 50
NO_DAY = date(9999, 12, 31)
ME, NOBODY = "me", "none"
TAGS = {
    MitigationState.PROPOSED: ("", "circle"),
    MitigationState.ACCEPTED: ("", "half"),
    MitigationState.IN_PROGRESS: ("warn", "clock"),
    MitigationState.DONE: ("ok", "check"),
    MitigationState.WILL_NOT_DO: ("", "dash"),
}


def list_context(person, query, *, today):
    """One's own first, what is open before what is over, the soonest due first. Raises paging.BadCursor."""
    seen = actions.seen_mitigations(person)
    kept = {name: query.get(name, "").replace("\x00", "")[:40] for name in ("state", "owner", "effect", "overdue")}
    found = in_order(filtered(seen, kept, person, today), person).select_related("owner", "node")
    page = page_of(found, ordering="own", fields=ORDER, limit=PER_PAGE, cursor=query.get("cursor"))
    cases = cases_of_each(person, page.rows)
    for row in page.rows:
        dressed(row, today)
        row.seen_cases = cases.get(row.pk, [])
    kept = {name: value for name, value in kept.items() if value}
    owners = Person.objects.filter(mitigations__in=seen).exclude(pk=person.pk).distinct().order_by("name", "pk")
    return {
        "mitigations": page.rows,
        "chosen": kept,
        "states": MitigationState.choices,
        "effects": Effect.choices,
        "owners": [(str(owner.pk), owner.name) for owner in owners],
        "may_propose": person.may_label,
        "page": neighbours(page, kept),
    }


ORDER = ("others", "over", "due", "id")


def in_order(mitigations, person):
    return mitigations.annotate(
        others=Choice(When(owner=person, then=0), default=1),
        over=Choice(When(state__in=actions.OVER, then=1), default=0),
        due=Coalesce("due_on", Value(NO_DAY), output_field=DateField()),
    )


def filtered(mitigations, kept, person, today):
    """What the form above the list asks for; a value that is none of its own finds nothing."""
    if kept["state"]:
        mitigations = mitigations.filter(state=kept["state"])
    if kept["effect"]:
        mitigations = mitigations.filter(effect=kept["effect"])
    if kept["overdue"]:
        mitigations = mitigations.filter(actions.overdue(today))
    if kept["owner"] == NOBODY:
        return mitigations.filter(owner=None)
    if kept["owner"]:
        owner = person.pk if kept["owner"] == ME else whole(kept["owner"])
        return mitigations.none() if owner is None else mitigations.filter(owner=owner)
    return mitigations


def dressed(row, today):
    """Adds what a line shows: the kind and symbol of its state, and whether it is overdue."""
    row.kind, row.symbol = TAGS[row.state]
    row.is_overdue = row.due_on is not None and row.due_on < today and row.state not in actions.OVER
    return row


def cases_of_each(person, mitigations):
    """{mitigation id: [the cases `person` may see]}. One query."""
    rows = MitigationCase.objects.filter(mitigation__in=mitigations, case__in=access.visible_to(person))
    found = {}
    for row in rows.select_related("case").only("mitigation", "case__title").order_by("case"):
        found.setdefault(row.mitigation_id, []).append(row.case)
    return found


def section_context(person, case, *, today):
    """The section of the case page. One query."""
    rows = Mitigation.objects.filter(answered__case=case).select_related("owner", "node")
    rows = [dressed(row, today) for row in rows.order_by("created_at", "pk")]
    may_propose = case.status != Status.DRAFT and access.may(person, Right.ANALYSE, case)
    return {"mitigations": rows, "may_propose": may_propose, "propose_url": propose_url(case)}


def propose_url(case):
    return f"{reverse('mitigation-new')}?{urlencode({'case': case.reference})}"


def page_context(person, mitigation, *, today):
    cases = access.visible_to(person).filter(answers__mitigation=mitigation).select_related("potential_severity")
    return {
        "mitigation": dressed(mitigation, today),
        "cases": list(cases.only(*SHOWN).order_by("pk")),
        "may_change": actions.may_change(person, mitigation),
        "may_analyse": person.may_label,
        "facts": facts_of(mitigation),
    }


SHOWN = ("title", "status", "occurred_from", "occurred_to", "occurred_precision", "potential_severity")


def facts_of(mitigation):
    node = f"{mitigation.node.scheme.name}: {mitigation.node.name}" if mitigation.node else ""
    return [
        ("State", mitigation.get_state_display()),
        ("Owner", mitigation.owner.name if mitigation.owner else ""),
        ("Due", mitigation.due_on and f"{mitigation.due_on:%-d %B %Y}"),
        ("Did it help?", "" if mitigation.effect == Effect.UNKNOWN else mitigation.get_effect_display()),
        ("Kind of mitigation", node),
        ("Proposed by", mitigation.proposed_by.name),
    ]


def named_case(person, text):
    """The case a text names, if `person` may see it; None otherwise, whatever the reason."""
    try:
        number = access.number_of(text)
    except Http404:
        return None
    return Case.objects.filter(pk__in=access.visible_to(person).filter(pk=number).values("pk")).first()
