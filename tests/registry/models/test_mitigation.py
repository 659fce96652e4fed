"""What no mitigation can be."""

import pytest

from registry.models import Mitigation, MitigationCase
from tests import analysed
from tests.factories import make_case
from tests.registry.models.refusal import refused_by

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("registry_mitigation_state_known", {"state": "perhaps"}),
        ("registry_mitigation_effect_known", {"effect": "perhaps", "state": "done"}),
        ("registry_mitigation_title_filled", {"title": ""}),
        ("registry_mitigation_description_at_most_10000", {"description": "x" * 10_001}),
        ("registry_mitigation_effect_note_at_most_10000", {"effect_note": "x" * 10_001}),
        ("registry_mitigation_owner_once_accepted", {"state": "accepted", "owner": None}),
        ("registry_mitigation_effect_once_done", {"effect": "yes", "state": "proposed"}),
    ],
)
def test_a_mitigation_refuses(constraint, values):
    row = analysed.mitigation()
    row.owner = row.proposed_by
    row.save()

    with refused_by(constraint):
        Mitigation.objects.update(**values)


def test_a_mitigation_answers_a_case_once():
    case = make_case()
    row = analysed.mitigation(case)

    with refused_by("registry_mitigationcase_once"):
        MitigationCase.objects.create(mitigation=row, case=case)
