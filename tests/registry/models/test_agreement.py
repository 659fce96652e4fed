"""What no score of agreement can be, and that none is ever changed."""

import pytest
from django.db import ProgrammingError, transaction

from tests import analysed
from tests.factories import make_node
from tests.registry.models.refusal import refused_by

pytestmark = pytest.mark.django_db


def test_a_node_has_one_score_in_a_run():
    node, run = make_node(), analysed.agreement_run()
    analysed.agreement_score(run=run, node=node, scheme=node.scheme)

    with refused_by("registry_agreementscore_once"):
        analysed.agreement_score(run=run, node=node, scheme=node.scheme)


def test_a_severity_has_one_score_in_a_run():
    run = analysed.agreement_run()
    analysed.agreement_score(run=run, measure="potential")

    with refused_by("registry_agreementscore_once"):
        analysed.agreement_score(run=run, measure="potential")


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("registry_agreementscore_interval_holds_it", {"low": 0.8, "high": 0.7}),
        ("registry_agreementscore_measure_known", {"measure": "mood"}),
    ],
)
def test_a_score_refuses(constraint, values):
    run = analysed.agreement_run()

    with refused_by(constraint):
        analysed.agreement_score(run=run, **values)


def test_two_raters_are_compared_once_in_a_scheme():
    row = analysed.rater_pair()

    with refused_by("registry_raterpair_once"):
        analysed.rater_pair(run=row.run, scheme=row.scheme, first=row.first, second=row.second)


def test_two_raters_agree_on_no_more_than_they_judged():
    with refused_by("registry_raterpair_agreed_of_all"):
        analysed.rater_pair(n_agreed=11)


def test_two_nodes_are_confused_once_in_a_run():
    row = analysed.confusion()

    with refused_by("registry_confusion_once"):
        analysed.confusion(row.node_a, row.node_b, run=row.run)


def test_the_lower_number_of_two_confused_nodes_comes_first():
    first, second = make_node(), make_node()

    with refused_by("registry_confusion_ordered"):
        analysed.confusion(second, first)


@pytest.mark.parametrize(
    "make",
    [
        analysed.agreement_run,
        lambda: analysed.agreement_score(run=analysed.agreement_run(), measure="realised"),
        analysed.rater_pair,
        analysed.confusion,
    ],
    ids=["run", "score", "pair", "confusion"],
)
def test_what_was_computed_is_never_changed(make):
    row = make()

    with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
        row.save(force_update=True)
    with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
        row.delete()
