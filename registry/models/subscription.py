"""What a reader wants to be told of, how often, and on which conditions."""

from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from registry.choices import About, Cadence, Weekday
from registry.models.party import System
from registry.models.people import Person, Team
from registry.models.view import SavedView
from taxonomy.constraints import one_of, tracked
from taxonomy.models import Node, SeverityTier

LAST_DAY = 28  # every month has it


def validate_time_zone(name):
    if name not in available_timezones():
        raise ValidationError(f"“{name}” is no time zone; use a name such as Europe/London.")


def only_about(field, about):
    """`field` is given only where the subscription is about such a thing."""
    return models.CheckConstraint(
        name=f"registry_subscription_{field}_fits",
        condition=Q(about=about) | Q(**{f"{field}__isnull": True}),
        violation_error_message=f"A {field} is given only where the subscription follows one.",
    )


@tracked()
class Subscription(models.Model):
    """One row is one person's wish for digests about one thing at one rhythm.

    Without a condition every digest is sent. With some (`only_if_moved`, `max_q`, `min_debt`, `min_severity`) one is
    sent when any of them is met. A view that is deleted leaves the row without one: its reader is told once.
    """

    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="subscriptions", help_text="Who asked for it, and whose it is."
    )
    team = models.ForeignKey(
        Team, null=True, on_delete=models.PROTECT, related_name="subscriptions", help_text="Whose address it goes to."
    )
    about = models.CharField(max_length=12, choices=About.choices, default=About.EVERYTHING)
    view = models.ForeignKey(SavedView, null=True, on_delete=models.SET_NULL, related_name="subscriptions")
    node = models.ForeignKey(Node, null=True, on_delete=models.PROTECT, related_name="+")
    system = models.ForeignKey(System, null=True, on_delete=models.PROTECT, related_name="+")
    cadence = models.CharField(max_length=10, choices=Cadence.choices, default=Cadence.WEEKLY)
    weekday = models.PositiveSmallIntegerField(choices=Weekday.choices, default=Weekday.MONDAY)
    day = models.PositiveSmallIntegerField(default=1, help_text="Of the month, 1 to 28.")
    hour = models.PositiveSmallIntegerField(default=7, help_text="0 to 23, in the time zone below.")
    time_zone = models.CharField(max_length=60, default="UTC", validators=[validate_time_zone])
    only_if_moved = models.BooleanField(default=False, help_text="A pattern, or a case came, changed or was closed.")
    max_q = models.FloatField(null=True, help_text="A pattern's q fell below this.")
    min_debt = models.PositiveIntegerField(null=True, help_text="Alignment debt is above this.")
    min_severity = models.ForeignKey(
        SeverityTier,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="A case came in, or was raised, to at least this potential severity.",
    )
    active = models.BooleanField(default=True)
    paused_until = models.DateTimeField(null=True, help_text="Nothing falls due before; then one covers it all.")
    created_at = models.DateTimeField(help_text="When it was asked for, or taken up again after it was stopped.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="registry_subscription_once",
                fields=["person", "team", "about", "view", "node", "system", "cadence"],
                condition=~Q(about=About.VIEW, view=None),
                nulls_distinct=False,
                violation_error_message="There is a subscription to this at this rhythm already.",
            ),
            models.CheckConstraint(
                name="registry_subscription_weekday_known",
                condition=Q(weekday__lte=6),
                violation_error_message="The weekday is 0 (Monday) to 6 (Sunday).",
            ),
            models.CheckConstraint(
                name="registry_subscription_day_of_month",
                condition=Q(day__gte=1, day__lte=LAST_DAY),
                violation_error_message=f"The day of the month is 1 to {LAST_DAY}.",
            ),
            models.CheckConstraint(
                name="registry_subscription_hour_of_day",
                condition=Q(hour__lte=23),
                violation_error_message="The hour is 0 to 23.",
            ),
            models.CheckConstraint(
                name="registry_subscription_max_q_is_a_share",
                condition=Q(max_q=None) | Q(max_q__gt=0, max_q__lt=1),
                violation_error_message="q lies between 0 and 1.",
            ),
            models.CheckConstraint(
                name="registry_subscription_hourly_has_a_reason",
                condition=~Q(cadence=Cadence.HOURLY)
                | Q(only_if_moved=True)
                | Q(max_q__isnull=False)
                | Q(min_debt__isnull=False)
                | Q(min_severity__isnull=False),
                violation_error_message="Say what must have happened for a mail at once.",
            ),
            models.CheckConstraint(
                name="registry_subscription_queue_is_personal",
                condition=~Q(about=About.QUEUE) | Q(team=None),
                violation_error_message="What waits for one person is not sent to a team.",
            ),
            models.CheckConstraint(
                name="registry_subscription_node_named",
                condition=~Q(about=About.BRANCH) | Q(node__isnull=False),
                violation_error_message="Choose the branch of the taxonomy to follow.",
            ),
            models.CheckConstraint(
                name="registry_subscription_system_named",
                condition=~Q(about=About.SYSTEM) | Q(system__isnull=False),
                violation_error_message="Choose the system to follow.",
            ),
            only_about("view", About.VIEW),
            only_about("node", About.BRANCH),
            only_about("system", About.SYSTEM),
            one_of("about", About),
            one_of("cadence", Cadence),
        ]

    def __str__(self):
        return f"{self.person}: {self.get_about_display().lower()}, {self.get_cadence_display().lower()}"

    @property
    def has_conditions(self):
        """Whether a digest is sent only when something was met."""
        given = (self.max_q, self.min_debt, self.min_severity_id)
        return self.only_if_moved or any(value is not None for value in given)
