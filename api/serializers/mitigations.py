"""Mitigations: what a client sends, and what a reader may see of them."""

from django.http import Http404
from rest_framework import serializers

from api.addresses import reference_of
from api.serializers.case_input import person
from api.serializers.strict import Choice, Day, StrictSerializer, Text
from registry import access
from registry.actions.mitigations import OVER
from registry.choices import Effect, MitigationState
from registry.filters import find_node

MOST_CASES = 20
LONGEST = 10_000


class SeenCase(Text):
    """A case the person sees; any other answers like none at all."""

    default_error_messages = {"unknown_row": "There is no case “{value}”."}

    def to_internal_value(self, data):
        reference = super().to_internal_value(data)
        try:
            return access.case_for(self.context["person"], reference)
        except Http404:
            self.fail("unknown_row", value=reference[:40])


class CurrentNode(Text):
    """`scheme:slug` of a node that is not retired, unless it is the one that the mitigation has."""

    default_error_messages = {"retired": "“{value}” is retired; choose another."}

    def to_internal_value(self, data):
        node = find_node(super().to_internal_value(data))
        mitigation = self.context.get("mitigation")
        if node.retired_at and (mitigation is None or mitigation.node_id != node.pk):
            self.fail("retired", value=node.key)
        return node


class MitigationInput(StrictSerializer):
    title = Text(max_length=200, help_text="What is to be done.")
    cases = serializers.ListField(
        child=SeenCase(), min_length=1, max_length=MOST_CASES, help_text="Which cases it answers."
    )
    description = Text(required=False, allow_blank=True, max_length=LONGEST)
    node = CurrentNode(required=False, allow_null=True, help_text="scheme:slug, of a mitigation scheme")
    owner = person(allow_null=True, help_text="Needed once it is accepted.")
    due_on = Day(required=False, allow_null=True)
    state = Choice(MitigationState.choices[:3], required=False)


class MitigationChangeInput(StrictSerializer):
    title = Text(required=False, max_length=200)
    description = Text(required=False, allow_blank=True, max_length=LONGEST)
    node = CurrentNode(required=False, allow_null=True)
    owner = person(allow_null=True)
    due_on = Day(required=False, allow_null=True)
    state = Choice(MitigationState.choices, required=False, help_text="One step on, or back.")
    effect = Choice(Effect.choices, required=False, help_text="Once it is done.")
    effect_note = Text(required=False, allow_blank=True, max_length=LONGEST, help_text="How the effect was checked.")


class MitigationShape(serializers.Serializer):
    id = serializers.IntegerField()
    title = serializers.CharField()
    description = serializers.CharField()
    node = serializers.CharField(allow_null=True, help_text="scheme:slug")
    state = serializers.ChoiceField(MitigationState.choices)
    owner = serializers.CharField(allow_null=True)
    due_on = serializers.DateField(allow_null=True)
    overdue = serializers.BooleanField()
    effect = serializers.ChoiceField(Effect.choices)
    effect_note = serializers.CharField()
    proposed_by = serializers.CharField()
    cases = serializers.ListField(child=serializers.CharField(), help_text="Those that you may see.")
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    url = serializers.URLField()
    html_url = serializers.URLField()


def mitigation_of(row, *, today, addresses):
    """`row` has `node__scheme`, `owner` and `proposed_by` at hand, and `seen_answers`, the rows of cases one sees."""
    return {
        "id": row.pk,
        "title": row.title,
        "description": row.description,
        "node": row.node and row.node.key,
        "state": row.state,
        "owner": row.owner and row.owner.username,
        "due_on": row.due_on,
        "overdue": row.due_on is not None and row.due_on < today and row.state not in OVER,
        "effect": row.effect,
        "effect_note": row.effect_note,
        "proposed_by": row.proposed_by.username,
        "cases": [reference_of(answer.case_id) for answer in row.seen_answers],
        "version": row.version,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        **addresses.of(f"mitigations/{row.pk}", "mitigation", pk=row.pk),
    }
