import numpy as np
import pytest

from registry.patterns.shape import TaxonomyShape, pairs_among

from .builders import shape_of


def ids_related_to(shape, node_id):
    row = shape.related_by_definition()[shape.positions(np.array([node_id]))[0]]
    return set(shape.node_ids[row].tolist()) - {node_id}


def test_positions_follow_the_sorted_database_ids():
    shape = TaxonomyShape(np.array([5, 70, 900]), np.array([0, 0, 1]), 2)

    assert shape.positions(np.array([[900, 5], [70, 70]])).tolist() == [[2, 0], [1, 1]]


@pytest.mark.parametrize("unknown", [-2, -1, 0, 6, 901, 903])
def test_an_id_the_taxonomy_does_not_have_is_refused(unknown):
    shape = TaxonomyShape(np.array([5, 70, 900]), np.array([0, 0, 1]), 2)

    with pytest.raises(ValueError, match="does not have"):
        shape.positions(np.array([5, unknown]))


def test_an_id_may_be_0():
    shape = TaxonomyShape(np.array([0, 3]), np.array([0, 0]), 1)

    assert shape.positions(np.array([3, 0])).tolist() == [1, 0]


def test_as_many_schemes_as_a_number_has_bits_can_be_counted():
    assert TaxonomyShape(np.array([1]), np.array([62]), 63).n_nodes == 1


def test_a_taxonomy_without_nodes_knows_no_id():
    shape = TaxonomyShape(np.array([], dtype=np.int64), np.array([], dtype=np.int64), 0)

    assert shape.positions(np.array([], dtype=np.int64)).tolist() == []
    with pytest.raises(ValueError, match="does not have"):
        shape.positions(np.array([1]))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([2, 1], [0, 0], 1), "strictly increasing"),
        (([1, 1], [0, 0], 1), "strictly increasing"),
        (([1, 2], [0], 1), "one scheme"),
        (([1, 2], [0, 1], 1), "numbered from 0"),
        (([1, 2], [-1, 0], 1), "numbered from 0"),
        (([1, 2], [0, 1], 64), "at most 63 schemes"),
    ],
)
def test_a_shape_that_contradicts_itself_is_refused(arguments, message):
    node_ids, scheme, n_schemes = arguments

    with pytest.raises(ValueError, match=message):
        TaxonomyShape(np.array(node_ids), np.array(scheme), n_schemes)


@pytest.mark.parametrize("kind", ["ancestors", "mapped", "exclusive"])
def test_pairs_that_name_an_unknown_node_are_refused(kind):
    with pytest.raises(ValueError, match="does not have"):
        shape_of(2, **{kind: [(1, 3)]})


def test_ancestor_and_descendant_are_related_siblings_are_not():
    shape = shape_of(4, ancestors=[(2, 1), (3, 1), (4, 2), (4, 1)])

    assert ids_related_to(shape, 2) == {1, 4}
    assert ids_related_to(shape, 4) == {1, 2}


def test_a_mapped_pair_is_related_in_both_orders():
    shape = shape_of(1, 1, 1, mapped=[(1, 3)])

    assert ids_related_to(shape, 1) == {3}
    assert ids_related_to(shape, 3) == {1}
    assert ids_related_to(shape, 2) == set()


def test_a_mapping_carries_over_to_what_is_below_the_narrower_and_above_the_broader():
    # 3 under 2 under 1, and 6 under 5 under 4: the middle ones are mapped, 2 narrower than 5.
    lines = [(2, 1), (3, 2), (3, 1), (5, 4), (6, 5), (6, 4)]
    shape = shape_of(3, 3, ancestors=lines, mapped=[(2, 5)])

    assert ids_related_to(shape, 3) == {1, 2, 4, 5}
    assert ids_related_to(shape, 2) == {1, 3, 4, 5}
    assert ids_related_to(shape, 1) == {2, 3}
    assert ids_related_to(shape, 6) == {4, 5}


def test_exclusive_pairs_hold_in_both_orders():
    shape = shape_of(3, exclusive=pairs_among([1, 3]))

    assert shape.excluded_by_definition().nonzero()[0].tolist() == [0, 2]
    assert shape.excluded_by_definition().nonzero()[1].tolist() == [2, 0]
