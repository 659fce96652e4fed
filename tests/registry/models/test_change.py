"""What no change can be."""

import pytest

from registry.models import Change
from tests.factories import NOW
from tests.registry.models.refusal import refused_by

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("registry_change_what_known", {"what": "party"}),
        ("registry_change_action_known", {"action": "burnt"}),
    ],
)
def test_a_change_refuses(constraint, values):
    with refused_by(constraint):
        Change.objects.create(**{"at": NOW, "what": "case", "action": "made"} | values)
