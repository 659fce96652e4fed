"""`Case.node_path`, the agreed nodes and all above them, is kept true by the database, whoever writes."""

import threading

import pytest
from django.db import connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.models import Case, Classification
from taxonomy.models import Node
from tests.factories import NOW, agree, make_case, make_node, make_scheme

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree(db):
    """root > branch > leaf, and another root, as {name: node}."""
    nodes = {"root": make_node("root"), "other": make_node("other")}
    nodes["branch"] = make_node("branch", parent=nodes["root"])
    nodes["leaf"] = make_node("leaf", parent=nodes["branch"])
    return nodes


def path_of(case):
    names = dict(Node.objects.values_list("pk", "slug"))
    return {names[pk] for pk in Case.objects.get(pk=case.pk).node_path}


def test_an_agreed_node_brings_all_above_it_in_the_order_of_their_numbers(tree):
    case = agree(make_case(), tree["leaf"], tree["other"])

    assert case.node_path == sorted(node.pk for node in tree.values())


def test_deleting_one_of_two_nodes_leaves_what_the_other_brings(tree):
    case = agree(make_case(), tree["leaf"], tree["branch"])

    case.classifications.filter(node=tree["leaf"]).delete()

    assert path_of(case) == {"branch", "root"}


def test_the_last_classification_deleted_leaves_an_empty_path(tree):
    case = agree(make_case(), tree["leaf"])

    case.classifications.all().delete()

    assert path_of(case) == set()


def test_a_classification_changed_to_another_node_changes_the_path(tree):
    case = agree(make_case(), tree["leaf"])

    Classification.objects.update(node=tree["other"])

    assert path_of(case) == {"other"}


def test_a_classification_moved_to_another_case_changes_both(tree):
    first, second = agree(make_case(), tree["leaf"]), make_case()

    Classification.objects.update(case=second)

    assert (path_of(first), path_of(second)) == (set(), {"leaf", "branch", "root"})


def test_many_rows_in_one_statement_change_every_case(tree):
    cases = [make_case() for _ in range(3)]

    Classification.objects.bulk_create(
        Classification(case=case, node=tree["branch"], method="imported", decided_at=NOW) for case in cases
    )

    assert [path_of(case) for case in cases] == [{"branch", "root"}] * 3


def test_raw_sql_is_followed_too(tree):
    case = make_case()
    insert = (
        "INSERT INTO registry_classification (case_id, node_id, method, decided_at) VALUES (%s, %s, 'imported', now())"
    )

    with connection.cursor() as cursor:
        cursor.execute(insert, [case.pk, tree["leaf"].pk])

    assert path_of(case) == {"leaf", "branch", "root"}


def test_a_moved_branch_takes_the_cases_below_it_along(tree):
    below, beside = agree(make_case(), tree["leaf"]), agree(make_case(), tree["root"])

    Node.objects.filter(pk=tree["branch"].pk).update(parent=tree["other"])

    assert path_of(below) == {"leaf", "branch", "other"}
    assert path_of(beside) == {"root"}


def test_a_branch_made_a_root_leaves_nothing_above(tree):
    case = agree(make_case(), tree["leaf"])

    Node.objects.filter(pk=tree["branch"].pk).update(parent=None)

    assert path_of(case) == {"leaf", "branch"}


def test_two_moves_in_one_statement_end_in_the_tree_as_it_stands(tree):
    case = agree(make_case(), tree["leaf"])

    Node.objects.filter(slug__in=["leaf", "branch"], scheme__slug="colours").update(parent=tree["other"])

    assert path_of(case) == {"leaf", "other"}


def test_a_case_whose_path_changes_keeps_its_version(tree):
    case = agree(make_case(), tree["leaf"])

    assert case.version == 1


@st.composite
def trees(draw):
    """(parents, labels, moves): each node's parent is an earlier one or none; labels are (case, node)."""
    size = draw(st.integers(1, 7))
    parents = [draw(st.none() | st.integers(0, place - 1)) if place else None for place in range(size)]
    node = st.integers(0, size - 1)
    labels = draw(st.sets(st.tuples(st.integers(0, 2), node), max_size=8))
    moves = draw(st.lists(st.tuples(node, st.none() | node), max_size=4))
    return parents, labels, moves


def above(parents, place):
    found = set()
    while place is not None:
        found.add(place)
        place = parents[place]
    return found


@settings(max_examples=15, deadline=None)
@given(trees(), st.data())
def test_random_trees_labels_and_moves_agree_with_plain_python(drawn, data):
    parents, labels, moves = drawn
    with transaction.atomic():
        scheme = make_scheme("random")
        nodes = []
        for parent in parents:
            nodes.append(make_node(scheme=scheme, parent=None if parent is None else nodes[parent]))
        cases = [make_case() for _ in range(3)]
        for case, node in labels:
            agree(cases[case], nodes[node])
        for place, parent in moves:
            if parent is None or place not in above(parents, parent):
                parents[place] = parent
                Node.objects.filter(pk=nodes[place].pk).update(parent=None if parent is None else nodes[parent])
        gone = data.draw(st.sets(st.sampled_from(sorted(labels)))) if labels else set()
        for case, node in gone:
            cases[case].classifications.filter(node=nodes[node]).delete()

        found = dict(Case.objects.values_list("pk", "node_path"))
        transaction.set_rollback(True)

    for number, case in enumerate(cases):
        expected = set().union(*(above(parents, node) for owner, node in labels - gone if owner == number))
        assert found[case.pk] == sorted(nodes[place].pk for place in expected)


@pytest.mark.django_db(transaction=True)
def test_two_people_who_agree_on_nodes_at_the_same_moment_both_count(shipped_taxonomy):
    case, first, second = make_case(), make_node(), make_node()

    def agree_on_the_second():
        agree(case, second)
        connection.close()

    other = threading.Thread(target=agree_on_the_second)
    with transaction.atomic():
        agree(case, first)
        other.start()
        other.join(timeout=0.3)
        waited = other.is_alive()
    other.join(timeout=10)

    assert waited
    assert set(Case.objects.get().node_path) == {first.pk, second.pk}
