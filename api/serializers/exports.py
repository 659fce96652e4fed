"""Files of cases that jobs write, and how to ask for one."""

from django.http import QueryDict
from rest_framework import serializers

from api.serializers.batches import Filters
from api.serializers.strict import Choice, StrictSerializer, Text
from registry.choices import ExportFormat, JobState
from registry.exchange import exporting
from registry.filters import ALL_ORDERINGS, DEFAULT_ORDERING

EXAMPLE = {"format": "xlsx", "columns": ["reference", "title", "status"], "filter": {"status": ["closed"]}}


class ExportInput(StrictSerializer):
    format = Choice(ExportFormat.choices)
    columns = serializers.ListField(
        child=Text(max_length=200), required=False, max_length=200, help_text="All columns unless some are named."
    )
    filter = Filters(required=False, help_text="The filters of the list, `view` left out.")
    ordering = Choice([(name, name) for name in ALL_ORDERINGS], required=False, default=DEFAULT_ORDERING)


class ExportShape(serializers.Serializer):
    id = serializers.IntegerField(help_text="Also the number of the job that writes it.")
    url = serializers.URLField()
    html_url = serializers.URLField()
    job_url = serializers.URLField(help_text="Where it can be cancelled.")
    format = serializers.ChoiceField(ExportFormat.choices)
    columns = serializers.ListField(child=serializers.CharField())
    filter = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))
    ordering = serializers.CharField(allow_null=True, help_text="Null where cases were chosen by hand on a page.")
    state = serializers.ChoiceField(JobState.choices)
    progress = serializers.IntegerField(help_text="Per cent.")
    cases = serializers.IntegerField(allow_null=True, help_text="How many are in it, once it is written.")
    bytes = serializers.IntegerField(allow_null=True)
    refused = serializers.CharField(allow_null=True, help_text="Why there is no file.")
    file_url = serializers.URLField(allow_null=True, help_text="Null until it is written, and once it is removed.")
    kept_until = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)


def export_of(job, addresses):
    result, wanted = job.result or {}, QueryDict(job.payload["query"])
    there = job.state == JobState.DONE and exporting.has_file(job)
    address = addresses.export(job.pk)
    return {
        "id": job.pk,
        **address,
        "job_url": addresses.job(job.pk)["url"],
        "format": job.payload["format"],
        "columns": job.payload["columns"],
        "filter": {name: values for name, values in wanted.lists() if name != "ordering"},
        "ordering": None if job.payload["cases"] else wanted.get("ordering", DEFAULT_ORDERING),
        "state": job.state,
        "progress": job.progress,
        "cases": result.get("cases"),
        "bytes": result.get("bytes"),
        "refused": result.get("refused"),
        "file_url": f"{address['url']}file/" if there else None,
        "kept_until": job.finished_at + exporting.KEPT if there else None,
        "created_at": job.created_at,
        "finished_at": job.finished_at,
    }
