"""What no label and no classification can be."""

import pytest

from registry.models import Classification, Label
from tests.factories import NOW, agree, make_case, make_node, make_person
from tests.registry.models.refusal import refused_by

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("registry_label_confidence_is_percent", {"confidence": 101}),
        ("registry_label_stance_known", {"stance": "maybe"}),
        ("registry_label_grounds_known", {"grounds": "rumour"}),
        ("registry_label_load_bearing_known", {"load_bearing": "partly"}),
        ("registry_label_rationale_at_most_10000", {"rationale": "x" * 10_001}),
        ("registry_label_quote_at_most_10000", {"quote": "x" * 10_001}),
    ],
)
def test_a_label_refuses(constraint, values):
    Label.objects.create(case=make_case(), node=make_node(), rater=make_person())

    with refused_by(constraint):
        Label.objects.update(**values)


def test_a_rater_has_one_label_for_a_case_and_node():
    row = {"case": make_case(), "node": make_node(), "rater": make_person()}

    with refused_by("registry_label_one_per_rater"):
        Label.objects.bulk_create([Label(**row, stance="present"), Label(**row, stance="absent")])


def test_a_node_is_agreed_once_for_a_case():
    case, node = make_case(), make_node()
    agree(case, node)

    with refused_by("registry_classification_once"):
        agree(case, node)


def test_an_adjudication_names_who_decided():
    row = Classification(case=make_case(), node=make_node(), method="adjudicated", decided_at=NOW)

    with refused_by("registry_classification_adjudicated_by_somebody"):
        Classification.objects.bulk_create([row])


def test_the_method_of_a_classification_is_known():
    agree(make_case(), make_node())

    with refused_by("registry_classification_method_known"):
        Classification.objects.update(method="guessed")
