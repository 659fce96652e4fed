"""Which rows belong to a case and go along with it."""

from django.apps import apps

from registry.actions import rows
from registry.models import Case

# What tells of a case without being part of it: it stays with the number it was made under.
BESIDE_A_CASE = {"BulkChangeRow", "CaseMerge", "Draft", "Notification"}


def test_every_table_with_rows_of_a_case_is_known():
    belonging = {
        model.__name__
        for model in apps.get_app_config("registry").get_models()
        for field in model._meta.concrete_fields
        if field.related_model is Case and not model.__name__.endswith("Event")
    }

    assert belonging - BESIDE_A_CASE == {model.__name__ for model in rows.OWNERS}
