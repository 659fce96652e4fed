"""Which fields of a case differ from the version a client had, read from the history."""

from django.apps import apps

from registry.actions.cases import EDITABLE
from registry.models import CaseReader, CaseSource, CaseSystem
from registry.models.case import CaseParty

COMPARED = (*EDITABLE, "status", "due_on")
ROWS = ((CaseSystem, "systems"), (CaseReader, "readers"), (CaseSource, "sources"))


def changed_since(*, case, version):
    """Names of fields, in the order of the case; empty when the history does not know that version."""
    history = apps.get_model("registry", "CaseEvent").objects.filter(id=case.pk, version=version)
    then = history.order_by("pgh_id").first()
    if then is None:
        return []
    names = [field.attname for field in then._meta.concrete_fields]
    fields = [name for name in COMPARED if differs(name if name in names else f"{name}_id", then, case)]
    return fields + related_changed(case, then.pgh_created_at)


def differs(name, then, case):
    return getattr(then, name) != getattr(case, name)


def related_changed(case, since):
    """The sets of rows that were touched after `since`, which is when the version was made."""

    def touched(model, **only):
        events = apps.get_model("registry", f"{model.__name__}Event").objects
        return events.filter(case_id=case.pk, pgh_created_at__gt=since, **only).exists()

    found = [name for model, name in ROWS if touched(model)]
    roles = {"developers": "developer", "deployers": "deployer", "affected": "affected"}
    return found + [name for name, role in roles.items() if touched(CaseParty, role=role)]
