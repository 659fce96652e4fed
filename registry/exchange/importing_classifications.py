"""One file of published classifications in: read whole, then written in one transaction or not at all."""

from collections import defaultdict
from dataclasses import dataclass

from django.db import transaction

from registry.actions import classification_imports
from registry.exchange.aiid import SOURCE
from registry.exchange.classified import Reader
from registry.exchange.classified_columns import FORMATS
from registry.exchange.records import Refusal, read_whole
from taxonomy.models import Node


@dataclass(frozen=True)
class ClassificationReport:
    """What happened. With a refusal nothing was written."""

    counts: classification_imports.ClassificationCounts
    refusals: list[Refusal]


def import_classification_file(*, kind, file, by, at, with_drafts=False, dry_run=False):
    """Import the binary `file` of one format (a key of FORMATS) in the name of `by`. A dry run takes all back.

    What the other database keeps as a draft says nothing here, except `with_drafts`.
    """
    reader = Reader(kind, _known(kind))
    rows, refusals = read_whole(reader.rows, file)
    if refusals:
        return ClassificationReport(classification_imports.ClassificationCounts(), refusals)
    with transaction.atomic():
        counts = classification_imports.import_classifications(
            by=by, at=at, source=SOURCE, vocabularies=reader.vocabularies(), rows=rows, with_drafts=with_drafts
        )
        if dry_run:
            transaction.set_rollback(True)
    return ClassificationReport(counts, [])


def _known(kind):
    """{scheme: {what a term is called, in lower case: its slug}} of the terms that are here already."""
    found = defaultdict(dict)
    schemes = {column.scheme.slug for column in FORMATS[kind]}
    rows = Node.objects.filter(scheme__slug__in=schemes).values_list("scheme__slug", "slug", "name", "aliases")
    for scheme, slug, name, aliases in rows.order_by("pk"):
        for text in (name, *aliases):
            found[scheme].setdefault(text.lower(), slug)
    return found
