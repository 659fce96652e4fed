"""A POST with an Idempotency-Key: done once, answered alike each time."""

import json
import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from api import once
from api.models import KeptAnswer
from api.tasks import forget_what_is_over
from registry.choices import Status, Visibility
from registry.models import Case
from tests.api.conftest import Tool
from tests.factories import make_case, make_person
from tests.threads import at_once

pytestmark = pytest.mark.django_db
BODY = {"title": "Boat circles the lagoon"}


def post(tool, body=BODY, *, key="run-1", address="cases/", **headers):
    return tool.send("POST", address, body, headers={"Idempotency-Key": key, **headers})


def problem(response):
    assert response["Content-Type"] == "application/problem+json"
    return response.status_code, response.json()["type"].split("/")[-2]


def test_the_same_again_is_answered_alike_and_done_once(as_analyst):
    first = post(as_analyst)
    again = post(as_analyst)

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert [again[name] == first[name] for name in ("Location", "ETag", "Content-Type")] == [True] * 3
    assert (first.get("Idempotency-Replayed"), again["Idempotency-Replayed"]) == (None, "true")
    assert again["X-Request-ID"] != first["X-Request-ID"]
    assert Case.objects.count() == 1


def test_another_body_under_the_same_key_is_refused(as_analyst):
    post(as_analyst)

    assert problem(post(as_analyst, {"title": "Another"})) == (422, "key-reused")
    assert Case.objects.count() == 1


def test_a_key_belongs_to_one_person_one_address_and_one_method(as_analyst, as_reporter):
    case = post(as_analyst).json()["reference"]

    others = [post(as_reporter), post(as_analyst, {}, address=f"cases/{case}/submit/", **{"If-Match": "*"})]
    patched = as_analyst.send("PATCH", f"cases/{case}/", {}, match="*", headers={"Idempotency-Key": "run-1"})

    assert [answer.get("Idempotency-Replayed") for answer in (*others, patched)] == [None] * 3
    assert [answer.status_code for answer in (*others, patched)] == [201, 409, 200]


def test_an_address_is_the_same_without_its_last_slash(as_analyst):
    post(as_analyst)

    assert post(as_analyst, address="cases")["Idempotency-Replayed"] == "true"


def test_without_a_key_nothing_is_kept(as_analyst):
    as_analyst.send("POST", "cases/", BODY)

    assert not KeptAnswer.objects.exists()


def test_a_refusal_is_not_kept_so_the_key_can_be_used_again(as_analyst):
    refused = post(as_analyst, {"title": ""})
    taken = post(as_analyst)

    assert (problem(refused), taken.status_code) == ((400, "invalid-input"), 201)
    assert "Idempotency-Replayed" not in taken


def test_a_step_is_taken_once_though_its_version_has_passed(as_analyst, analyst):
    case = make_case(reporter=analyst, status=Status.ANALYSIS)
    etag = as_analyst.get(f"cases/{case.reference}/")["ETag"]
    body = {"reason": "A twin."}

    answers = [post(as_analyst, body, address=f"cases/{case.reference}/withdraw/", **{"If-Match": etag}) for _ in "ab"]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].content == answers[1].content


@pytest.mark.parametrize("key", ["", "a b", "ü", "x" * 256, "a\x7f", "\x00"])
def test_a_key_that_is_none_is_refused_by_its_name(as_analyst, key):
    response = post(as_analyst, key=key)

    assert problem(response) == (400, "bad-request")
    assert response.json()["errors"][0]["pointer"] == "Idempotency-Key"
    assert not Case.objects.exists()


@pytest.mark.parametrize("key", ["x", "x" * 255, '"8e03978e-40d5-43dd-bc93-6894a57f9324"', "!~"])
def test_any_visible_ascii_is_a_key(as_analyst, key):
    assert [post(as_analyst, key=key).get("Idempotency-Replayed") for _ in "ab"] == [None, "true"]


def test_after_a_day_the_key_is_free_again(as_analyst):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        post(as_analyst)
        clock.shift(timedelta(hours=24))

        later = post(as_analyst, {"title": "Another"})

    assert (later.status_code, "Idempotency-Replayed" in later) == (201, False)
    assert KeptAnswer.objects.count() == 1


def test_answers_are_forgotten_after_a_day(as_analyst):
    post(as_analyst, key="old")
    KeptAnswer.objects.update(made_at=timezone.now() - timedelta(hours=24, seconds=1))
    post(as_analyst, key="new")

    forget_what_is_over()

    assert list(KeptAnswer.objects.values_list("key", flat=True)) == ["new"]


def test_an_answer_about_a_case_is_not_given_again_to_whom_it_is_hidden_by_now(as_analyst, analyst):
    case = make_case(status=Status.ANALYSIS, owner=make_person())
    address = f"cases/{case.reference}/withdraw/"
    post(as_analyst, {"reason": "A twin."}, address=address, **{"If-Match": "*"})
    Case.objects.filter(pk=case.pk).update(visibility=Visibility.NAMED, reviewer=None)

    answer = post(as_analyst, {"reason": "A twin."}, address=address, **{"If-Match": "*"})

    assert problem(answer) == (404, "not-found")


def test_an_answer_about_what_belongs_to_a_case_goes_with_the_case(as_analyst, analyst):
    case = make_case(status=Status.ANALYSIS, owner=make_person())
    said = as_analyst.send("POST", f"cases/{case.reference}/comments/", {"text": "Was it the grader?"}).json()
    note = {"kind": "note", "title": "The log", "note": "Edited at 14:02."}
    shown = as_analyst.send("POST", f"cases/{case.reference}/evidence/", note).json()
    as_analyst.send("DELETE", f"evidence/{shown['id']}/")
    addresses = f"comments/{said['id']}/resolve/", f"evidence/{shown['id']}/restore/"

    before = [post(as_analyst, {}, address=address, **{"If-Match": "*"}) for address in addresses for _ in "ab"]
    Case.objects.filter(pk=case.pk).update(visibility=Visibility.NAMED, reviewer=None)
    after = [post(as_analyst, {}, address=address, **{"If-Match": "*"}) for address in addresses]

    told = [(answer.status_code, "Idempotency-Replayed" in answer) for answer in before]
    assert told == [(200, False), (200, True)] * 2
    assert [problem(answer) for answer in after] == [(404, "not-found")] * 2


def test_whoever_may_not_do_it_any_more_is_refused(analyst):
    tool = Tool(analyst)
    post(tool)
    weaker = Tool(analyst, "cases:read")

    assert problem(post(weaker)) == (403, "insufficient-scope")


def test_a_long_address_is_told_apart_by_all_of_it(rf):
    paths = [once.path_of(rf.post(f"/api/v1/cases/?q={'x' * 500}{end}")) for end in "ab"]

    assert [len(path) for path in paths] == [400, 400]
    assert paths[0] != paths[1]


def test_a_method_that_is_not_there_is_405_with_a_key_too(as_analyst):
    assert problem(post(as_analyst, address="me/")) == (405, "method-not-allowed")


def test_what_the_database_refuses_at_the_end_is_the_same_problem_as_without_a_key(as_analyst, monkeypatch):
    def breaks_at_the_end(**arguments):
        with connection.cursor() as cursor:
            cursor.execute("CREATE TEMP TABLE late (n int)")
            late = "UNIQUE (n) DEFERRABLE INITIALLY DEFERRED"
            cursor.execute(f"ALTER TABLE late ADD CONSTRAINT registry_team_name_unique {late}")
            cursor.execute("INSERT INTO late VALUES (1), (1)")
        return make_case()

    monkeypatch.setattr("registry.actions.cases.log_case", breaks_at_the_end)

    assert problem(post(as_analyst)) == (409, "already-exists")
    assert not KeptAnswer.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_while_the_first_still_runs_the_second_is_told_to_wait(shipped_taxonomy, monkeypatch):
    tool = Tool(make_person())
    begun, may_end = threading.Event(), threading.Event()
    keep = once.keep

    def slowly(*arguments, **options):
        begun.set()
        may_end.wait(10)
        keep(*arguments, **options)

    def second():
        begun.wait(10)
        answer = post(tool)
        may_end.set()
        return answer

    monkeypatch.setattr(once, "keep", slowly)

    first, meanwhile = at_once(lambda: post(tool), second)
    afterwards = post(tool)

    assert first.status_code == 201
    assert (problem(meanwhile), meanwhile["Retry-After"]) == ((409, "still-running"), "1")
    assert (afterwards.content, afterwards["Idempotency-Replayed"]) == (first.content, "true")
    assert Case.objects.count() == 1


def test_what_is_shown_once_is_not_kept():
    body = once.body_to_keep(json.dumps({"id": 1, "secret": "air_x"}).encode(), ("secret",))

    assert json.loads(body) == {"id": 1, "secret": None}
