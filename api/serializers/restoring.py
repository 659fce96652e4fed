"""What bringing back a field takes."""

from api.serializers.strict import Choice, StrictSerializer, Text, Whole
from registry.actions.restoring import RESTORABLE


class RestoreInput(StrictSerializer):
    event = Whole(min_value=1, max_value=2**63 - 1, help_text="`restorable_from` of a change, or `event` of a version.")
    field = Choice([(name, name) for name in RESTORABLE], help_text="The days of the occurrence come back together.")
    reason = Text(required=False, allow_blank=True, max_length=1000, help_text="Kept in the history.")
