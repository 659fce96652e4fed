"""Finding or making the systems, organisations and sources a case names."""

from django.core.exceptions import ValidationError
from django.db.models import Q

from registry.actions.signing import check
from registry.choices import SourceKind
from registry.models import Organisation, Source, System


def tidy(name):
    return " ".join(str(name).split())


def by_name(model, name):
    """The row called `name`, or going by it as an alias, whatever the letter case; made if there is none."""
    name = tidy(name)
    found = model.objects.filter(Q(name__iexact=name) | Q(aliases__name__iexact=name)).order_by("pk").first()
    if found:
        return found
    row = model(name=name)
    check(row)
    row.save(force_insert=True)
    return row


def system(name):
    return by_name(System, name)


def organisation(name):
    return by_name(Organisation, name)


def source(*, title, url="", publisher="", published_on=None, kind=SourceKind.SECONDARY):
    """The source at `url`, or with this title where there is no address; made if there is none."""
    same = Q(url=url) if url else Q(url="", title=title)
    found = Source.objects.filter(same).order_by("pk").first()
    if found:
        return found
    row = Source(title=title, url=url, publisher=publisher, published_on=published_on, kind=kind)
    check(row)
    row.save(force_insert=True)
    return row


def split_names(text):
    """The names in `text`, one a line or separated by commas; each once, in order.

    Raises ValidationError for a name of more than 200 characters.
    """
    names = list(dict.fromkeys(filter(None, (tidy(name) for line in text.splitlines() for name in line.split(",")))))
    if any(len(name) > 200 for name in names):
        raise ValidationError("A name has at most 200 characters.")
    return names
