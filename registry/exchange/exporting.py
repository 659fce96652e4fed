"""Cases as a file: at once where they are few, by a job where they are many, and the files that jobs leave."""

import secrets
import tempfile
import time
from array import array
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain
from os import O_CREAT, O_EXCL, O_WRONLY, fdopen
from os import open as open_descriptor
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import QueryDict

from registry import access, search
from registry.actions.jobs import TakenOver
from registry.choices import ExportFormat
from registry.exchange import csv_file, ndjson_file, xlsx_file
from registry.exchange.case_rows import numbers_of
from registry.exchange.columns import chosen_columns
from registry.filters import DEFAULT_ORDERING, ORDERINGS, CaseFilterSet
from registry.saved_views import contents_of

WRITERS = {ExportFormat.CSV: csv_file, ExportFormat.NDJSON: ndjson_file, ExportFormat.XLSX: xlsx_file}
# More than this takes longer than somebody waits in front of a page; a job does it.
MOST_AT_ONCE = {ExportFormat.CSV: 20_000, ExportFormat.NDJSON: 20_000, ExportFormat.XLSX: 2_000}
NUMBERS_AT_ONCE = 20_000
KEPT = timedelta(days=7)
SECONDS_BETWEEN_REPORTS = 2


@dataclass(frozen=True)
class Result:
    """A file a job left: the open file, and what to call it."""

    file: object
    media_type: str


def media_type(file_format):
    return WRITERS[ExportFormat(file_format)].MEDIA_TYPE


def matching(person, query):
    """(the cases that `person` may see and that fit the filters of a query string, the name of its order).

    ValidationError for what is no filter's value: an export of something else than was asked for helps nobody.
    """
    parameters, ordering = contents_of(query)
    usual = search.RELEVANCE if parameters.get("q", "").strip() else DEFAULT_ORDERING
    filterset = CaseFilterSet(parameters, queryset=access.visible_to(person), person=person)
    if not filterset.form.is_valid():
        raise ValidationError([f"{name}: {' '.join(errors)}" for name, errors in filterset.form.errors.items()])
    return filterset.qs, ordering or usual


def numbers_for(person, *, query="", cases=()):
    """The primary keys to export, in order: of the filters in `query`, or of `cases` as far as they may be seen."""
    if cases:
        return numbers_of(access.visible_to(person).filter(pk__in=cases).order_by(*ORDERINGS[DEFAULT_ORDERING]))
    found, ordering = matching(person, query)
    if ordering != search.RELEVANCE:
        return numbers_of(found.order_by(*ORDERINGS[ordering]))
    # Search ranks so many and no more; the others come behind them, the newest first.
    first = numbers_of(search.ranked(found, QueryDict(query)["q"]).order_by("-relevance", "-id"))
    ranked = set(first)
    return first + array("i", (number for number in numbers_of(found.order_by("-id")) if number not in ranked))


def wants_job(file_format, n_cases):
    return n_cases > MOST_AT_ONCE[ExportFormat(file_format)]


def require_room(file_format, n_cases):
    """ValidationError if the format cannot hold so many cases."""
    if file_format == ExportFormat.XLSX and n_cases > xlsx_file.MOST_CASES:
        raise ValidationError(
            f"A spreadsheet holds {xlsx_file.MOST_CASES:,} cases; these are {n_cases:,}. Choose CSV or NDJSON."
        )


def streamed(person, file_format, columns, numbers):
    """The file's bytes as they are read. The first are read at once, so that what fails can still be said."""
    parts = (data for data, _ in WRITERS[ExportFormat(file_format)].chunks(person, columns, numbers))
    return chain([next(parts), next(parts, b"")], parts) if numbers else parts


def streamed_by_number(person, file_format, columns, cases):
    """All of `cases` in the order of their numbers, with flat memory: NUMBERS_AT_ONCE are looked up, then read in
    blocks. What fails before the first case is raised at once; what fails later must break the stream off.
    """
    parts = by_number(WRITERS[ExportFormat(file_format)], person, columns, cases)
    return chain([next(parts), next(parts, b"")], parts)


def by_number(writer, person, columns, cases):
    yield writer.opening(columns)
    last, n_lines = 0, 0
    while numbers := numbers_of(cases.filter(pk__gt=last).order_by("pk")[:NUMBERS_AT_ONCE]):
        for data, _ in writer.rows(person, columns, numbers):
            yield data
            n_lines += data.count(b"\n")
        last = numbers[-1]
    yield writer.closing(n_lines)


def spreadsheet(person, columns, numbers):
    """A workbook as an open file without a name: it is gone when it is closed, whoever closes it."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  (whoever sends it closes it)
    for _ in xlsx_file.write(file, person, columns, numbers):
        pass
    file.seek(0)
    return file


def run(*, job, report):
    """Write the file a job asks for; the job's result. `report(percent)` says how far it is and whether to go on."""
    person, wanted = job.asked_by, job.payload
    if person is None or not person.is_active:
        return {"refused": "Whoever asked may not sign in any more."}
    try:
        numbers = numbers_for(person, query=wanted["query"], cases=wanted["cases"])
        require_room(wanted["format"], len(numbers))
    except ValidationError as error:
        return {"refused": " ".join(error.messages)}
    columns = chosen_columns(person, wanted["columns"])
    name = f"{secrets.token_hex(16)}.{ExportFormat(wanted['format'])}"
    path = folder() / name
    unfinished = path.with_suffix(".part")
    try:
        fill(unfinished, person, wanted["format"], columns, numbers, report)
        note_numbers(path, numbers)
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        numbers_beside(path).unlink(missing_ok=True)
        raise
    return {"file": name, "cases": len(numbers), "bytes": path.stat().st_size}


def fill(path, person, file_format, columns, numbers, report):
    said = time.monotonic()
    with private_file(path) as file:
        for done in written(file, person, file_format, columns, numbers):
            if time.monotonic() - said < SECONDS_BETWEEN_REPORTS:
                continue
            said = time.monotonic()
            if not report(min(99, 100 * done // len(numbers))):
                raise TakenOver


def written(file, person, file_format, columns, numbers):
    """Write the file; yield how many cases are done after each block."""
    if file_format == ExportFormat.XLSX:
        yield from xlsx_file.write(file, person, columns, numbers)
        return
    for data, done in WRITERS[ExportFormat(file_format)].chunks(person, columns, numbers):
        file.write(data)
        yield done


def folder():
    """Where files of exports lie; only the registry's own account reads it."""
    path = Path(settings.EXPORTS_ROOT)
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def private_file(path):
    return fdopen(open_descriptor(path, O_WRONLY | O_CREAT | O_EXCL, 0o600), "wb")


def numbers_beside(path):
    return path.with_suffix(".numbers")


def note_numbers(path, numbers):
    """Which cases the file holds, so that a download can ask whether they may all still be seen."""
    with private_file(numbers_beside(path)) as file:
        numbers.tofile(file)


def result_of(job, person):
    """The Result of a finished job for whoever asked; None where the file is gone.

    ValidationError if a case in it may not be seen by them any more.
    """
    name = (job.result or {}).get("file", "")
    path = folder() / Path(name).name
    beside = numbers_beside(path)
    if not name or not path.is_file() or not beside.is_file():
        return None
    numbers = array("i")
    numbers.frombytes(beside.read_bytes())
    # Merged meanwhile is not closed: whoever sees the case it went into saw this one.
    if access.seen_by(person).filter(pk__in=set(numbers)).count() < len(numbers):
        raise ValidationError("Cases in this file have been closed to you since it was made. Export them again.")
    return Result(path.open("rb"), media_type(job.payload["format"]))


def has_file(job):
    name = (job.result or {}).get("file", "")
    return bool(name) and (folder() / Path(name).name).is_file()


def remove_old(*, at):
    """Remove the files that are past their days, those a killed worker left among them; how many."""
    removed = 0
    for path in folder().iterdir():
        if path.is_file() and path.stat().st_mtime < (at - KEPT).timestamp():
            path.unlink(missing_ok=True)
            removed += 1
    return removed
