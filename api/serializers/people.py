"""The person who asks, other people, and teams."""

from urllib.parse import quote
from zoneinfo import available_timezones

from rest_framework import serializers

from api.serializers.strict import Choice, StrictSerializer, Text, YesNo
from registry.choices import Role
from registry.models import Team


class RightsShape(serializers.Serializer):
    log = serializers.BooleanField()
    label = serializers.BooleanField()
    review = serializers.BooleanField()
    administer = serializers.BooleanField()


class OwnTokenShape(serializers.Serializer):
    name = serializers.CharField()
    scopes = serializers.ListField(child=serializers.CharField())
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()


class OwnTeamShape(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()


class RateLimitShape(serializers.Serializer):
    limit = serializers.IntegerField(help_text="Requests in a minute, of this token or of your browser.")
    remaining = serializers.IntegerField()
    reset_seconds = serializers.IntegerField(help_text="Until counting starts again.")


class MeInput(StrictSerializer):
    wants_mail = YesNo(required=False, help_text="Be told by mail as well as on the page.")


class MeShape(serializers.Serializer):
    id = serializers.IntegerField()
    username = serializers.CharField()
    name = serializers.CharField()
    email = serializers.CharField()
    role = serializers.ChoiceField(Role.choices)
    time_zone = serializers.CharField()
    wants_mail = serializers.BooleanField()
    created_at = serializers.DateTimeField()
    may = RightsShape()
    teams = OwnTeamShape(many=True)
    token = OwnTokenShape(allow_null=True, help_text="Null when signed in by a browser's session.")
    rate_limit = RateLimitShape(allow_null=True, help_text="Null where requests are not counted.")


def me_of(person, token, allowance):
    return {
        "id": person.pk,
        "username": person.username,
        "name": person.name,
        "email": person.email,
        "role": person.role,
        "time_zone": person.time_zone,
        "wants_mail": person.wants_mail,
        "created_at": person.created_at,
        "may": {
            "log": person.may_log,
            "label": person.may_label,
            "review": person.may_review,
            "administer": person.is_administrator,
        },
        "teams": list(Team.objects.filter(members__person=person).order_by("name").values("id", "name")),
        "token": token and {name: getattr(token, name) for name in ("name", "scopes", "created_at", "expires_at")},
        "rate_limit": allowance
        and {"limit": allowance.limit, "remaining": allowance.remaining, "reset_seconds": allowance.seconds},
    }


ADMINISTRATORS = "For administrators whose token has the scope admin; null for others."


class PersonShape(serializers.Serializer):
    id = serializers.IntegerField()
    url = serializers.URLField()
    html_url = serializers.URLField(allow_null=True, help_text="Always null: people have no page.")
    username = serializers.CharField()
    name = serializers.CharField()
    email = serializers.CharField(allow_null=True, help_text=ADMINISTRATORS)
    role = serializers.ChoiceField(Role.choices, allow_null=True, help_text=ADMINISTRATORS)
    is_active = serializers.BooleanField(
        help_text="Whether they may sign in; others than administrators see only those."
    )
    time_zone = serializers.CharField(allow_null=True, help_text=ADMINISTRATORS)
    created_at = serializers.DateTimeField(allow_null=True, help_text=ADMINISTRATORS)


class PersonChangeInput(StrictSerializer):
    name = Text(max_length=120, required=False)
    email = Text(max_length=254, required=False)
    role = Choice(Role.choices, required=False)
    is_active = YesNo(required=False)
    time_zone = Text(max_length=60, required=False)

    def validate_time_zone(self, value):
        if value not in available_timezones():
            raise serializers.ValidationError("Name a time zone as in Europe/Vienna.", code="unknown_time_zone")
        return value


class NewPersonInput(StrictSerializer):
    username = Text(max_length=60)
    email = Text(max_length=254)
    name = Text(max_length=120, required=False, help_text="The user name unless said.")
    role = Choice(Role.choices, default=Role.REPORTER)


class TeamWithMembersShape(serializers.Serializer):
    id = serializers.IntegerField()
    url = serializers.URLField()
    html_url = serializers.URLField(allow_null=True, help_text="Always null: teams have no page.")
    name = serializers.CharField()
    members = serializers.ListField(child=serializers.CharField(), help_text="User names.")
    created_at = serializers.DateTimeField()


def person_of(person, addresses, *, whole):
    """`whole` says that an administrator reads it."""
    only = ("email", "role", "time_zone", "created_at")
    return {
        "id": person.pk,
        "url": f"{addresses.api}/people/{quote(person.username)}/",
        "html_url": None,
        "username": person.username,
        "name": person.name,
        "is_active": person.is_active,
        **{name: getattr(person, name) if whole else None for name in only},
    }


def team_of(team, addresses):
    """`team` as a row with `usernames`, those of its members."""
    return {
        "id": team.pk,
        "url": f"{addresses.api}/teams/{team.pk}/",
        "html_url": None,
        "name": team.name,
        "members": team.usernames,
        "created_at": team.created_at,
    }
