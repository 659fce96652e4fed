"""What was published of a case stands whatever raters say, until a reviewer decides."""

from datetime import timedelta

import pytest

from registry import blind
from registry.actions import labels, merges
from registry.choices import Method
from registry.models import Classification
from tests.factories import NOW, adjudicate, label, make_case, make_node

pytestmark = pytest.mark.django_db


@pytest.fixture
def node(db):
    return make_node()


@pytest.fixture
def published(node):
    return make_case(nodes=[node])


def agreed(case):
    return list(case.classifications.values_list("node", "method", "decided_by", "decided_at"))


def withdraw(case, node, by):
    later = NOW + timedelta(days=1)
    labels.withdraw_adjudication(case=case, node=node, by=by, at=later, reason="Decided in haste.")


@pytest.mark.parametrize("stances", [["present"], ["absent"], ["present", "present"], ["absent", "absent", "present"]])
def test_a_published_label_stays_as_published_whatever_raters_say(published, node, analyst, stances):
    for stance in stances:
        label(published, node, stance=stance)

    assert agreed(published) == [(node.pk, Method.IMPORTED, None, NOW)]
    assert list(blind.seen_classifications(analyst).values_list("case", "node")) == [(published.pk, node.pk)]


def test_a_published_label_stays_when_the_last_rater_takes_theirs_back(published, node, analyst):
    labels.take_back_label(label=label(published, node, by=analyst), by=analyst, at=NOW)

    assert agreed(published) == [(node.pk, Method.IMPORTED, None, NOW)]


@pytest.mark.parametrize("applies", [True, False])
@pytest.mark.parametrize("stance", ["present", "absent"])
def test_a_decision_changes_it_and_a_withdrawn_one_gives_it_back(published, node, reviewer, applies, stance):
    label(published, node, stance=stance)

    adjudicate(published, node, by=reviewer, applies=applies)

    assert agreed(published) == ([(node.pk, Method.ADJUDICATED, reviewer.pk, NOW)] if applies else [])

    withdraw(published, node, reviewer)

    assert agreed(published) == [(node.pk, Method.IMPORTED, None, NOW)]


def test_what_was_never_published_is_the_raters_again_once_a_decision_is_withdrawn(node, reviewer):
    case = make_case()
    label(case, node)
    adjudicate(case, node, by=reviewer)

    withdraw(case, node, reviewer)

    assert [row[:2] for row in agreed(case)] == [(node.pk, Method.SINGLE_RATER)]


def test_a_merge_leaves_a_published_label_as_it_is(published, node, analyst):
    merged = make_case()
    label(merged, node, stance="absent")

    merges.merge_cases(kept=published, merged=merged, by=analyst, at=NOW, reason="The same event.")

    assert agreed(published) == [(node.pk, Method.IMPORTED, None, NOW)]
    assert published.labels.count() == 1


def test_what_came_with_a_merge_that_was_taken_back_is_not_restored(published, node, analyst, reviewer):
    kept = make_case()
    merge = merges.merge_cases(kept=kept, merged=published, by=analyst, at=NOW, reason="The same event.")
    merges.unmerge_cases(merge=merge, by=analyst, at=NOW)
    adjudicate(kept, node, by=reviewer)

    withdraw(kept, node, reviewer)

    assert agreed(kept) == []
    assert agreed(published) == [(node.pk, Method.IMPORTED, None, NOW)]


def test_the_label_published_last_is_given_back(published, node, reviewer):
    Classification.objects.all().delete()
    Classification.objects.create(case=published, node=node, method=Method.IMPORTED, decided_at=NOW - timedelta(days=9))
    adjudicate(published, node, by=reviewer, applies=False)

    withdraw(published, node, reviewer)

    assert agreed(published) == [(node.pk, Method.IMPORTED, None, NOW - timedelta(days=9))]
