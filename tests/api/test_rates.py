"""How often one caller may ask."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from api import rates
from api.models import ApiToken, RateWindow
from api.tasks import forget_what_is_over
from registry.models import Case
from tests.api.conftest import Tool, token_for
from tests.factories import NOW, make_case

pytestmark = pytest.mark.django_db
HEADERS = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "RateLimit-Policy")


@pytest.fixture(autouse=True)
def three_a_minute(settings):
    settings.API_REQUESTS_PER_MINUTE = 3


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def told(response):
    return response.status_code, *(response.get(name) for name in HEADERS)


def test_every_answer_says_what_is_left_and_the_one_too_many_is_429(clock, analyst):
    tool = Tool(analyst)

    answers = []
    for address in ("me/", "cases/", "cases/AIR-1/", "nodes/"):
        answers.append(told(tool.get(address)))
        clock.shift(timedelta(seconds=10))

    assert answers == [
        (200, "3", "2", "60", "3;w=60"),
        (200, "3", "1", "50", "3;w=60"),
        (404, "3", "0", "40", "3;w=60"),
        (429, "3", "0", "30", "3;w=60"),
    ]


def test_429_is_a_problem_with_retry_after_and_waiting_so_long_helps(clock, analyst):
    tool = Tool(analyst)
    for _ in range(3):
        tool.get("me/")
    clock.shift(timedelta(seconds=42.5))

    refused = tool.get("me/")
    clock.shift(timedelta(seconds=int(refused["Retry-After"])))
    afterwards = tool.get("me/")

    assert (refused["Content-Type"], refused.json()["type"]) == (
        "application/problem+json",
        "/api/v1/problems/too-many-requests/",
    )
    assert refused["Retry-After"] == "18"
    assert told(afterwards) == (200, "3", "2", "60", "3;w=60")


def test_a_refused_post_did_nothing(analyst):
    tool = Tool(analyst)

    statuses = [tool.send("POST", "cases/", {"title": f"Case {n}"}).status_code for n in range(4)]

    assert statuses == [201, 201, 201, 429]
    assert Case.objects.count() == 3


def test_each_token_and_each_session_counts_for_itself(analyst, other_analyst):
    browser = Client()
    browser.force_login(analyst, backend="django.contrib.auth.backends.ModelBackend")
    tools = [Tool(analyst), Tool(analyst), Tool(other_analyst)]

    left = [client.get("/api/v1/me/")["RateLimit-Remaining"] for client in (*tools, browser, tools[0], browser)]

    assert left == ["2", "2", "2", "2", "1", "1"]


def test_a_session_is_refused_like_a_token(analyst):
    browser = Client()
    browser.force_login(analyst, backend="django.contrib.auth.backends.ModelBackend")

    answers = [browser.get("/api/v1/me/") for _ in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert "Retry-After" in answers[-1]


def test_pages_are_not_counted(analyst):
    browser = Client()
    browser.force_login(analyst, backend="django.contrib.auth.backends.ModelBackend")

    for _ in range(4):
        assert browser.get("/cases/").status_code == 200

    assert not RateWindow.objects.exists()


def test_me_says_what_is_left(analyst):
    me = Tool(analyst).get("me/").json()

    assert me["rate_limit"] == {"limit": 3, "remaining": 2, "reset_seconds": 60}


def test_the_counting_costs_no_query_of_its_own(analyst, django_assert_num_queries):
    tool = Tool(analyst)
    make_case()

    with django_assert_num_queries(3):  # the token with its count, the page, its labels and systems
        assert tool.get("cases/")["RateLimit-Remaining"] == "2"


def test_zero_counts_nothing_and_says_nothing(settings, analyst):
    settings.API_REQUESTS_PER_MINUTE = 0

    answer = Tool(analyst).get("me/")

    assert told(answer) == (200, None, None, None, None)
    assert answer.json()["rate_limit"] is None
    assert not RateWindow.objects.exists()


def test_guessing_tokens_is_refused_after_a_while_and_a_genuine_one_is_not(monkeypatch, analyst):
    monkeypatch.setattr(rates, "MOST_REFUSED_TOKENS", 2)
    genuine = token_for(analyst)
    key, _, secret = genuine.partition(".")
    guess = Tool()
    guess.defaults["HTTP_AUTHORIZATION"] = f"Bearer {key}.{secret[::-1]}"

    answers = [guess.get("me/") for _ in range(3)]
    elsewhere = guess.get("me/", REMOTE_ADDR="2001:db8:0:0:0:0:0:ffff")
    right = guess.get("me/", headers={"Authorization": f"Bearer {genuine}"})

    assert [answer.status_code for answer in answers] == [401, 401, 429]
    assert answers[2]["Retry-After"] == "60"
    assert (elsewhere.status_code, right.status_code) == (401, 200)


def test_a_guess_at_a_secret_does_not_count_against_its_token(analyst):
    token_for(analyst)
    key = ApiToken.objects.get().key
    guess = Tool()
    guess.defaults["HTTP_AUTHORIZATION"] = f"Bearer air_{key}.{'A' * 43}"

    guess.get("me/")

    assert not RateWindow.objects.filter(caller__startswith="t").exists()


def test_no_address_is_kept_as_it_is(analyst):
    Tool().get("me/", headers={"Authorization": "Bearer x"}, REMOTE_ADDR="192.0.2.77")

    callers = list(RateWindow.objects.values_list("caller", flat=True))

    assert [(caller[0], len(caller)) for caller in callers] == [("i", 20)]
    assert "192" not in callers[0]


def test_windows_are_forgotten_after_an_hour():
    now = timezone.now()
    RateWindow.objects.create(caller="t1", began_at=now - timedelta(hours=2), n_requests=9)
    RateWindow.objects.create(caller="t2", began_at=now - timedelta(minutes=1), n_requests=9)

    forget_what_is_over()

    assert list(RateWindow.objects.values_list("caller", flat=True)) == ["t2"]
