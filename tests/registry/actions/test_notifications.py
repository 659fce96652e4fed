"""Who is told of what happens in a case, and who never is."""

import pytest

from registry.actions import notifications
from registry.choices import NotificationKind, Role, Status, Visibility
from registry.models import CaseReader, CaseWatch, Comment, Notification
from tests.factories import make_case, make_person, make_team

pytestmark = pytest.mark.django_db
MOVED, MENTIONED, DUE = NotificationKind.MOVED, NotificationKind.MENTIONED, NotificationKind.DUE


def told():
    return sorted(Notification.objects.values_list("person__name", flat=True))


def comment_by(person, case, at, **values):
    return Comment.objects.create(case=case, author=person, text="Seen it too.", written_at=at, **values)


@pytest.fixture
def case(reporter, analyst, reviewer):
    return make_case(status=Status.REVIEW, reporter=reporter, owner=analyst, reviewer=reviewer)


def test_reporter_owner_reviewer_commenters_and_watchers_are_told_and_nobody_else(case, other_analyst, reader, now):
    comment_by(other_analyst, case, now)
    CaseWatch.objects.create(case=case, person=reader)
    actor = make_person(role=Role.REVIEWER, name="Actor")

    notifications.tell(case=case, kind=MOVED, by=actor, at=now)

    assert told() == ["Jonas Weber", "Mira Okafor", "Priya Raman", "Rena Reader", "Sam Adeyemi"]


def test_nobody_is_told_of_what_they_did_themselves(case, analyst, now):
    notifications.tell(case=case, kind=MOVED, by=analyst, at=now)

    assert told() == ["Priya Raman", "Sam Adeyemi"]


def test_what_the_clock_says_has_no_actor(case, analyst, now):
    notifications.tell(case=case, kind=DUE, by=None, at=now, to=[analyst])

    notice = Notification.objects.get()
    assert (notice.person, notice.kind, notice.actor, notice.at, notice.seen_at) == (analyst, DUE, None, now, None)


def test_whoever_ignores_a_case_is_told_only_when_addressed(case, analyst, reviewer, now):
    CaseWatch.objects.create(case=case, person=analyst, watching=False)

    notifications.tell(case=case, kind=MOVED, by=reviewer, at=now)
    assert told() == ["Sam Adeyemi"]

    notifications.tell(case=case, kind=NotificationKind.ASSIGNED, by=reviewer, at=now, to=[analyst])
    assert told() == ["Mira Okafor", "Sam Adeyemi"]


def test_whoever_cannot_see_the_case_is_not_told_even_when_addressed_or_watching(reporter, analyst, other_analyst, now):
    case = make_case(visibility=Visibility.NAMED, reporter=reporter)
    CaseReader.objects.create(case=case, person=analyst)
    CaseWatch.objects.create(case=case, person=other_analyst)
    comment_by(other_analyst, case, now)

    notifications.tell(case=case, kind=MOVED, by=analyst, at=now)
    notifications.tell(case=case, kind=DUE, by=analyst, at=now, to=[other_analyst])

    assert told() == ["Sam Adeyemi"]


def test_of_a_team_case_only_watchers_in_the_team_are_told(reporter, analyst, other_analyst, now):
    case = make_case(visibility=Visibility.TEAM, team=make_team(analyst), reporter=reporter)
    for person in (analyst, other_analyst):
        CaseWatch.objects.create(case=case, person=person)

    notifications.tell(case=case, kind=MOVED, by=reporter, at=now)

    assert told() == ["Mira Okafor"]


def test_whoever_left_is_not_told(case, analyst, reviewer, now):
    analyst.is_active = False
    analyst.save()

    notifications.tell(case=case, kind=MOVED, by=reviewer, at=now)

    assert told() == ["Sam Adeyemi"]


def test_a_removed_comment_makes_nobody_hear_of_the_case(case, other_analyst, reviewer, now):
    comment_by(other_analyst, case, now, removed_by=reviewer, removed_at=now)

    notifications.tell(case=case, kind=MOVED, by=reviewer, at=now)

    assert told() == ["Mira Okafor", "Sam Adeyemi"]


def test_those_told_in_another_way_are_left_out(case, analyst, reviewer, now):
    n_told = notifications.tell(case=case, kind=MOVED, by=reviewer, at=now, besides=[analyst])

    assert (n_told, told()) == (1, ["Sam Adeyemi"])


def test_telling_costs_two_queries_whoever_hears(case, reviewer, now, django_assert_num_queries):
    for _ in range(30):
        CaseWatch.objects.create(case=case, person=make_person())

    with django_assert_num_queries(2):
        notifications.tell(case=case, kind=MOVED, by=reviewer, at=now)

    assert Notification.objects.count() == 32


def test_mark_seen_of_one_case_leaves_the_others(case, analyst, reviewer, now):
    other = make_case(reporter=analyst)
    for each in (case, other):
        notifications.tell(case=each, kind=MOVED, by=reviewer, at=now)

    notifications.mark_seen(person=analyst, at=now, case=case)

    unseen = Notification.objects.filter(seen_at=None).values_list("person__name", "case_id")
    assert sorted(unseen) == [("Mira Okafor", other.pk), ("Sam Adeyemi", case.pk)]


def test_mark_seen_of_everything_keeps_when_it_was_seen_first(case, analyst, reviewer, now):
    earlier = now.replace(hour=1)
    notifications.tell(case=case, kind=MOVED, by=reviewer, at=now)
    notifications.mark_seen(person=analyst, at=earlier, case=case)

    n_seen = notifications.mark_seen(person=analyst, at=now)

    assert (n_seen, Notification.objects.get(person=analyst).seen_at) == (0, earlier)
