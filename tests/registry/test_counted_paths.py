"""Which labels of a case count in a run over some of the cases."""

import pytest

from registry.choices import LabelRule, Method, Status
from registry.counted_paths import counted_path
from registry.models import Case, Classification
from tests.factories import NOW, adjudicate, agree, label, make_case, make_node, make_person

pytestmark = pytest.mark.django_db

AGREED, ADJUDICATED, ANY = LabelRule.AGREED, LabelRule.ADJUDICATED, LabelRule.ANY


@pytest.fixture
def nodes():
    top = make_node("top")
    return top, make_node("left", parent=top), make_node("right", parent=top)


def path_of(case, rule):
    return Case.objects.annotate(counted_path=counted_path(rule)).get(pk=case.pk).counted_path


def ids(*nodes):
    return sorted(node.pk for node in nodes)


def paths_of(case):
    return {rule: path_of(case, rule) for rule in LabelRule}


def close(case):
    Case.objects.filter(pk=case.pk).update(status=Status.CLOSED, closed_at=NOW)


def test_what_was_published_counts_with_all_that_stands_above_it(nodes):
    top, left, _ = nodes
    case = make_case(nodes=[left])

    assert paths_of(case) == {AGREED: ids(top, left), ADJUDICATED: [], ANY: ids(top, left)}


def test_of_an_open_case_no_label_of_its_raters_counts(nodes):
    top, left, right = nodes
    case = make_case(status=Status.ANALYSIS, nodes=[left])
    label(case, right)
    case.refresh_from_db()

    assert case.node_path == ids(top, left, right)
    assert paths_of(case) == {AGREED: ids(top, left), ADJUDICATED: [], ANY: ids(top, left)}


@pytest.mark.parametrize("status", [Status.ANALYSIS, Status.REVIEW, Status.TRIAGE])
def test_a_case_is_open_to_its_raters_until_it_is_closed(nodes, status):
    case = make_case(status=Status.ANALYSIS)
    label(case, nodes[1])
    Case.objects.filter(pk=case.pk).update(status=status)

    assert paths_of(case) == {AGREED: [], ADJUDICATED: [], ANY: []}


def test_of_a_closed_case_the_labels_of_raters_count(nodes):
    top, left, right = nodes
    case = make_case(status=Status.ANALYSIS)
    label(case, left)
    for stance in ("present", "absent", "absent"):
        label(case, right, stance=stance)
    close(case)

    assert paths_of(case) == {AGREED: ids(top, left), ADJUDICATED: [], ANY: ids(top, left, right)}


def test_what_was_decided_counts_by_every_rule_while_the_case_is_open(nodes):
    top, left, right = nodes
    case = make_case(status=Status.ANALYSIS, nodes=[right])
    adjudicate(case, left)

    assert paths_of(case) == {
        AGREED: ids(top, left, right),
        ADJUDICATED: ids(top, left),
        ANY: ids(top, left, right),
    }


def test_held_labels_never_count(nodes):
    case = make_case(status=Status.ANALYSIS)
    label(case, nodes[1], hold=True)
    close(case)

    assert paths_of(case) == {AGREED: [], ADJUDICATED: [], ANY: []}


@pytest.mark.parametrize("stance", ["absent", "unsure"])
def test_only_what_was_found_present_counts(nodes, stance):
    case = make_case(status=Status.ANALYSIS)
    label(case, nodes[1], stance=stance)
    close(case)

    assert path_of(case, ANY) == []


def test_what_one_rater_said_and_a_reviewer_denied_counts_only_as_said(nodes):
    top, left, _ = nodes
    case = make_case(status=Status.ANALYSIS)
    label(case, left)
    adjudicate(case, left, applies=False)
    close(case)

    assert paths_of(case) == {AGREED: [], ADJUDICATED: [], ANY: ids(top, left)}


def test_a_moved_node_counts_where_it_stands_now(nodes):
    top, left, right = nodes
    case = make_case(status=Status.ANALYSIS)
    Classification.objects.create(
        case=case, node=left, method=Method.ADJUDICATED, decided_by=make_person(), decided_at=NOW
    )
    left.parent = right
    left.save()

    assert path_of(case, ADJUDICATED) == ids(top, left, right)


def test_an_empty_taxonomy_has_nothing_above():
    case = make_case()

    assert paths_of(case) == {AGREED: [], ADJUDICATED: [], ANY: []}


def test_without_raters_the_agreed_path_is_the_one_the_case_keeps(nodes):
    cases = [make_case(nodes=each) for each in ([], nodes, nodes[2:])]

    for case in cases:
        assert path_of(case, AGREED) == agree(case).node_path
