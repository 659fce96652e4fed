"""The saved views as the case list shows them: tabs, and what may be done with the one shown."""

from dataclasses import dataclass

from django.urls import reverse

from registry.filter_words import NAMES, chip_words
from registry.filters import ME
from registry.saved_views import ALL, contents_of, views_for

BUILT_IN = (
    ("In triage", "status=triage"),
    ("In review", "status=review"),
    ("Mine", f"owner={ME}"),
)
IN_LINE = 4


@dataclass
class Tab:
    label: str
    url: str
    current: bool
    by: str = ""
    is_default: bool = False


def tabs(person, chosen):
    """{"shown": the tabs in line, "more": the others}; one's own views stand before those others share."""
    address = reverse("case-list")
    shown = "" if chosen.view else chosen.kept
    everything = f"{address}?view={ALL}" if person.default_view_id else address
    found = [Tab("All", everything, not chosen.view and not shown)]
    found += [Tab(label, f"{address}?{query}", shown == query) for label, query in BUILT_IN]
    saved = [tab_of(view, person, chosen, address) for view in views_for(person)]
    # The view that is shown is never among those folded away.
    in_line = saved[:IN_LINE] + [tab for tab in saved[IN_LINE:] if tab.current]
    return {"shown": found + in_line, "more": [tab for tab in saved[IN_LINE:] if not tab.current]}


def tab_of(view, person, chosen, address):
    return Tab(
        label=view.name,
        url=f"{address}?view={view.slug}",
        current=bool(chosen.view) and chosen.view.pk == view.pk,
        by="" if view.owner_id == person.pk else view.owner.name,
        is_default=view.pk == person.default_view_id,
    )


def view_words(person, chosen):
    """What the page offers to do with the view shown, beside what the selection says of it."""
    view = chosen.view
    return {
        "own": bool(view) and view.owner_id == person.pk,
        "worth_keeping": bool(chosen.kept) and (view is None or chosen.changed),
    }


def view_chips(view):
    """What a view holds, in words that need no look-up: nodes and people by their keys."""
    parameters, _ = contents_of(view.query)
    return [
        {"name": NAMES.get(name, name), "value": chip_words(name, value, {})}
        for name, values in parameters.lists()
        for value in values
    ]
