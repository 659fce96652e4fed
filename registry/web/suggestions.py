"""Names to suggest in the boxes of the list's filters, each from a case that the person may see."""

from django.db.models import Exists, OuterRef, Q
from django.http import Http404

from registry import access
from registry.models import CaseSystem, Person, System

SHOWN = 10


def suggested(person, name, words):
    """[(value, words beside it)], at most SHOWN. A name is suggested only if it finds a case. Http404 for others."""
    visible = access.visible_to(person)
    if name == "system":
        used = CaseSystem.objects.filter(system=OuterRef("pk"), case__in=visible.values("pk"))
        named = Q(name__icontains=words) | Q(aliases__name__icontains=words)
        systems = System.objects.filter(named).filter(Exists(used)).order_by("name").distinct()
        return [(text, "") for text in systems.values_list("name", flat=True)[:SHOWN]] if words else []
    if name in ("owner", "reporter"):
        used = visible.filter(**{name: OuterRef("pk")})
        named = Q(name__icontains=words) | Q(username__icontains=words)
        people = Person.objects.filter(named).filter(Exists(used)).order_by("name")
        return list(people.values_list("username", "name")[:SHOWN]) if words else []
    raise Http404
