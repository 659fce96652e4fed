import numpy as np
import pytest

from registry.patterns.movement import Movement, RunPairs, moved, no_pairs, no_times

NAN = float("nan")


def run(*rows):
    """Rows of (a, b, joint, q, flagged)."""
    a, b, joint, q, flagged = zip(*rows, strict=True)
    return RunPairs(np.array(a), np.array(b), np.array(joint), np.array(q, dtype=float), np.array(flagged))


@pytest.mark.parametrize(
    ("before", "now", "status"),
    [
        ((9, 0.04, True), (10, 0.02, True), "STRONGER"),
        ((9, 0.04, True), (9, 0.01, True), "STEADY"),  # no more cases
        ((9, 0.04, True), (14, 0.021, True), "STEADY"),  # q not halved
        ((9, 0.04, True), (9, 0.08, True), "WEAKER"),
        ((9, 0.04, True), (12, 0.08, True), "WEAKER"),
        ((9, 0.04, True), (9, 0.079, True), "STEADY"),
        ((9, 0.0, True), (9, 0.0, True), "STEADY"),
        ((9, 0.0, True), (10, 0.0, True), "STRONGER"),
        ((9, 0.04, True), (9, 0.2, False), "GONE"),
        ((9, 0.04, True), (2, NAN, False), "GONE"),
        ((9, 0.2, False), (10, 0.04, True), "NEW"),
        ((2, NAN, False), (5, 0.04, True), "NEW"),
        ((9, 0.2, False), (10, 0.11, False), "NONE"),
    ],
)
def test_status_against_the_previous_run(before, now, status):
    found = moved(run((1, 2, *now)), run((1, 2, *before)))

    assert Movement(found.movement[0]).name == status


def test_pairs_are_matched_by_their_nodes_not_their_place():
    previous = run((1, 5, 4, 0.01, True), (2, 3, 9, 0.01, True), (8, 9, 3, 0.05, True))
    present = run((1, 2, 3, 0.05, True), (1, 5, 4, 0.01, True), (2, 3, 8, 0.3, False))

    found = moved(present, previous)

    assert [Movement(status).name for status in found.movement] == ["NEW", "STEADY", "GONE"]
    assert found.vanished.tolist() == [2]


def test_a_pair_is_not_taken_for_one_of_other_nodes_whose_ids_are_larger():
    found = moved(run((1, 2, 3, 0.05, True)), run((0, 5, 3, 0.05, True)))

    assert (Movement(found.movement[0]).name, found.vanished.tolist()) == ("NEW", [0])


def test_before_the_first_run_there_is_nothing():
    nothing, never = no_pairs(), no_times()

    columns = [nothing.a, nothing.b, nothing.joint, nothing.q, nothing.flagged, never.flagged, never.supported]
    assert [column.size for column in columns] == [0] * 7


def test_states_are_numbered_in_the_order_in_which_they_are_kept():
    assert [(status.name, status.value) for status in Movement] == [
        ("NONE", 0),
        ("NEW", 1),
        ("STRONGER", 2),
        ("WEAKER", 3),
        ("GONE", 4),
        ("STEADY", 5),
    ]


def test_a_pair_the_present_run_lacks_has_vanished_only_if_it_was_flagged():
    found = moved(run((1, 2, 3, 0.05, True)), run((1, 7, 9, 0.5, False), (1, 8, 9, 0.01, True)))

    assert found.vanished.tolist() == [1]


def test_a_pair_newly_flagged_without_a_new_joint_case_says_so():
    previous = run((1, 2, 5, 0.2, False), (1, 3, 5, 0.2, False), (1, 4, 5, 0.01, True))
    present = run((1, 2, 5, 0.05, True), (1, 3, 6, 0.05, True), (1, 4, 5, 0.01, True), (1, 5, 3, 0.05, True))

    assert moved(present, previous).without_new_case.tolist() == [True, False, False, False]


def test_in_the_first_run_every_flag_is_new():
    found = moved(run((1, 2, 5, 0.02, True), (1, 3, 5, 0.4, False)), no_pairs())

    assert [Movement(status).name for status in found.movement] == ["NEW", "NONE"]
    assert (found.without_new_case.tolist(), found.vanished.tolist()) == ([False, False], [])
