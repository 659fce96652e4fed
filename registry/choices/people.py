"""Roles, and what they let people do with a case."""

from django.db.models import TextChoices


class Role(TextChoices):
    READER = "reader"
    REPORTER = "reporter"
    ANALYST = "analyst"
    REVIEWER = "reviewer"
    ADMINISTRATOR = "administrator"


class Right(TextChoices):
    """What a person may do with a case, beyond knowing that it exists."""

    VIEW = "view"
    EDIT = "edit"
    LABEL = "label"
    ANALYSE = "analyse"
    REVIEW = "review"
