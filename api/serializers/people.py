"""The person who asks."""

from rest_framework import serializers

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


class MeShape(serializers.Serializer):
    id = serializers.IntegerField()
    username = serializers.CharField()
    name = serializers.CharField()
    email = serializers.CharField()
    role = serializers.ChoiceField(Role.choices)
    time_zone = serializers.CharField()
    created_at = serializers.DateTimeField()
    may = RightsShape()
    teams = OwnTeamShape(many=True)
    token = OwnTokenShape(allow_null=True, help_text="Null when signed in by a browser's session.")


def me_of(person, token):
    return {
        "id": person.pk,
        "username": person.username,
        "name": person.name,
        "email": person.email,
        "role": person.role,
        "time_zone": person.time_zone,
        "created_at": person.created_at,
        "may": {
            "log": person.may_log,
            "label": person.may_label,
            "review": person.may_review,
            "administer": person.is_administrator,
        },
        "teams": list(Team.objects.filter(members__person=person).order_by("name").values("id", "name")),
        "token": token and {name: getattr(token, name) for name in ("name", "scopes", "created_at", "expires_at")},
    }
