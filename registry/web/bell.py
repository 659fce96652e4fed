"""How many cases have news for the person who looks, on every page."""

from django.utils.functional import SimpleLazyObject

from registry.actions.notifications import told_to

COUNTED = 99


def bell(request):
    """`n_news`: counted only where a template shows it, with one query; None for nobody."""
    person = getattr(request, "user", None)
    return {"n_news": SimpleLazyObject(lambda: n_news(person)) if person and person.is_authenticated else None}


def n_news(person):
    """The number of cases `person` may see with something they have not seen, as words; empty for none."""
    unseen = told_to(person).filter(seen_at=None)
    n = len(unseen.values_list("case", flat=True).distinct()[: COUNTED + 1])
    return f"{COUNTED}+" if n > COUNTED else str(n or "")
