"""Asking for a file of cases, and remembering which columns somebody wants in it."""

import hashlib
import json

from django.core.exceptions import ValidationError
from django.db import transaction

from registry.actions import jobs
from registry.choices import JobKind, JobState
from registry.models import Job, Person

MOST_WAITING = 5
LONGEST_COLUMN = Person._meta.get_field("export_columns").base_field.max_length


@transaction.atomic
def remember_columns(*, person, by, at, columns):
    """Keep the columns chosen last. The name of a scheme may be too long to keep; the export has it all the same."""
    person.export_columns = [name for name in columns if len(name) <= LONGEST_COLUMN]
    Person.objects.filter(pk=person.pk).update(export_columns=person.export_columns)


@transaction.atomic
def ask_for_export(*, by, at, file_format, columns, query="", cases=()):
    """Leave the job that writes the file, and return it; the one that waits already where the same is asked twice.

    `query` holds filters and order as in the list's address; `cases` are primary keys, instead of a query.
    """
    open_ones = Job.objects.filter(kind=JobKind.EXPORT, asked_by=by, state__in=(JobState.PENDING, JobState.RUNNING))
    # The person's row is held, so that of two requests at once the second counts the first.
    Person.objects.select_for_update().get(pk=by.pk)
    payload = {"format": str(file_format), "columns": list(columns), "query": query, "cases": list(cases)}
    key = f"{by.pk}:{hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()[:32]}"
    if open_ones.count() >= MOST_WAITING and not open_ones.filter(key=key, state=JobState.PENDING).exists():
        raise ValidationError(f"{MOST_WAITING} of your exports are under way. Wait until one of them is done.")
    jobs.leave(kind=JobKind.EXPORT, at=at, key=key, payload=payload, by=by)
    return Job.objects.get(kind=JobKind.EXPORT, key=key, state=JobState.PENDING)
