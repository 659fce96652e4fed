"""Figures for a monitoring system."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from api.models import Scope
from registry.actions import jobs
from registry.choices import DigestState, Role
from registry.digests import clock
from tests.api.conftest import token_for
from tests.factories import make_person
from tests.registry.digests.builders import END, make_digest, make_subscription
from tests.registry.web.pages import signed_in

pytestmark = pytest.mark.django_db

NOW = END + timedelta(hours=1)
LINE = re.compile(r"# (HELP|TYPE) air_[a-z_]+ .+|air_[a-z_]+(\{[a-z]+=\"[a-z]+\"\})? -?[0-9.e+]+")


@pytest.fixture(autouse=True)
def database_clock(monkeypatch):
    cache.delete_many([clock.PLANNER, clock.BEAT])
    monkeypatch.setattr(clock, "database_now", lambda: NOW)


def asked(person, *scopes):
    return Client().get("/metrics", headers={"Authorization": f"Bearer {token_for(person, *scopes)}"})


def test_an_administrators_token_reads_them_in_the_text_format(administrator):
    clock.note_beat(at=NOW)
    make_digest(make_subscription(), state=DigestState.SENT, attempts=2)
    make_digest(make_subscription(), state=DigestState.DUE, attempts=3)
    jobs.leave_recompute(at=NOW)

    answer = asked(administrator, Scope.ADMIN)

    text = answer.content.decode()
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/plain; version=0.0.4; charset=utf-8")
    assert [line for line in text.splitlines() if not LINE.fullmatch(line)] == []
    assert text.endswith("\n")
    for line in (
        'air_digests{state="sent"} 1',
        'air_digests{state="quiet"} 0',
        "air_digests_overdue 1",
        "air_digests_oldest_overdue_seconds 3600.0",
        'air_mails_handed_total{outcome="sent"} 1',
        "air_digest_attempts_total 5",
        f'air_last_seen_timestamp_seconds{{process="beat"}} {NOW.timestamp()}',
        'air_jobs{state="pending"} 1',
    ):
        assert line in text.splitlines()


def test_every_metric_says_what_it_is_before_its_values(administrator):
    text = asked(administrator, Scope.ADMIN).content.decode()

    named = [line.split()[2] for line in text.splitlines() if line.startswith("# TYPE")]
    valued = list(dict.fromkeys(re.match(r"[a-z_]+", line)[0] for line in text.splitlines() if line[0] != "#"))
    assert len(named) == len(set(named)) == 7
    assert valued == [name for name in named if name != "air_last_seen_timestamp_seconds"]


def test_an_administrators_session_reads_them_too(administrator):
    assert signed_in(administrator).get("/metrics").status_code == 200


def test_nobody_else_reads_them(administrator):
    answers = [
        asked(make_person(role=Role.REVIEWER), Scope.ADMIN),
        asked(administrator, Scope.CASES_READ),
        signed_in(make_person(role=Role.REVIEWER)).get("/metrics"),
        Client().get("/metrics"),
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 403, 401]


def test_nothing_is_taken_besides(administrator):
    browser = signed_in(administrator)

    assert browser.get("/metrics?x=%00").status_code == 400
    assert browser.post("/metrics").status_code in (403, 405)
