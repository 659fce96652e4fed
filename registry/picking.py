"""Systems, organisations, people and nodes by name, to list and to choose from while typing: those one may see."""

from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Exists, IntegerField, OuterRef, Q, TextField, Value, When
from django.db.models.functions import Cast, Upper

from registry import access
from registry.models import CaseParty, CaseSystem, Organisation, OrganisationAlias, System, SystemAlias
from taxonomy.models import Node

SHOWN = 8
# Names that fit, before it is known which of them the person may see; most are seen.
CANDIDATES = 3 * SHOWN
# Counting stops here, so that a system with thousands of cases costs no more than one with fifty.
COUNTED = 50
LONGEST = 100
# Below three letters there is no trigram inside a word to look up, only the beginning of one.
INSIDE = 3
# In a shorter word one slip leaves too little to recognise it by.
FORGIVEN = 6


@dataclass(frozen=True)
class Kind:
    """Where names of one kind of row stand, and how a case refers to it."""

    model: type
    aliases: type
    through: type
    field: str


SYSTEMS = Kind(System, SystemAlias, CaseSystem, "system")
ORGANISATIONS = Kind(Organisation, OrganisationAlias, CaseParty, "organisation")


def picked(person, kind, words):
    """At most eight rows whose name or alias fits `words`, the best first, as JSON-ready dicts.

    `alias` is the other name that fits where the own name does not; `cases` counts those `person` may see, up
    to COUNTED, and `more` says that there are more. A row in no visible case is left out. Two queries.
    """
    words = " ".join(words.replace("\x00", "").split())[:LONGEST]
    if not words:
        return []
    fitting = candidates(kind, words)
    seen = cases_seen(person, kind, fitting)
    rows = [(name, alias, seen[pk]) for pk, (name, alias) in fitting.items() if seen.get(pk)]
    return [
        {"name": name, "alias": alias, "cases": min(n, COUNTED), "more": n > COUNTED} for name, alias, n in rows[:SHOWN]
    ]


def candidates(kind, words):
    """{id: (name, alias that fits or "")} of the best names, whoever may see them. One query."""
    own = ranked(kind.model.objects, words).values_list("rank", "name", "pk", "name")
    other = ranked(kind.aliases.objects, words).values_list("rank", "name", f"{kind.field}_id", f"{kind.field}__name")
    found = {}
    for _, fitting, pk, name in own.union(other).order_by("rank", "name")[:CANDIDATES]:
        found.setdefault(pk, (name, "" if fitting == name else fitting))
    return found


def ranked(names, words):
    """`names` that fit, with 0 for the whole name, 1 for its beginning, 2 for something inside, 3 for a near miss."""
    fits = Q(name__istartswith=words)
    if len(words) >= INSIDE:
        fits = Q(name__icontains=words)
    if len(words) >= FORGIVEN:
        fits |= Q(raised__trigram_word_similar=words.upper())
    rank = Case(
        When(name__iexact=words, then=Value(0)),
        When(name__istartswith=words, then=Value(1)),
        When(name__icontains=words, then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )
    return names.annotate(raised=Upper("name"), rank=rank).filter(fits)


def cases_seen(person, kind, ids):
    """{id: how many cases `person` sees that name it, COUNTED + 1 at most}. One query."""
    rows = kind.model.objects.filter(pk__in=list(ids)).values_list("pk", some_cases(person, kind))
    return {pk: n_different(cases) for pk, cases in rows}


def some_cases(person, kind):
    """Of rows: the first cases `person` sees that name them, with `n_different`."""
    return ArraySubquery(naming(person, kind).values("case_id")[: COUNTED + 1])


def naming(person, kind):
    """Of rows: what says that a case which `person` sees names them."""
    return kind.through.objects.filter(case__in=access.visible_to(person), **{kind.field: OuterRef("pk")})


def seen(person, kind):
    """The rows that any case names which `person` sees."""
    return kind.model.objects.filter(Exists(naming(person, kind)))


def going_by(rows, kind, words):
    """Those of `rows` whose name or alias fits `words`."""
    other = ranked(kind.aliases.objects, words).values(f"{kind.field}_id")
    return rows.filter(Q(pk__in=ranked(kind.model.objects, words).values("pk")) | Q(pk__in=other))


def n_different(cases):
    """How many cases these are; a case may name two versions of one system."""
    return len(cases) if len(cases) > COUNTED else len(set(cases))


def people_named(case, words):
    """At most eight people who see `case` and whose user name or name fits `words`, as JSON-ready dicts. One query."""
    words = " ".join(words.replace("\x00", "").split())[:LONGEST]
    fits = Q(username__istartswith=words) | Q(name__istartswith=words) | Q(name__icontains=f" {words}")
    people = access.people_who_see(case).filter(fits) if words else access.people_who_see(case)
    return list(people.values("username", "name")[:SHOWN])


def nodes_named(words):
    """At most eight nodes in use whose name, alias or short name fits `words`, as JSON-ready dicts. One query."""
    words = " ".join(words.replace("\x00", "").split())[:LONGEST]
    if not words:
        return []
    begins = Case(When(name__istartswith=words, then=Value(0)), default=Value(1), output_field=IntegerField())
    nodes = Node.objects.filter(retired_at=None).annotate(rank=begins, others=Cast("aliases", TextField()))
    fits = Q(name__icontains=words) | Q(slug__istartswith=words) | Q(others__icontains=words)
    found = nodes.filter(fits).select_related("scheme").order_by("rank", "scheme__order", "order", "pk")
    return [{"name": node_words(node), "alias": ""} for node in found[:SHOWN]]


def node_words(node):
    """A node by its name, with the scheme behind it: other schemes may call something else so."""
    return f"{node.name} ({node.scheme.name})"
