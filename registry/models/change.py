"""What changed, in the order in which other tools are told."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from registry.choices import ChangeAction, ChangeOf
from taxonomy.constraints import one_of


class Change(models.Model):
    """One row is one change of one thing, written by the database's triggers in the transaction that made it.

    It holds numbers instead of foreign keys, because it outlives what it tells of. `position` is given after the
    commit, by whoever reads; see changes.py. Who may know of a row is decided when it is read. What cannot be read
    any more by then is kept here: `was_open` and `was_for` say who could see the case before this change.
    """

    id = models.BigAutoField(primary_key=True)
    position = models.BigIntegerField(null=True, unique=True, help_text="The order of the feed; none until it is read.")
    at = models.DateTimeField()
    what = models.CharField(max_length=20, choices=ChangeOf.choices)
    action = models.CharField(max_length=10, choices=ChangeAction.choices)
    case_number = models.IntegerField(null=True)
    other_number = models.IntegerField(null=True, help_text="Of a link: the other case. Of a merge: where it went.")
    thing = models.IntegerField(null=True, help_text="The number of what changed, in its own table.")
    node_number = models.IntegerField(null=True)
    rater_number = models.IntegerField(null=True, help_text="Of a label: whose it is.")
    only_for = models.IntegerField(null=True, help_text="The only person it concerns, if it is one.")
    judged = models.BooleanField(default=False, help_text="It tells what raters think; see blind.py.")
    was_open = models.BooleanField(default=False)
    was_for = ArrayField(models.IntegerField(), default=list)
    version = models.IntegerField(null=True)
    fields = ArrayField(models.TextField(), default=list)
    context = models.UUIDField(null=True, help_text="Of the history: who did it, in which request.")

    class Meta:
        constraints = [one_of("what", ChangeOf), one_of("action", ChangeAction)]
        indexes = [
            # Asked by every reader: is there anything without a position?
            models.Index(fields=["id"], name="registry_change_waiting", condition=Q(position=None)),
            models.Index(fields=["case_number", "position"], name="registry_change_of_case"),
        ]

    def __str__(self):
        return f"{self.what} {self.action} ({self.position})"
