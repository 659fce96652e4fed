"""What a merge moves, what stays behind, and what cannot be merged."""

import pytest

from registry.actions import links
from registry.actions.signing import StepRefused
from registry.choices import LinkKind, Status, Visibility
from registry.models import Team, TeamMember
from tests.factories import label, log, make_case, make_node
from tests.registry.actions.test_merges import dump, merge

pytestmark = pytest.mark.django_db


def test_what_both_have_stays_behind(analyst, now):
    kept, merged = log(), log()
    node = make_node()
    label(kept, node, by=analyst, at=now)
    label(merged, node, by=analyst, at=now, confidence=5)
    third = make_case()
    for case in (kept, merged):
        links.answer(case=case, other=third, kind=LinkKind.RELATED, by=analyst, at=now)

    merge(kept, merged, analyst, now)

    assert (merged.labels.get().confidence, kept.labels.count()) == (5, 1)
    assert (merged.links.count(), kept.links.count()) == (1, 1)
    assert (merged.case_systems.count(), kept.case_systems.count()) == (1, 1)
    assert merged.classifications.count() == 1


def test_a_label_that_excludes_one_of_the_same_rater_stays_behind(analyst, now):
    kept, merged = log(), log()
    one, other = make_node(exclusive_group="which"), make_node(exclusive_group="which")
    label(kept, one, by=analyst, at=now)
    label(merged, other, by=analyst, at=now)

    merge(kept, merged, analyst, now)

    assert (kept.labels.get().node, merged.labels.get().node) == (one, other)


REFUSED = [
    ({"visibility": Visibility.NAMED}, {}, "Different people may see the two"),
    ({"status": Status.CLOSED}, {}, "is closed. Reopen it first"),
    ({"status": Status.WITHDRAWN}, {}, "is withdrawn. Reopen it first"),
    ({"status": Status.DRAFT}, {}, "is a draft"),
    ({}, {"status": Status.DRAFT}, "is a draft"),
]


@pytest.mark.parametrize(("kept", "merged", "words"), REFUSED)
def test_what_cannot_be_merged_is_refused_in_words(analyst, now, kept, merged, words):
    kept, merged = make_case(reporter=analyst, **kept), make_case(reporter=analyst, **merged)
    before = dump()

    with pytest.raises(StepRefused, match=words):
        merge(kept, merged, analyst, now)

    assert dump() == before


def test_two_teams_are_two_visibilities(analyst, now):
    teams = [Team.objects.create(name=name) for name in ("One", "Two")]
    for team in teams:
        TeamMember.objects.create(team=team, person=analyst)
    kept, merged = (make_case(visibility=Visibility.TEAM, team=team) for team in teams)

    with pytest.raises(StepRefused, match="Different people"):
        merge(kept, merged, analyst, now)
