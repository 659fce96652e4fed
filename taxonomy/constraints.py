"""Constraints and history settings that every model shares."""

import pghistory
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThanOrEqual, LessThanOrEqual


def tracked(*exclude):
    """Keep every version of a model's rows in an append-only table.

    Written by database triggers, so bulk updates and raw SQL leave a trace too. `exclude` names
    fields that are derived or secret.
    """
    events = (pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
    return pghistory.track(*events, exclude=list(exclude), append_only=True)


def one_of(field, choices):
    """The database refuses a value outside `choices`, whoever writes it."""
    return models.CheckConstraint(
        name=f"%(app_label)s_%(class)s_{field}_known",
        condition=Q(**{f"{field}__in": choices.values}),
        violation_error_message=f"{field.replace('_', ' ').capitalize()} must be one of: {', '.join(choices.values)}.",
    )


def filled(field):
    return models.CheckConstraint(
        name=f"%(app_label)s_%(class)s_{field}_filled",
        condition=~Q(**{field: ""}),
        violation_error_message=f"{field.replace('_', ' ').capitalize()} must not be empty.",
    )


def at_most(field, limit):
    """No stored text is longer than `limit` characters."""
    return models.CheckConstraint(
        name=f"%(app_label)s_%(class)s_{field}_at_most_{limit}",
        condition=LessThanOrEqual(Length(field), limit),
        violation_error_message=f"{field.replace('_', ' ').capitalize()} has more than {limit:,} characters.",
    )


def at_least(field, limit):
    """No stored text is shorter than `limit` characters."""
    return models.CheckConstraint(
        name=f"%(app_label)s_%(class)s_{field}_at_least_{limit}",
        condition=GreaterThanOrEqual(Length(field), limit),
        violation_error_message=f"{field.replace('_', ' ').capitalize()} has fewer than {limit:,} characters.",
    )
