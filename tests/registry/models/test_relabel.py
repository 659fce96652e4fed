"""What no change of a node and no relabelling can be."""

import pytest

from registry.models import Relabel, TaxonomyChange
from tests import analysed
from tests.factories import NOW
from tests.registry.models.refusal import refused_by

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("registry_taxonomychange_kind_known", {"kind": "rename"}),
        ("registry_taxonomychange_reason_filled", {"reason": ""}),
        ("registry_taxonomychange_reason_at_most_10000", {"reason": "x" * 10_001}),
    ],
)
def test_a_change_of_a_node_refuses(constraint, values):
    analysed.taxonomy_change()

    with refused_by(constraint):
        TaxonomyChange.objects.update(**values)


def test_a_case_waits_once_for_a_change():
    row = analysed.relabel()

    with refused_by("registry_relabel_once"):
        analysed.relabel(change=row.change, case=row.case)


def test_what_is_labelled_again_says_who_did_it():
    analysed.relabel()

    with refused_by("registry_relabel_done_by_somebody"):
        Relabel.objects.update(done_at=NOW)
