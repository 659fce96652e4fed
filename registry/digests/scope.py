"""What a subscription follows: the cases of its scope as its reader may see them now, and what that is called."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Q
from django.db.models.query import QuerySet
from django.http import QueryDict

from registry import access
from registry.actions.populations import query_followed
from registry.choices import About, Status
from registry.digests import links
from registry.digests.wishes import followed, is_gone
from registry.digests.wording import one_line, sentence
from registry.filters import CaseFilterSet, problems_in
from registry.models import Person
from registry.node_changes import numbers_below
from registry.saved_views import ALL, contents_of
from taxonomy.models import Node

NO_VIEW = "The view that this digest followed was deleted or is not shared any more."
NO_SYSTEM = "No case that this digest may tell of names the system that it followed any more."


@dataclass(frozen=True)
class Scope:
    """What one digest is about.

    reader    who reads it; None for a team's address, which stands for somebody nobody knows
    cases     everything in scope that the reader may see: no drafts, nothing merged away, in no order
    words     “Everything”, “View “Frontier agents””, “Branch Inner misalignment”, “System GPT-5”, “Your queue”
    url       the absolute address of the case list with these filters; of the home page for a queue
    query     the query of the population whose runs tell of these cases; None where no population can stand for
              them, and empty where all runs do
    nodes     of a branch: the numbers of its node and of all below; None for anything else
    parts     of a branch: (name, the numbers of it and of all below) of what stands right below its node
    why_gone  one sentence where there is nothing to follow any more; `cases` is empty then
    """

    about: About
    reader: Person | None
    cases: QuerySet
    words: str
    url: str
    query: str | None = ""
    nodes: frozenset[int] | None = None
    parts: tuple[tuple[str, frozenset[int]], ...] = ()
    why_gone: str = ""

    @property
    def gone(self):
        return bool(self.why_gone)


def scope_of(subscription):
    """The Scope of `subscription` for its reader, now. Its `about`, `view`, `node`, `system`, `team` and `person`
    decide; it need not be saved.
    """
    reader = None if subscription.team_id else subscription.person
    seen = access.visible_to(reader).exclude(status=Status.DRAFT) if reader else access.counted_cases()
    what = {"about": About(subscription.about), "reader": reader, "query": query_followed(subscription)}
    what["words"] = followed(subscription)
    return Scope(**what | FOLLOWED[subscription.about](subscription, reader, seen.order_by()))


def _everything(subscription, reader, seen):
    return {"cases": seen, "url": _list_of(f"view={ALL}")}


def _view(subscription, reader, seen):
    if is_gone(subscription):
        return {"cases": seen.none(), "words": "View", "url": links.address("case-list"), "why_gone": NO_VIEW}
    filters, _ = contents_of(subscription.view.query)
    found = CaseFilterSet(filters, queryset=seen, person=reader)
    known = {"url": _list_of(filters.urlencode(safe=":,") or f"view={ALL}")}
    if problems := problems_in(found):
        name = one_line(subscription.view.name, at_most=60)
        why = f"The view “{name}” cannot be read any more: {one_line('; '.join(problems), at_most=300)}"
        return known | {"cases": seen.none(), "why_gone": sentence(why.rstrip("."))}
    return known | {"cases": found.qs}


def _branch(subscription, reader, seen):
    node = subscription.node
    cases = _filtered(seen, reader, label=node.key)
    nodes = list(Node.objects.filter(scheme=node.scheme_id).order_by("order", "name").only("name", "parent"))
    children = (each for each in nodes if each.parent_id == node.pk)
    gone = node.retired_at is not None and not cases.exists()
    return {
        "cases": cases,
        "url": _list_of(urlencode({"label": node.key}, safe=":")),
        "nodes": frozenset({node.pk, *numbers_below(node, nodes)}),
        "parts": tuple((child.name, frozenset({child.pk, *numbers_below(child, nodes)})) for child in children),
        "why_gone": _why_retired(node) if gone else "",
    }


def _why_retired(node):
    instead = f"; use “{node.replaced_by.name}” instead" if node.replaced_by else ""
    return f"“{node.name}” was retired, and no case that this digest may tell of carries it any more{instead}."


def _system(subscription, reader, seen):
    """A system is as visible as the cases that name it: where none is left, its name is told no more."""
    name = subscription.system.name
    cases = _filtered(seen, reader, system=name)
    if not cases.exists():
        return {"cases": cases, "words": "System", "url": links.address("case-list"), "why_gone": NO_SYSTEM}
    return {"cases": cases, "url": _list_of(urlencode({"system": name}))}


def _queue(subscription, reader, seen):
    """What `reader` reported, owns or reviewed, and what waits on the home page for them to review or to rate."""
    theirs = Q(reporter=reader) | Q(owner=reader) | Q(reviewer=reader)
    waiting = access.awaits_review_by(reader) | access.is_begun_by(reader)
    return {"cases": seen.filter(theirs | waiting), "url": links.address("home")}


FOLLOWED = {
    About.EVERYTHING: _everything,
    About.VIEW: _view,
    About.BRANCH: _branch,
    About.SYSTEM: _system,
    About.QUEUE: _queue,
}


def _filtered(cases, reader, **filters):
    """As the case list filters; the values are those of rows that are there."""
    found = CaseFilterSet(QueryDict(urlencode(filters)), queryset=cases, person=reader)
    if problems := problems_in(found):
        raise ValueError("; ".join(problems))
    return found.qs


def _list_of(query):
    return f"{links.address('case-list')}?{query}"


def came_in(cases, *, start, end):
    """Those of `cases` logged in [start, end)."""
    return cases.filter(reported_at__gte=start, reported_at__lt=end)


def closed_in(cases, *, start, end):
    """Those of `cases` closed in [start, end), without those that came in then as well: they are told once."""
    # Closing changes a case, and of the times of a case only the last change and the report have an index.
    closed = cases.filter(status=Status.CLOSED, closed_at__gte=start, closed_at__lt=end, updated_at__gte=start)
    return closed.filter(reported_at__lt=start)


def known_before(cases, *, start, end):
    """Those of `cases` that neither came in since `start` nor were closed in [start, end): whose changes are told."""
    return cases.exclude(Q(reported_at__gte=start) | Q(closed_at__gte=start, closed_at__lt=end))
