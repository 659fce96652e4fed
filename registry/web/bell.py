"""How many cases have news for the person who looks, on every page."""

from django.utils.functional import SimpleLazyObject

from registry import access
from registry.models import Notification

COUNTED = 99


def bell(request):
    """`n_news`: counted only where a template shows it, with one query; None for nobody."""
    person = getattr(request, "user", None)
    return {"n_news": SimpleLazyObject(lambda: n_news(person)) if person and person.is_authenticated else None}


def n_news(person):
    """The number of cases `person` may see with something they have not seen, as words; empty for none."""
    unseen = Notification.objects.filter(person=person, seen_at=None, case__in=access.visible_to(person))
    n = len(unseen.values_list("case", flat=True).distinct()[: COUNTED + 1])
    return f"{COUNTED}+" if n > COUNTED else str(n or "")
