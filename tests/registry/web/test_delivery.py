"""The page on which administrators look after digests."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from registry.choices import About, DigestState, Role
from registry.digests import clock
from registry.models import Digest, Team
from tests.factories import make_person, make_view
from tests.registry.digests.builders import END, START, WEEK, make_digest, make_subscription
from tests.registry.web.pages import signed_in, text_of

pytestmark = pytest.mark.django_db

PAGE = "/digests/delivery/"
NOW = END + timedelta(hours=1)


@pytest.fixture(autouse=True)
def database_clock(monkeypatch):
    cache.delete_many([clock.PLANNER, clock.BEAT])
    monkeypatch.setattr(clock, "database_now", lambda: NOW)


@pytest.fixture
def keeper(administrator):
    return signed_in(administrator)


def unsent(state=DigestState.UNCERTAIN, **values):
    person = make_person(name="Noor Haddad", email="noor@example.org")
    return make_digest(make_subscription(person=person), state=state, **values)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_only_administrators_see_it_and_decide_there(role):
    digest = unsent()
    browser = signed_in(make_person(role=role))

    assert browser.get(PAGE).status_code == 403
    assert browser.post(f"{PAGE}{digest.pk}/again").status_code == 403
    assert PAGE not in browser.get("/digests/").content.decode()
    assert Digest.objects.get().state == DigestState.UNCERTAIN


def test_administrators_find_it_from_the_digests(keeper):
    assert PAGE in keeper.get("/digests/").content.decode()


def test_what_readers_follow_privately_is_not_named(keeper, analyst):
    view = make_view(analyst, name="Canary view", query="q=canary")
    make_digest(make_subscription(person=analyst, about=About.VIEW, view=view), state=DigestState.UNCERTAIN)

    words = text_of(keeper.get(PAGE))

    assert "A saved view" in words
    assert "Canary" not in words


def test_where_all_is_well_it_says_so(keeper):
    clock.believed(at=NOW)
    clock.note_beat(at=NOW)

    words = text_of(keeper.get(PAGE))

    assert "Nothing is overdue. Nothing waits for a decision." in words
    assert "None in the last 24 hours." in words
    assert "mail worker and beat running" not in words


def test_it_says_that_nobody_is_at_work(keeper):
    clock.note_beat(at=NOW - timedelta(hours=2))

    words = text_of(keeper.get(PAGE))

    assert "Planner not seen yet. Beat seen last" in words
    assert "Are the mail worker and beat running?" in words


def test_it_says_what_is_overdue_and_why(keeper):
    digest = unsent(DigestState.DUE, attempts=3, error="The mail server said: 451 Greylisted")

    words = text_of(keeper.get(PAGE))

    assert "1 digest should have gone out more than ten minutes ago." in words
    assert f"{digest.person.name} Everything" in words
    assert "The mail server said: 451 Greylisted 3 attempts" in words


def test_an_uncertain_one_is_sent_again_after_a_question_and_that_is_kept(keeper, administrator):
    digest = unsent()
    before = text_of(keeper.get(PAGE))

    answer = keeper.post(f"{PAGE}{digest.pk}/again", follow=True)

    digest.refresh_from_db()
    assert "It may have arrived. Sent again it carries the same Message-ID" in before
    assert (digest.state, digest.not_before) == (DigestState.DUE, NOW)
    assert answer.redirect_chain == [(PAGE, 302)]
    assert "It is due again" in text_of(answer)
    assert f"Everything 16–22 November 2026 {administrator.name}" in text_of(answer)


def test_in_a_second_tab_it_is_not_sent_twice(keeper):
    digest = unsent()
    keeper.post(f"{PAGE}{digest.pk}/again")
    Digest.objects.update(state=DigestState.SENT, sent_at=NOW)

    answer = keeper.post(f"{PAGE}{digest.pk}/again", follow=True)

    assert Digest.objects.get().state == DigestState.SENT
    assert "Only a digest that is uncertain, refused or failed is sent again." in text_of(answer)


def test_what_a_later_one_covers_is_not_offered_and_not_sent_again(keeper):
    digest = unsent()
    make_digest(digest.subscription, start=START, end=END + WEEK, state=DigestState.SENT)

    assert "Send again" not in text_of(keeper.get(PAGE))
    assert "covers its period" in text_of(keeper.post(f"{PAGE}{digest.pk}/again", follow=True))


def test_looking_at_the_address_sends_nothing(keeper):
    digest = unsent()

    assert keeper.get(f"{PAGE}{digest.pk}/again").status_code == 405
    assert keeper.post(f"{PAGE}{digest.pk + 1}/again").status_code == 404


def test_a_refused_one_leads_to_the_address(keeper):
    person = unsent(DigestState.REFUSED, error="550 No such user").person
    team = Team.objects.create(name="Oversight", email="oversight@example.org")
    make_digest(make_subscription(team=team), state=DigestState.REFUSED)

    page = keeper.get(PAGE)

    assert f"/admin/registry/person/{person.pk}/change/" in page.content.decode()
    assert f"/admin/registry/team/{team.pk}/change/" in page.content.decode()
    assert "noor@example.org" in text_of(page)


def test_another_s_queue_is_not_called_yours(keeper):
    make_digest(make_subscription(about="queue"), state=DigestState.UNCERTAIN)

    assert "What waits for them, 16–22 November 2026" in text_of(keeper.get(PAGE))


@pytest.mark.parametrize("n", [1, 12])
def test_it_asks_the_same_few_questions_for_any_number(n, keeper, django_assert_num_queries):
    clock.note_beat(at=timezone.now())
    for state in (DigestState.UNCERTAIN, DigestState.REFUSED, DigestState.DUE):
        for _ in range(n):
            make_digest(make_subscription(), state=state)
        make_subscription()
    keeper.post(f"{PAGE}{Digest.objects.filter(state=DigestState.REFUSED).first().pk}/again")
    keeper.get(PAGE)

    with django_assert_num_queries(13):
        keeper.get(PAGE)
