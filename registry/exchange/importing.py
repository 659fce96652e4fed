"""One file in: read whole, refused whole if anything in it is unfit, otherwise written in one transaction."""

from dataclasses import dataclass

from django.db import transaction

from registry.actions import imports
from registry.exchange import aiid, avid, specgaming
from registry.exchange.records import Refusal, read_whole

SOURCES = {module.SOURCE: module for module in (specgaming, aiid, avid)}


@dataclass(frozen=True)
class ImportReport:
    """What happened to one file. With a refusal nothing was written."""

    counts: imports.ImportCounts
    refusals: list[Refusal]


def import_file(*, source, file, by, at, dry_run=False, progress=lambda done, total: None):
    """Import the binary `file` of `source` (a key of SOURCES) in the name of `by`.

    A dry run does everything and takes it back. `progress` is told (records done, records in all).
    """
    records, refusals = read_whole(SOURCES[source].parse, file)
    if refusals:
        return ImportReport(imports.ImportCounts(), refusals)
    try:
        with transaction.atomic():
            counts = imports.import_cases(
                by=by, at=at, source=source, records=records, progress=lambda done: progress(done, len(records))
            )
            if dry_run:
                transaction.set_rollback(True)
    except imports.RecordRefused as refused:
        return ImportReport(imports.ImportCounts(), [Refusal(refused.line, refused.field, refused.messages[0])])
    return ImportReport(counts, [])
