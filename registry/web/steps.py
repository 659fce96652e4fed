"""The checklist of a case: what its next step still needs, each with the place where it is given."""

from dataclasses import dataclass

from django.urls import reverse

from registry.steps import Step, ahead

# The form's name of what a step misses, where they differ.
FIELD_OF = {"occurred_from": "occurred"}


def todo(case, missing):
    """What is missing, each with the address where it is given and the word on its button."""
    edit = reverse("case-edit", kwargs={"reference": case.reference})
    places = {
        "labels": (reverse("case-label", kwargs={"reference": case.reference}), "Label"),
        "owner": (reverse("case-step", kwargs={"reference": case.reference, "step": "accept"}), "Name"),
    }
    items = []
    for item in missing:
        url, word = places.get(item.field, (f"{edit}#id_{FIELD_OF.get(item.field, item.field)}", "Write"))
        items.append({"message": item.message, "url": url, "word": word})
    return items


@dataclass
class Checklist:
    """What the next step forward still needs, and how much of it is done."""

    step: Step
    todo: list
    done: int
    total: int
    may_take: bool
    refusal: str

    @property
    def ready(self):
        return not self.todo and not self.refusal


def checklist(person, case, *, blind):
    """The Checklist of the step that leads on from here, as `person` may know it; None for a case that is over."""
    found = ahead(person, case, blind=blind)
    if found is None:
        return None
    return Checklist(found.step, todo(case, found.missing), found.done, found.total, found.may_take, found.refusal)
