"""Finding or making the systems, organisations and sources a case names."""

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Exists, OuterRef, Q

from registry import access
from registry.actions.signing import check
from registry.choices import SourceKind, Visibility
from registry.models import Case, CaseSource, Organisation, OrganisationAlias, Source, System, SystemAlias

ALIASES = {Organisation: (OrganisationAlias, "organisation_id"), System: (SystemAlias, "system_id")}
# The letters are lowered by the database, as they are for the unique names themselves.
FIND = """
SELECT wanted.name, min(found.id)
FROM unnest(%s::text[]) AS wanted (name)
JOIN (SELECT id, name FROM {table} UNION ALL SELECT {owner}, name FROM {aliases}) AS found
  ON lower(found.name) = lower(wanted.name)
GROUP BY wanted.name
"""


def tidy(name):
    return " ".join(str(name).split())


def known_names(model, names):
    """{name: id} of the rows that go by these names, as their own or as an alias, whatever the letter case."""
    tidied = {name: tidy(name) for name in names}
    if not tidied:
        return {}
    aliases, owner = ALIASES[model]
    with connection.cursor() as cursor:
        statement = FIND.format(table=model._meta.db_table, aliases=aliases._meta.db_table, owner=owner)
        cursor.execute(statement, [list(tidied.values())])
        found = dict(cursor.fetchall())
    return {name: found[known] for name, known in tidied.items() if known in found}


def rows_named(model, names):
    """{name: id} for every one of `names`; a row is made where nothing goes by the name yet."""
    found = known_names(model, names)
    new = {tidy(name) for name in names if name not in found}
    if not new:
        return found
    rows = [model(name=name) for name in sorted(new)]
    for row in rows:
        check(row)
    # Two spellings of one new name, or somebody else's new row: the first one counts.
    model.objects.bulk_create(rows, ignore_conflicts=True)
    return known_names(model, names)


def by_name(model, name):
    """The row called `name`, or going by it as an alias, whatever the letter case; made if there is none."""
    return model.objects.get(pk=rows_named(model, [name])[name])


def system(name):
    return by_name(System, name)


def organisation(name):
    return by_name(Organisation, name)


def source(*, title, by=None, url="", publisher="", published_on=None, kind=SourceKind.SECONDARY):
    """The source at `url`, or with this title where there is no address; made if there is none."""
    entry = Source(title=title, url=url, publisher=publisher, published_on=published_on, kind=kind)
    return Source.objects.get(pk=sources_like([entry], by=by)[0])


def sources_like(entries, *, by):
    """The ids of the sources with the address of each entry (an unsaved Source), or with its title where there
    is none; made where needed. In the order of `entries`.

    A source that only cases carry which `by` may not see is passed over: its title would tell of them.
    """
    found = _known_sources(entries, by)
    new = {_identity(entry): entry for entry in reversed(entries) if _identity(entry) not in found}
    for entry in new.values():
        check(entry)
    made = Source.objects.bulk_create(reversed(new.values()))
    found |= {_identity(row): row.pk for row in made}
    return [found[_identity(entry)] for entry in entries]


def _identity(source):
    return (source.url, "") if source.url else ("", source.title)


def _known_sources(entries, by):
    """{identity: id} of those that a case carries which `by` may see; the oldest where there are several.

    Nobody in particular (an import from the command line) sees the open cases.
    """
    addresses = {entry.url for entry in entries if entry.url}
    titles = {entry.title for entry in entries if not entry.url}
    if not addresses and not titles:
        return {}
    cases = access.seen_by(by) if by else Case.objects.filter(visibility=Visibility.EVERYONE)
    seen = Exists(CaseSource.objects.filter(source=OuterRef("pk"), case__in=cases))
    rows = Source.objects.filter(seen, Q(url__in=addresses) | Q(url="", title__in=titles))
    return {_identity(row): row.pk for row in rows.order_by("-pk").only("url", "title")}


def split_names(text):
    """The names in `text`, one a line or separated by commas; each once, in order.

    Raises ValidationError for a name of more than 200 characters.
    """
    names = list(dict.fromkeys(filter(None, (tidy(name) for line in text.splitlines() for name in line.split(",")))))
    if any(len(name) > 200 for name in names):
        raise ValidationError("A name has at most 200 characters.")
    return names
