"""The digest pages: each reader's own archive, and the letter in its frame."""

import re

import pytest
from django.urls import reverse

from registry.choices import DigestState
from registry.digests import send
from tests.factories import make_node, make_team
from tests.registry.digests.builders import END, START, WEEK, make_digest, make_subscription

pytestmark = pytest.mark.django_db


@pytest.fixture
def subscription(reader, client):
    client.force_login(reader)
    return make_subscription(person=reader)


@pytest.fixture
def digest(subscription):
    digest = make_digest(subscription)
    send.send(digest_id=digest.pk, at=END)
    digest.refresh_from_db()
    return digest


def words(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_the_archive_lists_ones_own_digests_the_newest_first(client, digest, subscription, analyst):
    make_digest(subscription, start=START - WEEK, end=START, state=DigestState.REFUSED, error="No such user")
    make_digest(make_subscription(person=analyst))

    page = words(client.get("/digests/"))

    assert page.index("16–22 November 2026") < page.index("9–15 November 2026")
    assert "Refused by the mail server No such user" in page
    assert page.count("November 2026") == 2


@pytest.mark.parametrize("n", [1, 26])
def test_archive_query_count(n, client, subscription, django_assert_num_queries):
    for week in range(n):
        make_digest(subscription, start=START - (week + 1) * WEEK, end=END - (week + 1) * WEEK)

    with django_assert_num_queries(6):
        response = client.get("/digests/")

    assert response.content.count(b"data-row") == n


def test_each_says_what_it_is_of_and_quiet_ones_say_little(client, reader, subscription):
    branch = make_subscription(
        person=reader, about="branch", node=make_node(name="Deception"), team=make_team(reader, name="Evaluations")
    )
    make_digest(branch, asked=True, state=DigestState.SENT, subject="1 new case · Branch Deception", html="<p>")
    make_digest(subscription, state=DigestState.QUIET)

    page = words(client.get("/digests/"))

    assert "1 new case · Branch Deception Branch Deception to Evaluations asked for" in page
    assert "16–22 November 2026 Everything Nothing to tell" in page
    assert "Not written yet" not in page


def test_the_digest_that_comes_next_is_told(client, reader, subscription):
    make_subscription(person=reader, cadence="monthly", day=28)
    make_subscription(person=reader, about="queue", active=False, cadence="daily")

    assert "one of 2 subscriptions" in words(client.get("/digests/"))


def test_a_longer_archive_has_pages(client, subscription):
    for week in range(30):
        make_digest(subscription, start=START - (week + 1) * WEEK, end=END - (week + 1) * WEEK)

    first = client.get("/digests/")
    address = re.search(r'rel="next" href="([^"]+)"', first.content.decode())[1]

    assert client.get(f"/digests/{address}").content.count(b"data-row") == 4
    assert client.get("/digests/?cursor=forged").status_code == 404


def test_without_a_mail_server_the_archive_says_so(client, digest, settings):
    settings.EMAIL_URL = ""
    assert "No mail server is set" in words(client.get("/digests/"))

    settings.EMAIL_URL = "smtp://localhost"
    assert "No mail server is set" not in words(client.get("/digests/"))


def test_an_empty_archive_names_the_next_action(client, reader):
    client.force_login(reader)

    assert 'href="/digests/subscriptions/new/"' in client.get("/digests/").content.decode()


def test_a_digest_is_shown_in_a_frame_of_its_own(client, digest):
    page = client.get(f"/digests/{digest.pk}/")

    assert f'src="/digests/{digest.pk}/letter"' in page.content.decode()
    assert digest.text.splitlines()[0] in words(page)


def test_the_letter_may_use_its_own_styles_and_nothing_else(client, digest):
    letter = client.get(f"/digests/{digest.pk}/letter")

    assert set(letter["Content-Security-Policy"].split("; ")) == {
        "default-src 'none'",
        "style-src 'unsafe-inline'",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'self'",
        "sandbox allow-top-navigation-by-user-activation",
    }
    assert letter["X-Frame-Options"] == "SAMEORIGIN"
    assert "Nothing changed in the cases you may see." in words(letter)


@pytest.mark.parametrize("address", ["/digests/{}/", "/digests/{}/letter"])
def test_a_digest_of_somebody_else_answers_like_one_that_does_not_exist(address, client, digest, administrator):
    client.force_login(administrator)

    other = client.get(address.format(digest.pk))

    assert (other.status_code, client.get(address.format(2**31)).status_code) == (404, 404)
    assert digest.subject not in other.content.decode()


def test_a_digest_that_is_not_written_yet_is_not_shown(client, subscription):
    assert client.get(f"/digests/{make_digest(subscription).pk}/").status_code == 404


@pytest.mark.parametrize("address", ["/digests/", "/digests/1/", "/digests/1/letter", "/digests/subscriptions/"])
def test_the_archive_asks_to_sign_in(address, client):
    assert client.get(address).url.startswith(reverse("account_login"))
