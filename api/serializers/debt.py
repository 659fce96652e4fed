"""Alignment debt: what open cases owe, and who carries it for a while."""

from rest_framework import serializers

from api.addresses import reference_of
from api.serializers.owning import MissingShape
from api.serializers.strict import Day, Row, StrictSerializer, Text
from registry.choices import Status
from registry.models import Person


class AcceptanceInput(StrictSerializer):
    owner = Row(
        Person.objects.active, "username", "active person", help_text="Who carries it; somebody who sees the case."
    )
    reason = Text(max_length=10_000, help_text="Why it may wait; shown in the ledger.")
    expires_on = Day(help_text="From this day on it counts again, by itself.")


class AcceptanceShape(serializers.Serializer):
    id = serializers.IntegerField()
    case = serializers.CharField()
    owner = serializers.CharField()
    reason = serializers.CharField()
    expires_on = serializers.DateField()
    accepted_by = serializers.CharField()
    accepted_at = serializers.DateTimeField()
    url = serializers.URLField()
    html_url = serializers.URLField()


class CarriedShape(AcceptanceShape):
    debt = serializers.FloatField(help_text="What it keeps out of the total.")


class OwingShape(serializers.Serializer):
    """One case, and what it owes: weight × weeks × missing steps."""

    case = serializers.CharField()
    title = serializers.CharField()
    status = serializers.ChoiceField(Status.choices)
    owner = serializers.CharField(allow_null=True)
    potential_severity = serializers.CharField(allow_null=True)
    weight = serializers.FloatField()
    weeks = serializers.FloatField()
    missing_steps = serializers.IntegerField()
    next_step = serializers.CharField(help_text="The first step that is missing as the case stands today.")
    debt = serializers.FloatField()
    accepted = serializers.BooleanField()
    url = serializers.URLField()
    html_url = serializers.URLField()


class OwnerDebtShape(serializers.Serializer):
    owner = serializers.CharField(allow_null=True, help_text="Null: owned by nobody yet.")
    name = serializers.CharField(allow_null=True)
    debt = serializers.FloatField()
    cases = serializers.IntegerField()


class BranchDebtShape(serializers.Serializer):
    branch = serializers.CharField(allow_null=True, help_text="Null: without an agreed cause that you may see.")
    name = serializers.CharField(allow_null=True)
    debt = serializers.FloatField()
    cases = serializers.IntegerField()


class PointShape(serializers.Serializer):
    at = serializers.DateTimeField()
    debt = serializers.FloatField()
    carried = serializers.FloatField()
    cases = serializers.IntegerField()


class LedgerShape(serializers.Serializer):
    at = serializers.DateTimeField(help_text="The time it speaks of: now, or the end of the day asked for.")
    debt = serializers.FloatField(help_text="What all cases owe, without what somebody carries.")
    carried = serializers.FloatField()
    cases = serializers.IntegerField()
    accepted_cases = serializers.IntegerField()
    one_step_cases = serializers.IntegerField(help_text="Cases that lack one step only.")
    week_before = serializers.FloatField()
    by_owner = OwnerDebtShape(many=True)
    by_branch = BranchDebtShape(many=True, help_text="A case may stand under several branches.")
    burn_up = PointShape(many=True, help_text="Week by week, the oldest first.")
    oldest = OwingShape(many=True)
    cheapest = OwingShape(many=True, help_text="One step from owing nothing, the most owing first.")
    acceptances = CarriedShape(many=True, help_text="The soonest to run out first; at most 50.")
    url = serializers.URLField()
    html_url = serializers.URLField()


class CaseDebtShape(serializers.Serializer):
    case = serializers.CharField()
    owing = serializers.BooleanField(help_text="Only a case that is open and submitted owes anything.")
    weight = serializers.FloatField(allow_null=True)
    weeks = serializers.FloatField(allow_null=True)
    missing_steps = MissingShape(many=True, help_text="As far as you may know.")
    debt = serializers.FloatField()
    acceptance = AcceptanceShape(allow_null=True, help_text="Who carries it at present.")
    url = serializers.URLField()
    html_url = serializers.URLField()


def acceptance_of(row, addresses):
    reference = reference_of(row.case_id)
    return {
        "id": row.pk,
        "case": reference,
        "owner": row.owner.username,
        "reason": row.reason,
        "expires_on": row.expires_on,
        "accepted_by": row.accepted_by.username,
        "accepted_at": row.accepted_at,
        **addresses.of(f"cases/{reference}/debt/acceptance", "case", reference=reference),
    }


def owing_of(row, addresses):
    case = row.case
    reference = reference_of(case.pk)
    return {
        "case": reference,
        "title": case.title,
        "status": case.status,
        "owner": case.owner and case.owner.username,
        "potential_severity": case.potential_severity and case.potential_severity.slug,
        "weight": row.weight,
        "weeks": row.weeks,
        "missing_steps": row.missing,
        "next_step": row.step,
        "debt": row.debt,
        "accepted": row.accepted,
        **addresses.case(reference),
    }


def ledger_of(ledger, *, acceptances, people, addresses, query):
    """`people` is {number: person} of the owners in the ledger."""
    where = addresses.of("debt", "debt", query=query)
    owner = dict.fromkeys([key for key, _, _ in ledger.owners]) | people
    return {
        "at": ledger.at,
        "debt": ledger.standing.total(),
        "carried": ledger.standing.carried(),
        "cases": ledger.standing.count(),
        "accepted_cases": len(ledger.accepted),
        "one_step_cases": ledger.n_one_step,
        "week_before": ledger.before,
        "by_owner": [
            {
                "owner": owner[key] and owner[key].username,
                "name": owner[key] and owner[key].name,
                "debt": owed,
                "cases": n,
            }
            for key, owed, n in ledger.owners
        ],
        "by_branch": [
            {"branch": key if key in ledger.branch_names else None, "name": ledger.branch_names.get(key)}
            | {"debt": owed, "cases": n}
            for key, owed, n in ledger.branches
        ],
        "burn_up": [
            {"at": at, "debt": owed, "carried": carried, "cases": n} for at, (owed, carried, n) in ledger.points
        ],
        "oldest": [owing_of(row, addresses) for row in ledger.oldest],
        "cheapest": [owing_of(row, addresses) for row in ledger.cheapest],
        "acceptances": [acceptance_of(row, addresses) | {"debt": row.debt} for row in acceptances],
        "url": where["url"] + (query and f"?{query}"),
        "html_url": where["html_url"],
    }


def case_debt_of(case, owes, missing, addresses):
    """`owes` is what `owed.of_case` says; nothing for a case that owes nothing."""
    owing, carried = owes.get("owing"), owes.get("carried")
    return {
        "case": case.reference,
        "owing": owing is not None,
        "weight": owing and owing.weight,
        "weeks": owing and owing.weeks,
        "missing_steps": [{"field": each.field, "message": each.message} for each in missing],
        "debt": owing.debt if owing else 0.0,
        "acceptance": carried and acceptance_of(carried, addresses),
        **addresses.of(f"cases/{case.reference}/debt", "case", reference=case.reference),
    }
