"""What every action shares: one signed transaction, checked rows, locks and versions."""

from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps

import pghistory
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

is_signed = ContextVar("is_signed", default=False)


def signed(action):
    """Run `action` in one transaction whose history rows name the person, the action and the reason.

    An action that others are part of signs for them all: what is kept is what the person did.
    """

    @wraps(action)
    def run(*, by, at, **arguments):
        signature = {"person": by.pk if by else None, "action": action.__name__}
        if arguments.get("reason"):
            signature["reason"] = arguments["reason"]
        try:
            with transaction.atomic(), signature_of(signature):
                return action(by=by, at=at, **arguments)
        except IntegrityError as error:
            words = in_words(error)
            if words is error:
                raise
            raise words from error

    return run


@contextmanager
def signature_of(signature):
    if is_signed.get():
        yield
        return
    outermost = is_signed.set(True)
    try:
        with pghistory.context(**signature):
            yield
    finally:
        is_signed.reset(outermost)


def in_words(error):
    """The ValidationError that says what the database's `error` means; the error itself if nothing does."""
    broken = error.__cause__.diag if error.__cause__ else None
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if broken and constraint.name == broken.constraint_name:
                code = "unique" if isinstance(constraint, models.UniqueConstraint) else "constraint"
                return ValidationError(constraint.get_violation_error_message(), code=code)
    # Raised by a trigger of ours, in words already.
    if broken and broken.sqlstate == "23514" and broken.constraint_name is None:
        return ValidationError(broken.message_primary, code="constraint")
    return error


def check(row):
    """Check each field by itself. What concerns several fields or rows is for the database to refuse:
    asking it beforehand costs a query for each constraint and proves nothing under concurrency.
    """
    rows = {field.name for field in row._meta.concrete_fields if field.is_relation}
    unset = {field.name for field in row._meta.concrete_fields if field.null and getattr(row, field.attname) is None}
    row.clean_fields(exclude=rows | unset)
    row.clean()


class Conflict(Exception):
    """Somebody else saved the row since it was read. Carries the row as it stands now."""

    def __init__(self, current):
        super().__init__("Somebody else has changed this since you opened it.")
        self.current = current


class StepRefused(ValidationError):
    """A step in the life of a case that is not allowed or not yet possible. Carries what is missing."""

    def __init__(self, message, missing=()):
        super().__init__(message, code="step_refused")
        self.missing = list(missing)


def lock(row, *, version=None):
    """The row as it stands, locked until the transaction ends; Conflict if it is not at `version` any more."""
    current = type(row).objects.select_for_update(of=("self",)).get(pk=row.pk)
    if version is not None and current.version != version:
        raise Conflict(current)
    return current


def save_changed(row, *, at):
    """Check everything and save; the version counts the change."""
    row.version += 1
    row.updated_at = at
    check(row)
    row.save(force_update=True)
    return row
