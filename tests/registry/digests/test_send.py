"""Digests over a real SMTP server: once each, whatever the server says."""

from threading import Thread

import pytest
from django.db import connection

from registry.choices import DigestState, Role
from registry.digests import ledger, links, send
from registry.models import Case, Digest, Person, Team
from tests.factories import make_case, make_person
from tests.mailserver import free_port, running_mail_server, use
from tests.registry.digests.builders import END, WEEK, make_digest, make_subscription

pytestmark = pytest.mark.django_db

CANARY = "Turmalin"
STOPPING = ("List-Unsubscribe", "List-Unsubscribe-Post")


@pytest.fixture(autouse=True)
def our_address(settings):
    settings.DEFAULT_FROM_EMAIL = "Registry <registry@example.org>"


@pytest.fixture
def digest(subscription):
    return make_digest(subscription)


def sent(digest):
    """State, error and attempts after one try."""
    send.send(digest_id=digest.pk, at=END)
    digest.refresh_from_db()
    return digest.state, digest.error, digest.attempts


def test_a_digest_arrives_as_it_was_stored(digest, mail_server):
    assert sent(digest) == (DigestState.SENT, "", 1)

    mail = mail_server.mails[0]
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    chart = next(part for part in mail.walk() if part.get_content_type() == "image/png")
    assert text.get_content().replace("\r\n", "\n") == digest.text
    assert html.get_content().replace("\r\n", "\n") == digest.html
    assert chart.get_content() == bytes(digest.chart)
    assert f'src="cid:{chart["Content-ID"].strip("<>")}"' in digest.html
    assert chart.get_content_disposition() == "inline"


def test_a_digest_says_what_it_is_and_how_to_stop_it(digest, mail_server):
    sent(digest)

    mail = mail_server.mails[0]
    headers = ("To", "Subject", "Message-ID", "Date", "Auto-Submitted", "List-Id")
    assert [str(mail[header]).strip() for header in (*headers, *STOPPING)] == [
        "Noor Haddad <noor@example.org>",
        "Nothing changed",
        digest.message_id,
        "Mon, 23 Nov 2026 07:00:00 +0000",
        "auto-generated",
        f"Registry digest <digest-{digest.subscription_id}.example.org>",
        f"<{links.stop(digest.subscription)}>",
        "List-Unsubscribe=One-Click",
    ]


def test_a_mail_to_a_team_cannot_be_stopped_by_one_member_s_mail_program(mail_server):
    team = Team.objects.create(name="Oversight", email="oversight@example.org")
    digest = make_digest(make_subscription(team=team))

    assert sent(digest) == (DigestState.SENT, "", 1)

    mail = mail_server.mails[0]
    assert (str(mail["To"]), digest.address) == ("Oversight <oversight@example.org>", "oversight@example.org")
    assert [mail[header] for header in STOPPING] == [None, None]


def test_a_digest_goes_to_the_address_of_that_moment_and_keeps_it(digest, mail_server):
    mail_server.answers["noor@example.org"] = "451 Greylisted"
    sent(digest)
    Person.objects.update(email="haddad@example.org")

    send.send_due(at=digest.not_before)
    Person.objects.update(email="elsewhere@example.org")

    digest.refresh_from_db()
    assert (mail_server.recipients, digest.address) == (["haddad@example.org"], "haddad@example.org")


def test_a_reader_who_lost_a_role_before_the_second_try_reads_nothing_of_it(noor, mail_server):
    team = Team.objects.create(name="Oversight")
    member = team.members.create(person=noor)
    case = make_case(title=f"{CANARY} title", observed_behaviour=f"{CANARY} text", visibility="team", team=team)
    Case.objects.filter(pk=case.pk).update(reported_at=END - WEEK / 2)
    digest = make_digest(make_subscription(person=noor))
    mail_server.answers["noor@example.org"] = "451 Greylisted"
    sent(digest)
    known = case.reference in digest.text

    member.delete()
    Person.objects.filter(pk=noor.pk).update(role=Role.READER)
    mail_server.answers.clear()
    send.send_due(at=digest.not_before)

    digest.refresh_from_db()
    assert (known, digest.state) == (True, DigestState.SENT)
    for written in (digest.subject, digest.text, digest.html, mail_server.mails[0].as_string()):
        assert case.reference not in written
        assert CANARY not in written


def test_a_sent_digest_is_never_sent_again(digest, mail_server):
    sent(digest)

    assert send.send(digest_id=digest.pk, at=END) is None
    assert send.send_due(at=END) == {}
    assert len(mail_server.mails) == 1


@pytest.mark.django_db(transaction=True)
def test_three_planners_and_racing_workers_send_each_digest_once(mail_server):
    people = [make_subscription().person.email for _ in range(6)]

    def work():
        ledger.plan(at=END)
        send.send_due(at=END)
        connection.close()

    workers = [Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    send.send_due(at=END)

    assert sorted(mail_server.recipients) == sorted(people)
    assert set(Digest.objects.values_list("state", flat=True)) == {DigestState.SENT}


def test_a_temporary_answer_is_tried_again_later(digest, mail_server):
    mail_server.answers["noor@example.org"] = "451 Greylisted"
    assert sent(digest) == (DigestState.DUE, "The mail server said: 451 Greylisted", 1)

    mail_server.answers.clear()
    send.send_due(at=digest.not_before)

    digest.refresh_from_db()
    assert (digest.state, digest.attempts, len(mail_server.mails)) == (DigestState.SENT, 2, 1)
    assert str(mail_server.mails[0]["Message-ID"]) == digest.message_id


def test_a_temporary_answer_to_the_content_is_tried_again_later(digest, mail_server):
    mail_server.data = "452 Disk full"

    assert sent(digest) == (DigestState.DUE, "The mail server said: 452 Disk full", 1)


def test_an_address_that_does_not_exist_is_refused_for_good(digest, mail_server):
    mail_server.answers["noor@example.org"] = "550 No such user"

    assert sent(digest) == (DigestState.REFUSED, "The mail server said: 550 No such user", 1)
    assert ledger.due(at=END) == []


def test_a_content_that_is_not_wanted_is_refused_for_good(digest, mail_server):
    mail_server.data = "554 Looks like spam"

    assert sent(digest) == (DigestState.REFUSED, "The mail server said: 554 Looks like spam", 1)


def test_a_connection_cut_after_the_content_is_uncertain_and_never_repeated(digest, mail_server):
    mail_server.data = None

    state, error, _ = sent(digest)

    assert (state, error.startswith("The connection broke after the mail was handed over")) == (
        DigestState.UNCERTAIN,
        True,
    )
    assert send.send_due(at=END) == {}
    assert len(mail_server.mails) == 1


def test_a_server_that_is_down_is_tried_again_later(digest, settings):
    port = free_port()
    use(settings, port)
    state, error, _ = sent(digest)
    assert (state, error.startswith("The mail server is not to be reached")) == (DigestState.DUE, True)

    with running_mail_server(port=port) as (postbox, _):
        send.send_due(at=digest.not_before)

    assert postbox.recipients == ["noor@example.org"]


def test_one_bad_address_stops_nobody_else(mail_server):
    bad, good = make_person(), make_person()
    for person in (bad, good):
        make_digest(make_subscription(person=person))
    mail_server.answers[bad.email] = "550 No such user"

    assert send.send_due(at=END) == {DigestState.REFUSED: 1, DigestState.SENT: 1}
    assert mail_server.recipients == [good.email]


def test_a_digest_that_cannot_be_written_stops_nobody_else(mail_server, monkeypatch, caplog):
    broken, fine = (make_digest(make_subscription(person=make_person())) for _ in range(2))
    compose = ledger.compose

    def fail_for_one(*, digest):
        if digest.pk == broken.pk:
            raise ZeroDivisionError("a fault of ours")
        return compose(digest=digest)

    monkeypatch.setattr(ledger, "compose", fail_for_one)

    assert send.send_due(at=END) == {DigestState.DUE: 1, DigestState.SENT: 1}
    broken.refresh_from_db()
    assert (broken.error, broken.attempts) == ("It could not be composed: a fault of ours", 1)
    assert mail_server.recipients == [fine.person.email]


@pytest.mark.parametrize(
    "values",
    [
        {"name": "Noor\r\nBcc: everybody@example.org"},
        {"email": "noor@example.org\r\nBcc: everybody@example.org"},
        {"email": "no address at all"},
        {"name": 'Noor" <everybody@example.org>, "x'},
    ],
)
def test_no_header_can_be_smuggled_in(values, digest, mail_server):
    type(digest.person).objects.filter(pk=digest.person_id).update(**values)

    state, _, _ = sent(digest)

    assert state in (DigestState.SENT, DigestState.REFUSED)
    for mail in mail_server.mails:
        assert (mail["Bcc"], len(mail["To"].addresses)) == (None, 1)
        assert mail["To"].addresses[0].addr_spec != "everybody@example.org"


def test_without_a_mail_server_the_mail_becomes_a_file(digest, settings, tmp_path):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)

    assert sent(digest) == (DigestState.SENT, "", 1)
    assert [digest.message_id in path.read_text() for path in tmp_path.iterdir()] == [True]
