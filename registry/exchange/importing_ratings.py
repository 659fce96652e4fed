"""Files of ratings in: all read before anything is written, and all written in one transaction or not at all."""

from dataclasses import dataclass

from django.db import transaction

from registry.actions import rating_imports
from registry.exchange import cset
from registry.exchange.records import Refusal, read_whole

FORMATS = {"csetv1": cset}


@dataclass(frozen=True)
class RatingReport:
    """What happened. With a refusal nothing was written. `refusals` are (number of the file from 0, Refusal)."""

    counts: rating_imports.RatingCounts
    refusals: list[tuple[int, Refusal]]


def import_rating_files(*, kind, files, by, at, dry_run=False):
    """Import the binary `files` of one format (a key of FORMATS) in the name of `by`. A dry run takes all back."""
    module, ratings, refusals, owners = FORMATS[kind], [], [], {}
    for number, file in enumerate(files):
        own, wrong = read_whole(module.parse, file)
        refusals += [(number, refusal) for refusal in wrong]
        if own and owners.setdefault(own[0].rater, number) != number:
            refusals.append((number, Refusal(own[0].line, "", f"another file holds the ratings of {own[0].name} too")))
        ratings += own
    if refusals:
        return RatingReport(rating_imports.RatingCounts(), refusals)
    with transaction.atomic():
        counts = rating_imports.import_ratings(
            by=by, at=at, source=module.SOURCE, schemes=module.SCHEMES, ratings=ratings
        )
        if dry_run:
            transaction.set_rollback(True)
    return RatingReport(counts, [])
