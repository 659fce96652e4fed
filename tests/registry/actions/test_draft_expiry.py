"""Drafts at rest: one mail a week before, then gone with their evidence; never gone untold."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from registry import tasks
from registry.actions import draft_expiry, drafts, evidence
from registry.actions.draft_expiry import expires_at, warn_and_expire
from registry.models import Draft, Evidence
from tests.factories import NOW, make_draft, make_person
from tests.mailserver import running_mail_server, use
from tests.threads import at_once

DAY = timedelta(days=1)


@pytest.fixture
def postbox(settings):
    with running_mail_server() as (postbox, port):
        use(settings, port)
        yield postbox


def kept():
    return list(Draft.objects.order_by("created_at"))


@pytest.mark.django_db
def test_a_draft_is_warned_of_once_a_week_before_and_then_deleted(reporter, postbox):
    make_draft(reporter, title="Something secret", observed_behaviour="More of it")

    told = [warn_and_expire(at=NOW + day * DAY) for day in (83, 84, 89, 90, 91)]

    assert told == [(1, 0), (0, 0), (0, 0), (0, 1), (0, 0)]
    assert kept() == []
    assert postbox.recipients == [reporter.email]


@pytest.mark.django_db
def test_nothing_happens_before_the_week(reporter, postbox):
    draft = make_draft(reporter)

    assert warn_and_expire(at=NOW + 83 * DAY - timedelta(seconds=1)) == (0, 0)
    assert kept() == [draft]


@pytest.mark.django_db
def test_the_mail_says_when_and_where_and_nothing_of_the_draft(reporter, postbox, settings):
    settings.BASE_URL = "https://registry.example.org"
    draft = make_draft(reporter, title="Something secret", observed_behaviour="More of it")

    warn_and_expire(at=NOW + 83 * DAY)

    (mail,) = postbox.mails
    text = mail.get_content()
    assert mail["Subject"] == "A draft of yours expires on 18 February 2027 (UTC)"
    assert f"https://registry.example.org/drafts/{draft.pk}/" in text
    assert "20 November 2026" in text
    assert "secret" not in str(mail)
    assert "More of it" not in str(mail)


@pytest.mark.django_db
def test_writing_in_it_again_begins_a_new_rest_with_a_mail_of_its_own(reporter, postbox):
    draft = make_draft(reporter, title="First")
    warn_and_expire(at=NOW + 83 * DAY)

    drafts.save_changes(draft=draft, by=reporter, at=NOW + 84 * DAY, changes={"title": (["First"], ["Second"])})

    assert [warn_and_expire(at=NOW + day * DAY) for day in (90, 84 + 82, 84 + 83, 84 + 90)] == [
        (0, 0),
        (0, 0),
        (1, 0),
        (0, 1),
    ]
    assert len(postbox.mails) == 2


@pytest.mark.django_db
def test_adding_evidence_is_no_rest(reporter, postbox):
    draft = make_draft(reporter)
    warn_and_expire(at=NOW + 83 * DAY)

    evidence.add_note(by=reporter, at=NOW + 84 * DAY, note="It said so.", draft=draft)

    assert warn_and_expire(at=NOW + 91 * DAY) == (0, 0)
    assert kept() == [draft]


@pytest.mark.django_db
def test_a_draft_is_not_deleted_untold_when_the_worker_was_away_for_long(reporter, postbox):
    draft = make_draft(reporter)

    late = [warn_and_expire(at=NOW + day * DAY) for day in (200, 203)]
    draft.refresh_from_db()
    end = expires_at(draft)

    assert late == [(1, 0), (0, 0)]
    assert end == NOW + 207 * DAY
    assert warn_and_expire(at=end) == (0, 1)


@pytest.mark.django_db
def test_while_the_mail_server_is_away_drafts_stay(reporter, settings):
    with running_mail_server() as (_, port):
        use(settings, port)
    draft = make_draft(reporter)

    assert warn_and_expire(at=NOW + 83 * DAY) == (0, 0)
    assert warn_and_expire(at=NOW + 95 * DAY) == (0, 0)
    draft.refresh_from_db()
    assert draft.warned_at is None


@pytest.mark.django_db
def test_a_mail_deferred_is_sent_later_and_an_address_that_refuses_is_asked_once(reporter, postbox):
    other = make_person(role="reporter")
    make_draft(reporter), make_draft(other)
    postbox.answers |= {reporter.email: "451 Later", other.email: "550 No such user"}
    first = warn_and_expire(at=NOW + 83 * DAY)
    postbox.answers = {}

    second = warn_and_expire(at=NOW + 84 * DAY)

    assert (first, second) == ((0, 0), (1, 0))
    assert postbox.recipients == [reporter.email]


@pytest.mark.django_db
def test_what_is_discarded_submitted_or_of_somebody_gone_is_mailed_to_nobody(reporter, postbox):
    gone = make_person(is_active=False)
    make_draft(gone)
    drafts.discard_draft(draft=make_draft(reporter), by=reporter, at=NOW)

    assert warn_and_expire(at=NOW + 83 * DAY) == (0, 0)
    assert warn_and_expire(at=NOW + 90 * DAY) == (0, 2)
    assert (postbox.mails, kept()) == ([], [])


@pytest.mark.django_db(transaction=True)
def test_evidence_goes_with_its_draft_and_so_do_its_files(postbox):
    author = make_person(role="reporter")
    draft, other = make_draft(author), make_draft(author, at=NOW + 50 * DAY)
    upload = SimpleUploadedFile("run.csv", b"a,b\n1,2\n")
    gone = evidence.add_file(by=author, at=NOW, upload=upload, draft=draft)
    evidence.add_note(by=author, at=NOW, note="It said so.", draft=draft)
    stays = evidence.add_note(by=author, at=NOW + 50 * DAY, note="Another one.", draft=other)

    told = [warn_and_expire(at=NOW + 83 * DAY), warn_and_expire(at=NOW + 90 * DAY)]

    assert told == [(1, 0), (0, 1)]
    assert list(Evidence.objects.all()) == [stays]
    assert not default_storage.exists(gone.file.name)


@pytest.mark.django_db
def test_the_task_of_the_hour_does_it(reporter, postbox, monkeypatch):
    make_draft(reporter)
    monkeypatch.setattr(tasks.timezone, "now", lambda: NOW + 83 * DAY)

    tasks.warn_and_expire_drafts()

    assert postbox.recipients == [reporter.email]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_one_mail(postbox):
    make_draft(make_person(role="reporter"))

    told = at_once(*[lambda: draft_expiry.warn(at=NOW + 83 * DAY)] * 4)

    assert sorted(told) == [0, 0, 0, 1]
    assert len(postbox.mails) == 1
