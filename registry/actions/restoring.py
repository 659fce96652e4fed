"""Bringing back what a field of a case held at some time, from the history."""

from django.core.exceptions import ValidationError
from django.http import Http404

from registry.actions import cases
from registry.actions.signing import lock, signed
from registry.models.case import NARRATIVE_FIELDS, OPTIONAL_CHOICES

DATES = ("occurred_from", "occurred_to", "occurred_precision")
# Who owns a case and who may see it are handed over, not restored; rows beside the case have pages of their own.
RESTORABLE = (
    "title",
    "kind",
    *DATES,
    *NARRATIVE_FIELDS,
    *OPTIONAL_CHOICES,
    "predictability_reason",
    "warning_url",
    "warned_on",
    "realised_severity",
    "realised_rationale",
    "potential_severity",
    "potential_rationale",
)


@signed
def restore_field(*, case, by, at, version, event, field, reason=""):
    """Give `field` the value it had at `event`, a number of the case's own history. Returns the case.

    The days of the occurrence and how exact they are come back together. Raises Conflict if somebody saved the case
    since `version`, Http404 if it has no such event or field.
    """
    case = lock(case, version=version)
    then = held_at(case, event, field)
    if all(getattr(case, name) == value for name, value in then.items()):
        raise ValidationError("It holds that already; there is nothing to restore.")
    return cases.edit_case(case=case, by=by, at=at, version=version, reason=reason, **then)


def held_at(case, event, field):
    """{field: value} that restoring `field` of `case` from the numbered event would set."""
    found = case.events.filter(pgh_id=event).first() if field in RESTORABLE else None
    if found is None:
        raise Http404
    names = DATES if field in DATES else (field,)
    return {name: getattr(found, name) for name in names}
