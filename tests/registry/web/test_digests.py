"""The digest pages: each reader's own archive, the letter in its frame, schedule and stop."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from registry.actions import subscriptions
from registry.choices import DigestState
from registry.digests import ledger, links, send
from registry.models import Subscription
from tests.registry.digests.builders import END, START, WEEK, make_digest, make_subscription

pytestmark = pytest.mark.django_db

WISH = {"weekday": "3", "hour": "18", "time_zone": "Europe/Berlin"}


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

    with django_assert_num_queries(5):
        response = client.get("/digests/")

    assert response.content.count(b"data-row") == n


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

    assert "Get the weekly digest" in words(client.get("/digests/"))


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


@pytest.mark.parametrize("address", ["/digests/", "/digests/1/", "/digests/1/letter", "/digests/subscription/"])
def test_the_archive_asks_to_sign_in(address, client):
    assert client.get(address).url.startswith(reverse("account_login"))


def test_somebody_without_a_digest_asks_for_one(client, reader):
    client.force_login(reader)

    response = client.post("/digests/subscription/", WISH)

    made = Subscription.objects.get()
    assert (made.person, made.weekday, made.hour, made.time_zone, made.active) == (reader, 3, 18, "Europe/Berlin", True)
    assert response.url == "/digests/"


def test_the_schedule_is_changed_on_its_page(client, subscription):
    client.post("/digests/subscription/", WISH)

    subscription.refresh_from_db()
    assert str(subscription) == "Rena Reader, Thursday 18:00 Europe/Berlin"


@pytest.mark.parametrize(
    ("field", "value"), [("weekday", "7"), ("hour", "24"), ("time_zone", "Mars/Olympus"), ("time_zone", "a\x00b")]
)
def test_a_schedule_that_cannot_be_is_refused_at_its_field(field, value, client, subscription):
    response = client.post("/digests/subscription/", WISH | {field: value})

    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])


def test_the_digest_is_stopped_on_its_page(client, subscription):
    client.post("/digests/subscription/", WISH | {"stop": "1"})

    subscription.refresh_from_db()
    assert (subscription.active, subscription.weekday) == (False, 0)


def test_looking_at_the_stop_address_changes_nothing(client, subscription):
    client.logout()

    page = client.get(links.stop(subscription))

    subscription.refresh_from_db()
    assert ("Stop the weekly digest?" in words(page), subscription.active) == (True, True)


def test_posting_to_the_stop_address_stops_it_without_signing_in(subscription):
    stranger = Client(enforce_csrf_checks=True)

    page = stranger.post(
        links.stop(subscription), "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded"
    )

    subscription.refresh_from_db()
    assert ("The weekly digest is stopped" in words(page), subscription.active) == (True, False)
    assert ledger.plan(at=END) == []


@pytest.mark.parametrize("token", ["1:forged", "1", "x:y", ":"])
def test_a_forged_stop_address_is_not_found(token, client, subscription):
    assert client.post(f"/digests/stop/{token}/").status_code == 404


def test_the_stop_address_of_one_subscription_stops_no_other(client, subscription, analyst, now):
    other = subscriptions.subscribe(person=analyst, by=analyst, at=now)

    client.post(links.stop(subscription))

    other.refresh_from_db()
    assert other.active is True
