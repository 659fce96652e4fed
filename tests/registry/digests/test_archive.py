"""What a person reads of their digests, and the one they would get now."""

import base64
from datetime import timedelta

import pytest
from django.http import Http404

from registry.actions import subscriptions
from registry.choices import DigestState, Visibility
from registry.digests import archive, ledger
from registry.models import Digest, Subscription
from tests.factories import make_team
from tests.registry.digests.builders import DURING, END, START, WEEK, case_at, make_digest, make_subscription

pytestmark = pytest.mark.django_db

WRITTEN = {"subject": "2 new cases", "text": "Two.", "html": "<html><head></head><p>Two.</p></html>"}


def test_a_letter_stands_alone(subscription):
    digest = ledger.take(digest_id=make_digest(subscription).pk, at=END)

    letter = archive.letter(digest)

    assert (letter.count("cid:"), letter.count('<base target="_top">')) == (0, 1)
    assert f"data:image/png;base64,{base64.b64encode(bytes(digest.chart)).decode()}" in letter


def test_a_page_holds_ones_own_the_newest_first(reader, analyst):
    subscription = make_subscription(person=reader)
    late, early = make_digest(subscription), make_digest(subscription, start=START - WEEK, end=START)
    make_digest(make_subscription(person=analyst))

    rows = archive.page_for(reader).rows

    assert [(row.pk, row.period, row.followed) for row in rows] == [
        (late.pk, "16–22 November 2026", "Everything"),
        (early.pk, "9–15 November 2026", "Everything"),
    ]


def test_a_digest_of_a_team_is_there_for_its_members_and_nobody_else(reader, analyst, administrator):
    team = make_team(reader, analyst)
    digest = make_digest(make_subscription(person=analyst, team=team), state=DigestState.SENT, **WRITTEN)

    assert [archive.digest_for(person, digest.pk).pk for person in (reader, analyst)] == [digest.pk] * 2
    team.members.filter(person=analyst).delete()
    for person in (analyst, administrator):
        assert archive.page_for(person).rows == []
        with pytest.raises(Http404):
            archive.digest_for(person, digest.pk)


class TestPreview:
    def test_it_is_the_mail_that_would_come_and_writes_nothing(self, reader):
        subscription = make_subscription(person=reader)
        case_at(DURING, title="It praised every answer")
        case_at(DURING, title="Canary of the sealed case", visibility=Visibility.NAMED)

        mail = archive.preview(subscription, at=END)

        assert ("1 new case" in mail.subject, "It praised every answer" in mail.text) == (True, True)
        assert "Canary" not in mail.subject + mail.text + mail.html
        assert (mail.html.count("cid:"), mail.html.count("data:image/png;base64,")) == (0, 1)
        assert (Digest.objects.count(), Subscription.objects.get(pk=subscription.pk)) == (0, subscription)

    def test_it_begins_where_the_reader_was_told_last(self, reader):
        subscription = make_subscription(person=reader)
        make_digest(subscription, state=DigestState.SENT)

        content, _ = archive.composed_now(subscription, at=END + timedelta(days=2))

        assert content.period == "23–24 November 2026"

    def test_of_a_team_it_tells_what_everybody_may_know(self, reader):
        team = make_team(reader)
        team.email = "team@example.org"
        team.save()
        case_at(DURING, title="Theirs alone", visibility=Visibility.NAMED, reporter=reader)
        of_team = subscriptions.subscribe(person=reader, by=reader, at=START, team=team)
        own = make_subscription(person=reader)

        mails = [archive.preview(each, at=END) for each in (own, of_team)]

        assert ["AIR-" in mail.text for mail in mails] == [True, False]

    def test_the_chart_stands_in_a_page_as_it_is(self, reader):
        content, _ = archive.composed_now(make_subscription(person=reader), at=END)

        chart = archive.chart_of(content)

        assert (chart["svg"].startswith("<svg"), "style=" in chart["svg"]) == (True, False)
        assert "weeks" in chart["words"]
