"""The owner of a case whose day has come is told, once for each day that was set."""

from datetime import date, timedelta

import pytest

from registry.actions import due_dates, owning
from registry.choices import NotificationKind, Role, Status
from registry.models import Notification
from registry.tasks import tell_what_is_due
from tests.factories import make_case, make_person
from tests.threads import at_once

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def due_case(owner, on, **values):
    return make_case(**{"status": Status.ANALYSIS, "owner": owner, "due_on": on} | values)


def test_the_owner_alone_is_told_on_the_day_and_once(analyst, reporter, now):
    due_case(analyst, now.date(), reporter=reporter)

    told = [due_dates.tell_owners(at=at) for at in (now - DAY, now, now + timedelta(minutes=15), now + DAY)]

    assert told == [0, 1, 0, 0]
    assert list(Notification.objects.values_list("person__username", "kind", "actor")) == [
        ("mira", NotificationKind.DUE, None)
    ]


def test_a_new_day_is_told_of_again(analyst, now):
    case = due_case(analyst, now.date())
    due_dates.tell_owners(at=now)

    owning.set_due(case=case, by=analyst, at=now, due_on=now.date() + 3 * DAY)

    assert [due_dates.tell_owners(at=now + days * DAY) for days in (1, 2, 3, 4)] == [0, 0, 1, 0]


@pytest.mark.parametrize("status", [Status.CLOSED, Status.WITHDRAWN])
def test_what_is_over_is_not_due(analyst, now, status):
    due_case(analyst, now.date(), status=status)

    assert due_dates.tell_owners(at=now) == 0


def test_a_case_of_nobody_or_of_somebody_who_left_is_told_to_nobody(now):
    due_case(make_person(is_active=False), now.date())
    make_case(due_on=now.date())

    assert due_dates.tell_owners(at=now) == 0


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_tell_once(now):
    due_case(make_person(role=Role.ANALYST), now.date())

    told = at_once(*[lambda: due_dates.tell_owners(at=now)] * 4)

    assert (sum(told), Notification.objects.count()) == (1, 1)


def test_the_task_tells_by_the_clock(analyst):
    due_case(analyst, date(2020, 1, 1))

    tell_what_is_due()

    assert Notification.objects.count() == 1
