"""Work that goes on by itself, for whoever asked for it."""

from rest_framework import serializers

from registry.choices import JobKind, JobState

COLUMNS = ("id", "kind", "state", "progress", "result", "error", "payload", "created_at", "finished_at", "attempts")
# What each kind of job says of itself when it is done; anything else in a result is ours.
TOLD = {
    JobKind.EXPORT: ("cases", "bytes", "refused"),
    JobKind.BATCH: ("counts", "saved", "refused"),
    JobKind.BULK: ("change",),
}


class JobShape(serializers.Serializer):
    id = serializers.IntegerField()
    url = serializers.URLField()
    html_url = serializers.URLField(allow_null=True)
    kind = serializers.ChoiceField(JobKind.choices)
    state = serializers.ChoiceField(JobState.choices)
    progress = serializers.IntegerField(help_text="Per cent.")
    asked_by = serializers.CharField(allow_null=True, help_text="User name; null for what nobody asked for.")
    attempts = serializers.IntegerField()
    result = serializers.DictField(allow_null=True, help_text="Once it is done. Null for others' jobs.")
    result_url = serializers.URLField(allow_null=True, help_text="Where what it made is. Null for others' jobs.")
    error = serializers.CharField(allow_null=True, help_text="The kind of fault that ended the last attempt.")
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)


def job_of(job, person, addresses):
    """A job as its owner sees it; without what it is about to anybody else."""
    own = job.asked_by_id == person.pk
    return {
        "id": job.pk,
        **addresses.job(job.pk),
        "kind": job.kind,
        "state": job.state,
        "progress": job.progress,
        "asked_by": job.asked_by and job.asked_by.username,
        "attempts": job.attempts,
        "result": told(job) if own else None,
        "result_url": result_url_of(job, addresses) if own else None,
        # What stands behind the colon may hold anything, a value of a hidden case among it.
        "error": job.error.partition(":")[0][:80] or None,
        "created_at": job.created_at,
        "finished_at": job.finished_at,
    }


def told(job):
    names = TOLD.get(JobKind(job.kind), ())
    return job.result and {name: job.result[name] for name in names if name in job.result}


def result_url_of(job, addresses):
    if job.state != JobState.DONE or (job.result or {}).get("refused"):
        return None
    if job.kind == JobKind.EXPORT:
        return addresses.export(job.pk)["url"]
    return f"{addresses.job(job.pk)['url']}rows/" if job.kind == JobKind.BATCH else None
