"""What the page that restores a field shows: what stands now, what stood then, and what would change."""

from registry.actions.restoring import DATES, held_at
from registry.history.fields import label_of
from registry.web.differences import difference
from registry.wording import day


def context(case, event, field):
    then = held_at(case, event, field)
    before, after = in_words(case, field, now_of(case, then)), in_words(case, field, then)
    return {
        "case": case,
        "label": "Occurred" if field in DATES else label_of(field),
        "held_at": case.events.values_list("pgh_created_at", flat=True).get(pgh_id=event),
        "difference": difference(before, after),
        "now": before,
        "then": after,
        "same": before == after,
    }


def now_of(case, then):
    return {name: getattr(case, name) for name in then}


def in_words(case, field, values):
    """A field's value as the case page says it; empty where there is none."""
    if field in DATES:
        # An unsaved copy, for its words only.
        return type(case)(**values).occurred
    value = values[field]
    if hasattr(value, "strftime"):
        return day(value)
    choices = dict(case._meta.get_field(field).choices or ())
    return "" if value is None else str(choices.get(value, value))
