"""What becomes of a digest: taken, written, recorded, put off, doubted, asked for and sent again."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.core.exceptions import PermissionDenied, ValidationError

from registry.actions.signing import StepRefused
from registry.choices import DigestState, Role
from registry.digests import ledger
from registry.digests.ledger import Outcome
from registry.models import Digest, Subscription, Team
from tests.factories import make_case, make_person
from tests.registry.digests.builders import END, START, WEEK, make_digest, make_run, make_subscription

pytestmark = pytest.mark.django_db

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def rows(*fields):
    return list(Digest.objects.order_by("period_end", "pk").values_list(*fields))


def test_the_message_id_is_made_when_planning_and_stays(subscription, settings):
    settings.DEFAULT_FROM_EMAIL = "Registry <registry@example.org>"
    number = ledger.plan(at=END)[0]
    planned = Digest.objects.get().message_id

    taken = ledger.take(digest_id=number, at=END)

    assert planned.endswith("@example.org>")
    assert taken.message_id == planned


def test_taking_writes_the_mail_before_anything_is_handed_over(subscription):
    run = make_run()
    digest = make_digest(subscription)

    ledger.take(digest_id=digest.pk, at=END)

    digest.refresh_from_db()
    assert (digest.state, digest.attempts, digest.handed_at, digest.run) == (DigestState.HANDING, 1, END, run)
    assert (digest.subject, digest.address) == ("Nothing changed", subscription.person.email)
    assert (bool(digest.text), bool(digest.html), bytes(digest.chart[:4])) == (True, True, b"\x89PNG")


@pytest.mark.parametrize("state", [state for state in DigestState if state != DigestState.DUE])
def test_only_a_due_digest_is_taken(state, subscription):
    digest = make_digest(subscription, state=state)

    assert ledger.take(digest_id=digest.pk, at=END) is None


def test_a_digest_that_was_put_off_is_not_taken_before_its_time(subscription):
    digest = make_digest(subscription, not_before=END + timedelta(minutes=5))

    assert (ledger.due(at=END), ledger.take(digest_id=digest.pk, at=END)) == ([], None)


def test_a_subscription_stopped_after_planning_gets_nothing(subscription):
    digest = make_digest(subscription)
    subscription.active = False
    subscription.save()

    taken = ledger.take(digest_id=digest.pk, at=END)

    assert (taken.state, taken.html) == (DigestState.FAILED, "")


def test_temporary_failures_are_put_off_for_a_day_and_then_given_up(subscription):
    digest, at, waits = make_digest(subscription), END, []
    while digest.state == DigestState.DUE:
        taken = ledger.take(digest_id=digest.pk, at=at)
        digest = ledger.record(digest=taken, outcome=Outcome(DigestState.DUE, "451 Later"), at=at)
        waits.append(digest.not_before - at)
        at = digest.not_before

    assert (digest.state, digest.error) == (DigestState.FAILED, "451 Later")
    assert [wait.total_seconds() / 60 for wait in waits[:9]] == [1, 2, 4, 8, 16, 32, 64, 128, 240]
    assert timedelta(hours=24) < at - END < timedelta(hours=25)


def test_a_digest_nobody_finished_handing_over_becomes_uncertain(subscription):
    digest = make_digest(subscription)
    ledger.take(digest_id=digest.pk, at=END)

    assert (ledger.doubt(at=END + timedelta(minutes=5)), ledger.doubt(at=END + timedelta(minutes=7))) == (0, 1)

    digest.refresh_from_db()
    assert (digest.state, digest.sent_at) == (DigestState.UNCERTAIN, None)
    assert ledger.due(at=END + WEEK) == []


def test_an_answer_that_comes_after_all_settles_the_doubt(subscription):
    taken = ledger.take(digest_id=make_digest(subscription).pk, at=END)
    ledger.doubt(at=END + timedelta(minutes=7))

    digest = ledger.record(digest=taken, outcome=Outcome(DigestState.SENT), at=END)

    assert (digest.state, digest.sent_at) == (DigestState.SENT, END)


def test_a_digest_that_nobody_hands_over_yet_waits_for_the_other_one_of_its_subscription(subscription):
    make_digest(subscription, start=START - WEEK, end=START, state=DigestState.HANDING, handed_at=END)
    digest = make_digest(subscription)

    assert ledger.take(digest_id=digest.pk, at=END) is None

    Digest.objects.filter(state=DigestState.HANDING).update(state=DigestState.SENT, sent_at=END)
    assert ledger.take(digest_id=digest.pk, at=END).state == DigestState.HANDING


def test_what_was_told_meanwhile_is_not_told_again(subscription):
    digest = make_digest(subscription)
    make_digest(subscription, start=START, end=END - DAY, state=DigestState.SENT, asked=True)

    assert ledger.take(digest_id=digest.pk, at=END).period_start == END - DAY


def test_a_digest_whose_period_was_told_meanwhile_is_given_up(subscription):
    digest = make_digest(subscription)
    make_digest(subscription, start=START, end=END + HOUR, state=DigestState.SENT, asked=True)

    taken = ledger.take(digest_id=digest.pk, at=END + 2 * HOUR)

    assert (taken.state, taken.error, taken.html) == (DigestState.FAILED, ledger.TOLD, "")


def test_a_pause_holds_back_what_was_planned_and_not_what_is_asked_for(subscription):
    regular = make_digest(subscription)
    subscription.paused_until = END + WEEK
    subscription.save()

    taken = ledger.take(digest_id=regular.pk, at=END)
    asked = ledger.ask_for_now(subscription=subscription, by=subscription.person, at=END + HOUR)

    assert (taken.state, taken.error) == (DigestState.FAILED, ledger.PAUSED)
    assert ledger.take(digest_id=asked.pk, at=END + HOUR).state == DigestState.HANDING


def test_nothing_is_mailed_where_nothing_happened_that_was_asked_for(subscription):
    subscription.only_if_moved = True
    subscription.save()
    digest = make_digest(subscription, subject="Of an earlier try", text="x", html="x", chart=b"x")

    taken = ledger.take(digest_id=digest.pk, at=END)

    digest.refresh_from_db()
    assert taken.state == digest.state == DigestState.QUIET
    assert (digest.subject, digest.text, digest.html, bytes(digest.chart), digest.address) == ("", "", "", b"", "")
    assert ledger.due(at=END + WEEK) == []


def test_a_condition_that_is_met_is_mailed_and_one_that_was_asked_for_needs_none(subscription):
    subscription.only_if_moved = True
    subscription.save()
    asked = ledger.ask_for_now(subscription=subscription, by=subscription.person, at=START)
    first = ledger.take(digest_id=asked.pk, at=START)
    ledger.record(digest=first, outcome=Outcome(DigestState.SENT), at=START)
    make_case(reported_at=END - HOUR)

    taken = ledger.take(digest_id=make_digest(subscription).pk, at=END)

    assert [first.state, taken.state] == [DigestState.HANDING, DigestState.HANDING]


@pytest.mark.parametrize(("cadence", "kept"), [("hourly", 1), ("daily", 3)])
def test_of_quiet_hours_one_row_is_kept(cadence, kept):
    hourly = make_subscription(cadence=cadence, only_if_moved=True)
    step = HOUR if cadence == "hourly" else DAY
    for n in range(3):
        number = ledger.plan(at=END + n * step)[0]
        ledger.take(digest_id=number, at=END + n * step)

    assert hourly.digests.filter(state=DigestState.QUIET).count() == hourly.digests.count() == kept
    assert hourly.digests.latest("period_end").period_start == END - step


def test_a_team_without_an_address_is_refused_and_shown():
    team = Team.objects.create(name="Oversight")
    digest = make_digest(make_subscription(team=team))

    taken = ledger.take(digest_id=digest.pk, at=END)

    assert (taken.state, taken.error) == (DigestState.REFUSED, ledger.NO_ADDRESS)


def test_the_last_word_about_a_view_that_is_gone_ends_the_subscription_once_it_was_sent(noor):
    gone = make_subscription(person=noor, about="view", only_if_moved=True)
    digest = make_digest(gone)

    first = ledger.take(digest_id=digest.pk, at=END)
    ledger.record(digest=first, outcome=Outcome(DigestState.DUE, "451 Later"), at=END)
    still = Subscription.objects.get(pk=gone.pk).active
    second = ledger.take(digest_id=digest.pk, at=END + HOUR)
    ledger.record(digest=second, outcome=Outcome(DigestState.SENT), at=END + HOUR)

    assert (still, Subscription.objects.get(pk=gone.pk).active) == (True, False)
    assert ledger.plan(at=END + WEEK) == []


def test_asking_twice_makes_one(subscription):
    make_digest(subscription, state=DigestState.SENT)

    first = ledger.ask_for_now(subscription=subscription, by=subscription.person, at=END + HOUR)
    second = ledger.ask_for_now(subscription=subscription, by=subscription.person, at=END + 2 * HOUR)

    assert first == second
    assert rows("period_start", "period_end", "asked")[1:] == [(END, END + HOUR, True)]


def test_only_its_readers_ask_for_a_digest(subscription, administrator):
    team = Team.objects.create(name="Oversight", email="oversight@example.org")
    member = team.members.create(person=make_person()).person
    for_team = make_subscription(team=team)
    stranger = make_person(role=Role.REVIEWER)

    for wish, by in ((subscription, stranger), (for_team, stranger)):
        with pytest.raises(PermissionDenied):
            ledger.ask_for_now(subscription=wish, by=by, at=END)
    for wish, by in ((subscription, administrator), (for_team, member)):
        assert ledger.ask_for_now(subscription=wish, by=by, at=END).asked


def test_a_stopped_subscription_is_not_asked_for(subscription):
    subscription.active = False
    subscription.save()

    with pytest.raises(ValidationError, match="stopped"):
        ledger.ask_for_now(subscription=subscription, by=subscription.person, at=END)


@pytest.mark.parametrize("state", ledger.TRIED_AGAIN)
def test_an_administrator_sends_again_under_the_same_number(state, subscription, administrator):
    digest = make_digest(subscription, state=state, attempts=14, error="550 No such user")

    again = ledger.send_again(digest=digest, by=administrator, at=END + DAY)

    assert (again.state, again.attempts, again.message_id) == (DigestState.DUE, 0, digest.message_id)
    assert ledger.due(at=END + DAY) == [digest.pk]
    assert list(LogEntry.objects.values_list("user", "action_time", "object_id", "change_message")) == [
        (administrator.pk, END + DAY, str(digest.pk), f"Sent again: {state} before. 550 No such user")
    ]


@pytest.mark.parametrize("state", [state for state in DigestState if state not in ledger.TRIED_AGAIN])
def test_what_is_not_over_or_arrived_is_not_sent_again(state, subscription, administrator):
    digest = make_digest(subscription, state=state)

    with pytest.raises(StepRefused):
        ledger.send_again(digest=digest, by=administrator, at=END)


@pytest.mark.parametrize(
    ("later", "refused"),
    [(DigestState.SENT, True), (DigestState.DUE, True), (DigestState.UNCERTAIN, True), (DigestState.QUIET, False)],
)
def test_what_a_later_digest_covers_is_not_sent_again(later, refused, subscription, administrator):
    digest = make_digest(subscription, state=DigestState.UNCERTAIN)
    make_digest(subscription, start=START, end=END + WEEK, state=later)

    assert bool(ledger.why_not_again(digest)) == refused


def test_only_administrators_send_again(subscription, reviewer):
    digest = make_digest(subscription, state=DigestState.UNCERTAIN)

    with pytest.raises(PermissionDenied):
        ledger.send_again(digest=digest, by=reviewer, at=END)

    digest.refresh_from_db()
    assert digest.state == DigestState.UNCERTAIN
