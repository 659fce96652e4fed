"""What reaches one person: subscriptions, digests, and what they were told of cases."""

from zoneinfo import available_timezones

from rest_framework import serializers

from api.addresses import reference_of
from api.serializers.strict import Choice, StrictSerializer, Text, Whole
from registry.choices import DigestState, NotificationKind, Weekday
from registry.digests import archive
from registry.digests.notices import sentence
from registry.digests.periods import next_moment

WEEKDAYS = [(day.name.lower(), day.label) for day in Weekday]


class SubscriptionInput(StrictSerializer):
    weekday = Choice(WEEKDAYS, required=False)
    hour = Whole(required=False, min_value=0, max_value=23, help_text="In the time zone.")
    time_zone = Text(required=False, max_length=60, help_text="Such as Europe/London; yours unless said.")

    def validate_weekday(self, value):
        return Weekday[value.upper()]

    def validate_time_zone(self, value):
        if value not in available_timezones():
            raise serializers.ValidationError("This is no time zone; use a name such as Europe/London.", code="invalid")
        return value


class SubscriptionShape(serializers.Serializer):
    id = serializers.IntegerField()
    person = serializers.CharField()
    weekday = serializers.ChoiceField(WEEKDAYS)
    hour = serializers.IntegerField(min_value=0, max_value=23)
    time_zone = serializers.CharField()
    next_at = serializers.DateTimeField(help_text="When the next digest is due.")
    created_at = serializers.DateTimeField()
    url = serializers.URLField()
    html_url = serializers.URLField()


def subscription_of(row, *, at, addresses):
    when = {"weekday": row.weekday, "hour": row.hour, "time_zone": row.time_zone}
    return {
        "id": row.pk,
        "person": row.person.username,
        **when,
        "weekday": Weekday(row.weekday).name.lower(),
        "next_at": next_moment(**when, at=at),
        "created_at": row.created_at,
        **addresses.of(f"subscriptions/{row.pk}", "digest-subscription"),
    }


class DigestRowShape(serializers.Serializer):
    id = serializers.IntegerField()
    person = serializers.CharField()
    period_start = serializers.DateTimeField(help_text="Half-open: the start is in, the end is out.")
    period_end = serializers.DateTimeField()
    state = serializers.ChoiceField(DigestState.choices)
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
        "person": row.person.username,
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
