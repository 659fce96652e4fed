"""What a client may send about schemes and nodes; the actions check what concerns several of them."""

from django.core.exceptions import ValidationError
from rest_framework import serializers

from api.serializers.strict import Choice, StrictSerializer, Text, YesNo
from registry.filters import find_node
from taxonomy.exchanging import READERS
from taxonomy.formats import LONGEST_FILE
from taxonomy.models import SLUG, DefinitionStatus, Relation, SchemeKind

MOST_LINES, LONGEST_LINE = 60, 2000
LONGEST_KEY = 121
LONGEST_REASON = 10_000
MOST_TARGETS = 20
# What stands in addresses where the slug of a scheme does.
RESERVED = {"import"}


def lines(longest=LONGEST_LINE, **options):
    return serializers.ListField(child=Text(max_length=longest), max_length=MOST_LINES, **options)


def optional_text(longest, **options):
    return Text(required=False, allow_blank=True, max_length=longest, **options)


def reason():
    return Text(max_length=LONGEST_REASON, help_text="Kept in the history.")


class NodeField(Text):
    """A node in use, as `scheme:slug`."""

    default_error_messages = {"retired": "“{named}” is retired."}

    def __init__(self, **options):
        super().__init__(max_length=LONGEST_KEY, **options)

    def to_internal_value(self, data):
        key = super().to_internal_value(data)
        # Here, since what follows is no text any more.
        self.run_validators(key)
        try:
            node = find_node(key)
        except ValidationError as unknown:
            raise serializers.ValidationError(unknown.messages[0], code=unknown.code) from None
        if node.retired_at:
            self.fail("retired", named=key)
        return node


def not_an_address(slug):
    if slug in RESERVED:
        raise serializers.ValidationError(f"“{slug}” is part of another address.")


class SchemeInput(StrictSerializer):
    slug = Text(max_length=60, validators=[SLUG, not_an_address], help_text="Stays for ever; part of its address.")
    name = Text(max_length=120)
    kind = Choice(SchemeKind.choices)
    description = optional_text(5000)
    guidance = lines(required=False, help_text="How to label with it, step by step.")
    allows_several = YesNo(default=True)
    source = optional_text(2000)
    source_url = serializers.URLField(required=False, max_length=500)
    edition = optional_text(40)


class GuidanceInput(StrictSerializer):
    """What raters read before they use a node."""

    definition_status = Choice(DefinitionStatus.choices, required=False)
    applies_when = lines(required=False)
    does_not_apply_when = lines(required=False)
    examples = lines(required=False)
    aliases = lines(160, required=False)
    source = optional_text(2000)


class NodeInput(GuidanceInput):
    slug = Text(max_length=60, validators=[SLUG], help_text="Stays for ever; part of its address.")
    name = Text(max_length=160)
    parent = NodeField(required=False, allow_null=True)
    definition = Text(max_length=10_000, help_text="In your own words.")
    definition_status = Choice(DefinitionStatus.choices, default=DefinitionStatus.PROVISIONAL)


class NodeChangeInput(GuidanceInput):
    definition = Text(required=False, max_length=10_000)
    reason = reason()


class ClaimInput(StrictSerializer):
    parent = NodeField()
    asserted_by = Text(max_length=200, help_text="Who would put it there.")


class MappingInput(StrictSerializer):
    node = NodeField()
    relation = Choice(Relation.choices, help_text="How `node` stands to `other`.")
    other = NodeField(help_text="A node of another scheme.")
    source = Text(max_length=2000)


class SchemeFileInput(StrictSerializer):
    format = Choice([(name, name) for name in READERS])
    text = Text(max_length=LONGEST_FILE, trim_whitespace=False, help_text="The content of the file.")
    name = optional_text(200, help_text="The name of the file, from which a scheme takes its own where it has none.")
    seen = Text(
        required=False,
        max_length=64,
        help_text="`state` of the preview; 412 if the import would do something else by now.",
    )


class StepInput(StrictSerializer):
    """A change of a node's place or use. The reason is not needed to look at what it would do."""

    reason = optional_text(LONGEST_REASON, help_text="Kept in the history; needed unless with dry_run.")
    seen = Text(
        required=False, max_length=64, help_text="`state` of the preview; 412 if anything it rests on changed since."
    )


class TargetInput(StepInput):
    target = NodeField(help_text="A node of the same scheme.")


class SplitInput(StepInput):
    targets = serializers.ListField(child=NodeField(), min_length=2, max_length=MOST_TARGETS)


class MoveInput(StepInput):
    parent = NodeField(allow_null=True, help_text="The new parent; null makes it one of the topmost.")


class NoneAppliesInput(StrictSerializer):
    reason = reason()
