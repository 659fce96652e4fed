"""Systems, organisations and event groups, as far as cases name them that the reader may see."""

from rest_framework import serializers

from registry.picking import COUNTED, n_different


class PartyShape(serializers.Serializer):
    id = serializers.IntegerField()
    url = serializers.URLField()
    html_url = serializers.URLField(allow_null=True)
    name = serializers.CharField()
    aliases = serializers.ListField(child=serializers.CharField())
    n_cases = serializers.IntegerField(help_text=f"Cases you may see that name it; a list counts to {COUNTED}.")
    more_cases = serializers.BooleanField(help_text="Whether there are more than were counted.")
    created_at = serializers.DateTimeField()


class OrganisationShape(PartyShape):
    pass


class OneSystemShape(PartyShape):
    developer = serializers.CharField(allow_null=True, help_text="Null unless a case you may see names it.")
    cases_url = serializers.URLField()


class OneEventGroupShape(serializers.Serializer):
    id = serializers.IntegerField()
    url = serializers.URLField()
    html_url = serializers.URLField(allow_null=True)
    name = serializers.CharField()
    n_cases = serializers.IntegerField(help_text="Cases you may see that report it.")
    cases_url = serializers.URLField()
    created_at = serializers.DateTimeField()


def party_of(row, addresses, kind):
    """`row` with `other_names` and `some_cases` read beside it, or `n_cases` where all were counted."""
    exact = getattr(row, "n_cases", None)
    n = n_different(row.some_cases) if exact is None else exact
    return {
        "id": row.pk,
        **addresses.party(kind, row.pk),
        "name": row.name,
        "aliases": row.other_names,
        "n_cases": min(n, COUNTED) if exact is None else n,
        "more_cases": exact is None and n > COUNTED,
        "created_at": row.created_at,
    }


def organisation_of(row, addresses):
    return party_of(row, addresses, "organisations")


def system_of(row, addresses):
    return party_of(row, addresses, "systems") | {
        "developer": row.seen_developer,
        "cases_url": addresses.cases(system=row.name),
    }


def event_group_of(row, addresses):
    return {
        "id": row.pk,
        **addresses.party("event-groups", row.pk),
        "name": row.name,
        "n_cases": row.n_cases,
        "cases_url": addresses.cases(event_group=row.pk),
        "created_at": row.created_at,
    }
