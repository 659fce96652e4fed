"""Events of several cases as one unit, and blocks that do not fit together."""

import numpy as np
import pytest

from registry.patterns.blocks import HERE, NO_ANSWER, NO_YEAR, SETTINGS, CaseBlock, merge_event_groups

from .builders import block_of


def test_a_unit_has_the_strata_of_its_case_with_the_smallest_number():
    block = block_of([{0}, {1}, {2}], groups=[7, -1, 7], ids=[9, 5, 4], strata=[[0, 1, 2], [3, 4, 5], [6, 7, 8]])

    units = merge_event_groups(block)

    assert units.ids.tolist() == [5, 4]
    assert units.strata.T.tolist() == [[1, 4, 7], [2, 5, 8]]
    assert (units.codes.tolist(), units.lengths.tolist()) == ([1, 0, 2], [1, 2])


def test_a_unit_has_the_answer_and_the_lead_of_the_first_case_that_knows_one():
    unknown = NO_ANSWER
    block = block_of(
        [set()] * 5,
        groups=[7, 7, 7, 8, 8],
        ids=[1, 2, 3, 5, 4],
        answers=[unknown, 2, 0, unknown, 1],
        leads=[-1, -1, 30, 4, -1],
    )

    units = merge_event_groups(block)

    assert (units.answers.tolist(), units.leads.tolist()) == ([2, 1], [30, 4])


def test_a_warning_on_the_day_itself_is_a_lead_of_no_days():
    units = merge_event_groups(block_of([set()] * 2, groups=[7, 7], ids=[1, 2], leads=[0, 5]))

    assert units.leads.tolist() == [0]


def test_units_stand_alone_and_have_no_delay():
    units = merge_event_groups(block_of([set()] * 3, groups=[7, -1, 7], delays=[1, 2, 3]))

    assert (units.groups.tolist(), units.delays.tolist()) == ([-1, -1], [-1, -1])


def test_a_unit_of_which_nobody_knows_anything_knows_nothing():
    units = merge_event_groups(block_of([set()] * 2, groups=[3, 3], weeks=[-1, -1]))

    assert (units.answers.tolist(), units.leads.tolist(), units.weeks.tolist()) == ([NO_ANSWER], [-1], [-1])


def test_a_unit_falls_into_the_earliest_known_week_of_its_cases():
    units = merge_event_groups(block_of([set()] * 4, groups=[3, 3, 3, -1], weeks=[5, -1, 2, 9]))

    assert units.weeks.tolist() == [9, 2]


def test_without_an_event_nothing_is_changed():
    block = block_of([{0}, {1}])

    assert merge_event_groups(block) is block


def test_cases_of_which_only_labels_are_known_were_not_imported_and_have_no_setting_and_no_year():
    block = block_of([{0}, {1}])

    assert [SETTINGS[code] for code in block.strata[0]] == ["", ""]
    assert [block.sources[code] for code in block.strata[1]] == [HERE, HERE]
    assert block.strata[2].tolist() == [NO_YEAR, NO_YEAR]


def test_columns_that_do_not_fit_together_are_refused():
    one = np.array([1])
    with pytest.raises(ValueError, match="one element for each case"):
        CaseBlock.of_labels(one, one, np.array([0, 0]), np.array([-1]))
    with pytest.raises(ValueError, match="do not add up"):
        CaseBlock.of_labels(np.array([1, 2]), one, np.array([0]), np.array([-1]))
