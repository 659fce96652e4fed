"""What the pages of exports show: the columns to choose from, one's own exports and how far they are."""

from itertools import groupby

from django.http import QueryDict
from django.utils import timezone

from registry.choices import ExportFormat, JobKind, JobState
from registry.exchange import exporting
from registry.exchange.columns import chosen_columns, columns_for
from registry.models import Job
from registry.web import selection

LATEST = 30
FORMAT_WORDS = {
    ExportFormat.CSV: "For spreadsheets and scripts; texts that look like formulas are made harmless.",
    ExportFormat.NDJSON: "One JSON object a line, every value with its own type; for programs.",
    ExportFormat.XLSX: "A spreadsheet with real dates and a fixed heading row.",
}


def column_groups(person):
    """[(group, [(column, chosen)])] of every column there is."""
    picked = {column.name for column in chosen_columns(person)}
    groups = groupby(columns_for(person), key=lambda column: column.group)
    return [(group, [(column, column.name in picked) for column in columns]) for group, columns in groups]


def formats():
    return [(each.value, each.label, FORMAT_WORDS[each]) for each in ExportFormat]


def own_exports(person):
    jobs = Job.objects.filter(kind=JobKind.EXPORT, asked_by=person)
    return [shown(job, person) for job in jobs.order_by("-pk")[:LATEST]]


def shown(job, person):
    """One export as its row shows it."""
    result = job.result or {}
    there = job.state == JobState.DONE and exporting.has_file(job)
    return {
        "job": job,
        "format": ExportFormat(job.payload["format"]).label,
        "what": filter_words(job, person),
        "cases": result.get("cases"),
        "bytes": result.get("bytes"),
        "refused": result.get("refused", ""),
        "working": job.state in (JobState.PENDING, JobState.RUNNING),
        "failed": job.state == JobState.DEAD,
        "cancelled": job.state == JobState.CANCELLED,
        "there": there,
        "gone": job.state == JobState.DONE and not there and not result.get("refused"),
        "until": timezone.localdate(job.finished_at + exporting.KEPT) if there else None,
    }


def filter_words(job, person):
    """Which cases, in words: the filters as chips say them."""
    if job.payload["cases"]:
        return f"{len(job.payload['cases'])} chosen by hand"
    chips = selection.read(QueryDict(job.payload["query"]), person=person).chips
    return ", ".join(f"{chip['name']}: {chip['value']}" for chip in chips) or "All cases"
