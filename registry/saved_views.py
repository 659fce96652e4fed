"""Reading saved views: which one a slug names for a person, and what it holds."""

from django.core.exceptions import ValidationError
from django.http import QueryDict

from registry.models import SavedView

# What `view=` takes besides slugs: every case, also for somebody whose list opens with a view.
ALL = "all"


def find_view(person, slug):
    """The view `person` may use. Unknown, private to somebody else and deleted answer alike: ValidationError."""
    possible = len(slug) <= 80 and "\x00" not in slug
    view = SavedView.objects.for_person(person).filter(slug=slug).first() if possible else None
    if view is None:
        shown = slug[:80].replace("\x00", "\ufffd")
        raise ValidationError(f"There is no view “{shown}”.", code="unknown_view")
    return view


def views_for(person):
    """One's own views, then what others share, each by name."""
    views = SavedView.objects.for_person(person).select_related("owner").order_by("name", "pk")
    return sorted(views, key=lambda view: view.owner_id != person.pk)


def contents_of(query):
    """(filters as a QueryDict, ordering or "") of a query as it is kept and sent."""
    parameters = QueryDict(query, mutable=True)
    ordering = parameters.pop("ordering", [""])[-1]
    return parameters, ordering


def values_of(name, texts):
    """The values that were written for one filter: a list of nodes taken apart, nothing empty."""
    if name.startswith("label") and name != "label_method":
        texts = [key.strip() for text in texts for key in text.split(",")]
    return [text for text in texts if text.strip()]


def canonical(parameters, ordering):
    """Filters and order as they are kept: the same text for the same cases in the same order."""
    kept = QueryDict(mutable=True)
    for name in sorted(parameters):
        kept.setlist(name, sorted(parameters.getlist(name)))
    if ordering:
        kept["ordering"] = ordering
    return kept.urlencode(safe=":,")
