"""What no rating and no decision between raters can be."""

import pytest

from registry.models import Adjudication, Label, Rating
from tests import analysed
from tests.factories import NOW, make_case, make_node, make_person
from tests.registry.models.refusal import refused_by

pytestmark = pytest.mark.django_db


def test_a_rater_rates_a_case_once():
    row = analysed.rating()

    with refused_by("registry_rating_one_per_rater"):
        analysed.rating(case=row.case, rater=row.rater)


@pytest.mark.parametrize(
    "values",
    [{"state": "submitted"}, {"state": "aside"}, {"opened_at": NOW}],
    ids=["submitted without a time", "aside without a time", "at work with a time"],
)
def test_others_labels_open_by_submitting_or_standing_aside_only(values):
    analysed.rating()

    with refused_by("registry_rating_opened_unless_at_work"):
        Rating.objects.update(**values)


def test_a_rating_is_in_a_known_state():
    analysed.rating(state="submitted", opened_at=NOW)

    with refused_by("registry_rating_state_known"):
        Rating.objects.update(state="done")


def test_a_scheme_is_gone_through_once():
    row, node = analysed.rating(), make_node()
    analysed.rated_scheme(rating=row, scheme=node.scheme)

    with refused_by("registry_ratedscheme_once"):
        analysed.rated_scheme(rating=row, scheme=node.scheme)


def test_what_was_said_blind_is_known_once_submitted():
    Label.objects.create(case=make_case(), node=make_node(), rater=make_person(), submitted_at=NOW)

    with refused_by("registry_label_blind_only_once_submitted"):
        Label.objects.update(submitted_at=None, blind_stance="present")


def test_what_was_said_blind_is_a_stance():
    Label.objects.create(case=make_case(), node=make_node(), rater=make_person(), submitted_at=NOW)

    with refused_by("registry_label_blind_stance_known"):
        Label.objects.update(blind_stance="maybe")


def test_a_node_is_decided_once_for_a_case():
    row = analysed.adjudication()

    with refused_by("registry_adjudication_once"):
        analysed.adjudication(case=row.case, node=row.node)


@pytest.mark.parametrize(
    ("constraint", "reason"),
    [("registry_adjudication_reason_filled", ""), ("registry_adjudication_reason_at_most_10000", "x" * 10_001)],
)
def test_a_decision_has_a_reason(constraint, reason):
    analysed.adjudication()

    with refused_by(constraint):
        Adjudication.objects.update(reason=reason)
