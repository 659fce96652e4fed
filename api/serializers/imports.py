"""What became of a file of another database."""

from rest_framework import serializers


class ImportShape(serializers.Serializer):
    source = serializers.CharField()
    dry_run = serializers.BooleanField()
    created = serializers.IntegerField()
    changed = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    kept = serializers.IntegerField(help_text="Fields that stay as people here have changed them.")
    settled = serializers.IntegerField(help_text="Closed or withdrawn cases that stay as they are.")


def import_of(report, *, source, dry_run):
    counts = {name: getattr(report.counts, name) for name in ("created", "changed", "unchanged", "kept", "settled")}
    return {"source": source, "dry_run": dry_run, **counts}


def refusal_of(refusal):
    return {"line": refusal.line, "field": refusal.field or None, "detail": refusal.message}
