"""The heat map: what each cell says, and that nothing unknown looks like a zero."""

import re

import pytest

from registry.choices import PairState
from registry.models import PatternNode
from registry.web.heat import heat_map
from tests.factories import make_node, make_pair
from tests.registry.web.pattern_pages import csv_lines, html_of, opened

pytestmark = pytest.mark.django_db


def count_nodes(run, *nodes, k=20):
    for node in nodes:
        PatternNode.objects.create(run=run, node=node, k=k, n=61)


def cells_of(run, **choice):
    found = heat_map(run, rows="colours", columns="tastes", **choice)
    return [cell.css for _, groups in found.rows for cells in groups for cell in cells]


@pytest.mark.parametrize(
    ("values", "css"),
    [
        ({}, "m2 flag"),
        ({"joint": 1000, "k_a": 1200, "k_b": 1100, "n": 6100}, "m2 flag long"),
        ({"lift": 4.0, "flagged": False}, "m3"),
        ({"lift": 1.0, "flagged": False}, "as"),
        ({"lift": 0.79, "flagged": False}, "f1"),
        ({"lift": 0.4, "flagged": False}, "f2"),
        ({"joint": 2, "lift": None, "flagged": False}, "few"),
        ({"joint": 0, "lift": None, "flagged": False}, "q0"),
        ({"state": PairState.RELATED, "flagged": False}, "rel"),
        ({"state": PairState.TOO_FEW, "flagged": False}, "not"),
    ],
)
def test_a_cell_is_tinted_by_how_far_it_is_from_what_was_expected(run, nodes, values, css):
    count_nodes(run, *nodes)
    make_pair(run, *nodes, **values)

    assert cells_of(run) == [css]


def test_a_pair_that_was_not_kept_is_hatched_and_never_a_zero(client, reader, run, nodes):
    count_nodes(run, *nodes)

    html = html_of(opened(client, reader, "/patterns/pairs/?rows=colours&columns=tastes"))

    table = re.search(r'<table class="heat">.*?</table>', html, re.S)[0]
    assert '<i class="not" title="not tested, no case has both"><span class="vh">not tested</span></i>' in table
    assert ">0<" not in table


def test_a_run_without_a_counted_label_has_no_map(run, nodes):
    count_nodes(run, *nodes, k=0)

    assert heat_map(run) is None


def test_the_map_is_a_file_in_which_untested_cells_hold_no_number(client, reader, run, nodes):
    red, sweet = nodes
    count_nodes(run, red, sweet)
    make_pair(run, red, sweet)
    sour = make_node("sour", scheme=sweet.scheme, name="Sour")
    count_nodes(run, sour, k=3)

    lines = csv_lines(opened(client, reader, "/patterns/pairs/?format=csv&table=heat&rows=colours&columns=tastes"))

    assert lines[1:] == [
        ["Red", "Sweet", "Tastes", "14", "61", "5.2", "0.009", "tested"],
        ["Red", "Sour", "Tastes", "", "", "", "", "not tested"],
    ]
