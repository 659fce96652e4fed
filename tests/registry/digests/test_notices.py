"""Mail of what people were told: batched, without a word of any case, and at most once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from registry.actions import comments, notifications
from registry.choices import NotificationKind, Role, Visibility
from registry.digests import notices
from registry.models import Case, CaseReader, Notification, Person
from registry.tasks import mail_notices
from tests.factories import NOW, make_case, make_person
from tests.mailserver import running_mail_server, use
from tests.threads import at_once

CANARY = "zqxfinch"
MINUTE = timedelta(minutes=1)
LATER = NOW + 6 * MINUTE


@pytest.fixture
def postbox(settings):
    settings.BASE_URL = "https://registry.example.org"
    with running_mail_server() as (postbox, port):
        use(settings, port)
        yield postbox


def tell(case, *, by, to, kind=NotificationKind.MOVED, at=NOW):
    notifications.tell(case=case, kind=kind, by=by, at=at, to=to)


@pytest.mark.django_db
def test_several_things_make_one_mail_that_names_no_title_and_no_text(postbox, reporter, analyst, other_analyst):
    text = f"The {CANARY} log, @sam."
    case = make_case(title=f"The {CANARY} case", observed_behaviour=text, reporter=reporter)
    other = make_case(title=f"Another {CANARY} case")
    comments.add_comment(case=case, by=analyst, at=NOW, text=text)
    for words in ("One", "Two"):
        comments.add_comment(case=case, by=other_analyst, at=NOW, text=f"{words} {CANARY}")
    tell(other, by=None, to=[reporter], kind=NotificationKind.DUE)

    n_sent = notices.mail_everybody(at=LATER)

    mine = [mail for mail in postbox.mails if reporter.email in mail["To"]]
    assert (n_sent, len(mine)) == (2, 1)  # the other goes to Mira, who commented
    [mail] = mine
    address = f"https://registry.example.org/cases/{case.reference}/"
    assert mail.get_content().replace("\r\n", "\n") == (
        f"Hello Sam Adeyemi,\n\n{other.reference}\n  It is due\n  https://registry.example.org/cases/{other.reference}/\n\n"
        f"{case.reference}\n  Jonas Weber commented (2 times)\n  Mira Okafor mentioned you\n  {address}\n\n"
        "All of it, with what was said: https://registry.example.org/notifications/\n\n"
        "Mails like this one are switched off here: https://registry.example.org/account/me/#mail\n"
    )
    assert (mail["Subject"], mail["Auto-Submitted"], mail["List-Unsubscribe"]) == (
        "2 cases: 3 things to see",
        "auto-generated",
        "<https://registry.example.org/account/me/#mail>",
    )
    assert [CANARY in bytes(each).decode() for each in postbox.mails] == [False, False]


@pytest.mark.django_db
def test_a_mail_waits_until_it_is_quiet_but_not_for_ever(postbox, reporter, analyst):
    case = make_case()
    for minute in range(0, 40, 4):
        tell(case, by=analyst, to=[reporter], at=NOW + minute * MINUTE)

    assert notices.mail_everybody(at=NOW + 4 * MINUTE) == 0
    assert notices.mail_everybody(at=NOW + 30 * MINUTE) == 1
    assert notices.mail_everybody(at=NOW + 31 * MINUTE) == 0


@pytest.mark.django_db
def test_what_was_seen_before_is_not_mailed(postbox, reporter, analyst):
    tell(make_case(), by=analyst, to=[reporter])
    notifications.mark_seen(person=reporter, at=NOW)

    assert notices.mail_everybody(at=LATER) == 0


@pytest.mark.django_db
@pytest.mark.parametrize("change", [{"wants_mail": False}, {"is_active": False}])
def test_whoever_wants_none_or_left_gets_none(postbox, reporter, analyst, change):
    tell(make_case(), by=analyst, to=[reporter])
    Person.objects.filter(pk=reporter.pk).update(**change)

    assert (notices.mail_everybody(at=LATER), postbox.mails) == (0, [])


@pytest.mark.django_db
def test_whoever_lost_sight_of_the_case_reads_nothing_of_it(postbox, reporter, analyst):
    hidden, seen = make_case(visibility=Visibility.NAMED), make_case()
    named = CaseReader.objects.create(case=hidden, person=reporter)
    for case in (hidden, seen):
        tell(case, by=analyst, to=[reporter])
    named.delete()

    notices.mail_everybody(at=LATER)

    [mail] = postbox.mails
    assert seen.reference in mail["Subject"]
    assert hidden.reference not in bytes(mail).decode()


@pytest.mark.django_db
def test_nothing_left_to_see_sends_no_mail(postbox, reporter, analyst):
    case = make_case()
    tell(case, by=analyst, to=[reporter])
    Case.objects.update(visibility=Visibility.NAMED)

    assert (notices.mail_everybody(at=LATER), postbox.mails) == (0, [])


@pytest.mark.django_db
def test_a_name_cannot_rearrange_the_mail(postbox, reporter):
    actor = make_person(name="Eve\r\nBcc: all@example.org\u202e")
    tell(make_case(), by=actor, to=[reporter])

    notices.mail_everybody(at=LATER)

    [mail] = postbox.mails
    assert mail["Bcc"] is None
    assert "  Eve Bcc: all@example.org moved it on" in mail.get_content()


@pytest.mark.django_db
def test_a_server_that_is_away_is_tried_again_and_after_a_day_no_more(settings, reporter, analyst):
    use(settings, 1)
    tell(make_case(), by=analyst, to=[reporter])

    assert notices.mail_everybody(at=LATER) == 0
    assert Notification.objects.get().mailed_at is None

    with running_mail_server() as (postbox, port):
        use(settings, port)
        assert notices.mail_everybody(at=NOW + timedelta(days=1)) == 0
        assert notices.mail_everybody(at=LATER + MINUTE) == 1
    assert len(postbox.mails) == 1


@pytest.mark.django_db
def test_an_address_that_is_refused_for_good_is_not_tried_again(postbox, reporter, analyst):
    postbox.answers[reporter.email] = "550 No such user"
    tell(make_case(), by=analyst, to=[reporter])

    assert [notices.mail_everybody(at=LATER + n * MINUTE) for n in range(2)] == [0, 0]
    assert Notification.objects.get().mailed_at == LATER


@pytest.mark.django_db
def test_a_worker_killed_between_claim_and_sending_mails_nobody_twice(postbox, reporter, analyst, monkeypatch):
    tell(make_case(), by=analyst, to=[reporter])

    def killed(*_):
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(notices, "message_of", killed)
        with pytest.raises(SystemExit):
            notices.mail_everybody(at=LATER)

    assert notices.mail_everybody(at=LATER + MINUTE) == 0
    assert (postbox.mails, Notification.objects.get().mailed_at) == ([], LATER)


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_one_mail(postbox):
    person, actor = make_person(role=Role.REPORTER), make_person()
    for _ in range(3):
        tell(make_case(), by=actor, to=[person])

    sent = at_once(*[lambda: notices.mail_everybody(at=LATER)] * 4)

    assert (sorted(sent), len(postbox.mails)) == ([0, 0, 0, 1], 1)


@pytest.mark.django_db
def test_a_hundred_cases_make_one_mail_of_bearable_length(postbox, reporter, analyst):
    for _ in range(45):
        tell(make_case(), by=analyst, to=[reporter])

    notices.mail_everybody(at=LATER)

    [mail] = postbox.mails
    assert mail["Subject"] == "45 cases: 45 things to see"
    assert "And 5 more cases." in mail.get_content()


@pytest.mark.django_db
def test_the_task_mails_by_the_clock(postbox, reporter, analyst):
    recently = timezone.now() - 6 * MINUTE
    tell(make_case(), by=analyst, to=[reporter], at=recently)

    mail_notices()

    assert len(postbox.mails) == 1
