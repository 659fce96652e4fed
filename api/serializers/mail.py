"""What reaches one person: subscriptions, digests, and what they were told of cases."""

from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from rest_framework import serializers

from api.addresses import reference_of
from api.serializers.strict import Choice, Moment, Row, StrictSerializer, Text, Whole, YesNo
from registry.actions.following import node_named, system_named, team_named
from registry.choices import About, Cadence, DigestState, NotificationKind, Weekday
from registry.digests import archive, wishes
from registry.digests.notices import sentence
from registry.models.subscription import LAST_DAY
from registry.saved_views import find_view
from taxonomy.models import SeverityTier

WEEKDAYS = [(day.name.lower(), day.label) for day in Weekday]


class Share(serializers.FloatField):
    """A number, and neither a text that could be read as one nor a truth."""

    def to_internal_value(self, data):
        if isinstance(data, bool) or not isinstance(data, (int, float)):
            self.fail("invalid")
        return super().to_internal_value(data)


class WishInput(StrictSerializer):
    """When a digest comes, and what must have happened."""

    cadence = Choice(Cadence.choices, required=False, help_text="`hourly` looks every hour and needs a condition.")
    weekday = Choice(WEEKDAYS, required=False, help_text="Of a weekly one.")
    day = Whole(required=False, min_value=1, max_value=LAST_DAY, help_text="Of the month, of a monthly one.")
    hour = Whole(required=False, min_value=0, max_value=23, help_text="In the time zone.")
    time_zone = Text(required=False, max_length=60, help_text="Such as Europe/London; yours unless said.")
    only_if_moved = YesNo(required=False, help_text="A pattern moved, or a case came in, changed or was closed.")
    max_q = Share(required=False, allow_null=True, help_text="A pattern's q fell below this; between 0 and 1.")
    min_debt = Whole(
        required=False, allow_null=True, min_value=0, max_value=2**31 - 1, help_text="Alignment debt rose above this."
    )
    min_severity = Row(
        SeverityTier.objects.all,
        "slug",
        "severity tier",
        required=False,
        allow_null=True,
        help_text="A case came in, or was raised, to at least this potential severity.",
    )

    def validate_weekday(self, value):
        return Weekday[value.upper()]

    def validate_time_zone(self, value):
        if value not in available_timezones():
            raise serializers.ValidationError("This is no time zone; use a name such as Europe/London.", code="invalid")
        return value


class SubscriptionChangeInput(WishInput):
    paused_until = Moment(required=False, allow_null=True, help_text="Nothing falls due before; null goes on at once.")


class SubscriptionInput(WishInput):
    about = Choice(About.choices, required=False, help_text="Everything unless said.")
    view = Text(required=False, allow_null=True, max_length=80, help_text="With `about: view`, its slug.")
    node = Text(required=False, allow_null=True, max_length=300, help_text="With `about: branch`, as `scheme:slug`.")
    system = Text(
        required=False, allow_null=True, max_length=200, help_text="With `about: system`, by any of its names."
    )
    team = Text(
        required=False, allow_null=True, max_length=120, help_text="Send it to this team of yours; to you unless said."
    )

    def validate(self, values):
        """Rows for names; what is not there and what the caller may not see answer alike."""
        person, problems = self.context["person"], {}
        finders = {
            "view": lambda slug: find_view(person, slug),
            "node": node_named,
            "system": lambda name: system_named(person, name),
            "team": lambda name: team_named(person, name),
        }
        for name, find in finders.items():
            if values.get(name) is not None:
                try:
                    values[name] = find(values[name])
                except ValidationError as error:
                    problems[name] = [serializers.ErrorDetail(error.message, code="unknown_row")]
        if problems:
            raise serializers.ValidationError(problems)
        return values


class SubscriptionShape(serializers.Serializer):
    id = serializers.IntegerField()
    person = serializers.CharField(help_text="Who asked for it.")
    team = serializers.CharField(allow_null=True, help_text="Whose address it goes to; null for the person's own.")
    about = serializers.ChoiceField(About.choices)
    view = serializers.CharField(allow_null=True, help_text="Null too once it is gone, and to others.")
    node = serializers.CharField(allow_null=True)
    system = serializers.CharField(allow_null=True, help_text="Null to others.")
    words = serializers.CharField(help_text="What it follows, as its reader is told.")
    cadence = serializers.ChoiceField(Cadence.choices)
    weekday = serializers.ChoiceField(WEEKDAYS)
    day = serializers.IntegerField(min_value=1, max_value=LAST_DAY)
    hour = serializers.IntegerField(min_value=0, max_value=23)
    time_zone = serializers.CharField()
    only_if_moved = serializers.BooleanField()
    max_q = serializers.FloatField(allow_null=True)
    min_debt = serializers.IntegerField(allow_null=True)
    min_severity = serializers.CharField(allow_null=True)
    paused_until = serializers.DateTimeField(allow_null=True)
    next_at = serializers.DateTimeField(help_text="When the next digest is due.")
    created_at = serializers.DateTimeField()
    url = serializers.URLField()
    html_url = serializers.URLField(
        help_text="The page of one's own and of one's teams'; of others, that of all one's own."
    )


def subscription_of(row, *, at, own, addresses):
    """`own`: the caller's or their team's. Names of views and systems are not for administrators who merely list them:
    a view may be private, and a system known from a confidential case only.
    """
    path = f"subscriptions/{row.pk}"
    where = addresses.of(path, "subscription", pk=row.pk) if own else addresses.of(path, "subscription-list")
    view, system = (None if wishes.is_gone(row) else row.view, row.system) if own else (None, None)
    return {
        "id": row.pk,
        "person": row.person.username,
        "team": row.team and row.team.name,
        "about": row.about,
        "view": view and view.slug,
        "node": row.node and row.node.key,
        "system": system and system.name,
        "words": wishes.followed(row) if own else row.get_about_display(),
        "cadence": row.cadence,
        "weekday": Weekday(row.weekday).name.lower(),
        "day": row.day,
        "hour": row.hour,
        "time_zone": row.time_zone,
        "only_if_moved": row.only_if_moved,
        "max_q": row.max_q,
        "min_debt": row.min_debt,
        "min_severity": row.min_severity and row.min_severity.slug,
        "paused_until": row.paused_until,
        "next_at": wishes.next_at(row, at=at),
        "created_at": row.created_at,
        **where,
    }


class DigestRowShape(serializers.Serializer):
    id = serializers.IntegerField()
    subscription = serializers.IntegerField()
    person = serializers.CharField()
    team = serializers.CharField(allow_null=True, help_text="Whose address it goes to; null for the person's own.")
    words = serializers.CharField(help_text="What it is about.")
    asked = serializers.BooleanField(help_text="Asked for, besides those that fall due by themselves.")
    period_start = serializers.DateTimeField(help_text="Half-open: the start is in, the end is out.")
    period_end = serializers.DateTimeField()
    state = serializers.ChoiceField(
        DigestState.choices, help_text="`quiet`: nothing had happened that was to be told, so nothing was sent."
    )
    subject = serializers.CharField(allow_null=True, help_text="Null until it is written.")
    sent_at = serializers.DateTimeField(allow_null=True)
    attempts = serializers.IntegerField()
    error = serializers.CharField(allow_null=True)
    created_at = serializers.DateTimeField()
    url = serializers.URLField()
    html_url = serializers.URLField(allow_null=True)


class DigestShape(DigestRowShape):
    text = serializers.CharField(allow_null=True)
    html = serializers.CharField(allow_null=True, help_text="As it was mailed, its picture inside.")


def digest_row_of(row, addresses):
    where = addresses.of(f"digests/{row.pk}", "digest", pk=row.pk)
    return {
        "id": row.pk,
        "subscription": row.subscription_id,
        "person": row.person.username,
        "team": row.subscription.team and row.subscription.team.name,
        "words": wishes.followed(row.subscription),
        "asked": row.asked,
        "period_start": row.period_start,
        "period_end": row.period_end,
        "state": row.state,
        "subject": row.subject or None,
        "sent_at": row.sent_at,
        "attempts": row.attempts,
        "error": row.error or None,
        "created_at": row.created_at,
        # There is a page once it is written.
        **(where if row.subject else where | {"html_url": None}),
    }


def digest_of(row, addresses):
    letter = archive.letter(row) if row.html else None
    return digest_row_of(row, addresses) | {"text": row.text or None, "html": letter}


class SeenInput(StrictSerializer):
    case = Text(required=False, allow_null=True, max_length=24, help_text="Everything unless a case is named.")


class SeenShape(serializers.Serializer):
    seen = serializers.IntegerField(help_text="How many had not been seen before.")


class UnseenShape(serializers.Serializer):
    notifications = serializers.IntegerField()
    cases = serializers.IntegerField(help_text="Cases with something you have not seen.")


class NotificationShape(serializers.Serializer):
    id = serializers.IntegerField()
    case = serializers.CharField()
    kind = serializers.ChoiceField(NotificationKind.choices)
    words = serializers.CharField(help_text="Who did what.")
    actor = serializers.CharField(allow_null=True, help_text="A user name; null where the clock did it.")
    comment = serializers.IntegerField(allow_null=True)
    created_at = serializers.DateTimeField()
    seen_at = serializers.DateTimeField(allow_null=True)
    url = serializers.URLField()
    html_url = serializers.URLField()


def notification_of(row, addresses):
    reference = reference_of(row.case_id)
    where = addresses.of(f"notifications/{row.pk}", "case", reference=reference)
    place = f"#comment-{row.comment_id}" if row.comment_id else ""
    return {
        "id": row.pk,
        "case": reference,
        "kind": row.kind,
        "words": sentence(row),
        "actor": row.actor and row.actor.username,
        "comment": row.comment_id,
        "created_at": row.at,
        "seen_at": row.seen_at,
        **where,
        "html_url": where["html_url"] + place,
    }
