"""All that is stored, to compare before and after."""

import json

from django.apps import apps
from django.db import connection

NOT_COMPARED = {"registry_casemerge", "registry_change", "registry_job", "registry_rangemark"}


def dump():
    """Every row of every table of the registry, but for the merges themselves and what tells that something changed."""
    found = {}
    for model in apps.get_app_config("registry").get_models():
        table = model._meta.db_table
        if table in NOT_COMPARED or model.__name__.endswith("Event"):
            continue
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT to_jsonb(t) - ARRAY['version', 'updated_at'] FROM {table} t ORDER BY {model._meta.pk.column}"
            )
            found[table] = [json.loads(row) for (row,) in cursor.fetchall()]
    return found
