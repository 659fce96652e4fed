"""Programs that write at the same moment: two processes of eight threads, and eight clients."""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.utils import timezone

from api.models import KeptAnswer, Scope
from api.tokens import create_token
from registry.choices import Role, Status
from registry.models import Case, Label
from tests.factories import make_case, make_node, make_person, make_scheme
from tests.servers import Program, running_server
from tests.threads import at_once, wait_until_somebody_waits_for_a_lock

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("shipped_taxonomy")]

RACES, SIDE_BY_SIDE, CLIENTS, DELETIONS, KILLS = 400, 4, 8, 25, 4


@pytest.fixture(scope="module")
def server(tmp_path_factory, django_db_setup):
    """One for all these tests: starting it takes longer than most of them."""
    with running_server(tmp_path_factory.mktemp("server"), workers=2, AIR_API_REQUESTS_PER_MINUTE="1000000") as server:
        yield server


@pytest.fixture
def program(server):
    """Makes programs: of somebody new unless a person is named."""
    made = []

    def program(person=None):
        person = person or make_person(role=Role.ADMINISTRATOR)
        _, text = create_token(by=person, at=timezone.now(), person=person, name="race", scopes=Scope.values)
        made.append(Program(server, text))
        return made[-1]

    yield program
    for each in made:
        each.close()


@pytest.fixture
def race(program):
    """Runs `rounds(one, other, lane)` in as many lanes as go side by side, each with two programs of `person`."""

    def race(rounds, person=None):
        pairs = [(program(person), program(person)) for _ in range(SIDE_BY_SIDE)]
        found = at_once(*(lambda lane=lane, pair=pair: rounds(*pair, lane) for lane, pair in enumerate(pairs)))
        for failure in found:
            if isinstance(failure, Exception):
                raise failure
        return found

    return race


def both(pool, one, other):
    """What two calls answer that begin together."""
    first, second = pool.submit(one), pool.submit(other)
    return first.result(20), second.result(20)


def test_of_two_changes_of_one_version_one_is_taken_and_none_that_was_taken_is_lost(race):
    cases = [make_case(status=Status.ANALYSIS) for _ in range(SIDE_BY_SIDE)]

    def rounds(one, other, lane):
        path, accepted = f"cases/{cases[lane].reference}/", []
        with ThreadPoolExecutor(2) as pool:
            for n in range(RACES // SIDE_BY_SIDE):
                etag = one.send("GET", path)[1]["ETag"]
                sent = {"context": f"Context {n}"}, {"root_cause": f"Cause {n}"}
                answers = both(
                    pool,
                    lambda etag=etag, body=sent[0]: one.send("PATCH", path, body, If_Match=etag),
                    lambda etag=etag, body=sent[1]: other.send("PATCH", path, body, If_Match=etag),
                )
                assert sorted(status for status, *_ in answers) == [200, 412]
                accepted.append(sent[0] if answers[0][0] == 200 else sent[1])
        return accepted

    taken = race(rounds)

    for case, accepted in zip(cases, taken, strict=True):
        case.refresh_from_db()
        changes = case.events.filter(version__gt=1).order_by("version").values("version", "context", "root_cause")
        lasting = {"context": "", "root_cause": ""} | {name: text for each in accepted for name, text in each.items()}
        assert case.version == 1 + len(accepted)
        assert [row[next(iter(each))] for row, each in zip(changes, accepted, strict=True)] == [
            next(iter(each.values())) for each in accepted
        ]
        assert {name: getattr(case, name) for name in lasting} == lasting


def test_a_keyed_post_sent_twice_at_once_makes_one_case(race):
    person = make_person(role=Role.REPORTER)

    def rounds(one, other, lane):
        replayed = Counter()
        with ThreadPoolExecutor(2) as pool:
            for n in range(RACES // SIDE_BY_SIDE):
                body, key = {"title": f"Race {lane} of number {n}"}, f"race-{lane}-{n}"
                send = [
                    lambda caller=caller, body=body, key=key: caller.send_until_answered(
                        "POST", "cases/", body, Idempotency_Key=key
                    )
                    for caller in (one, other)
                ]
                answers = both(pool, *send)
                assert [status for status, *_ in answers] == [201, 201]
                assert answers[0][2] == answers[1][2]
                replayed.update(told.get("Idempotency-Replayed") for _, told, _ in answers)
        return replayed

    found = sum(race(rounds, person), Counter())

    assert found == {None: RACES, "true": RACES}
    assert Case.objects.count() == KeptAnswer.objects.count() == RACES
    assert len(set(Case.objects.values_list("title", flat=True))) == RACES


def test_a_label_that_is_changed_and_taken_back_at_once_is_one_of_the_two(race):
    person = make_person(role=Role.ANALYST)
    nodes = [make_node(f"lane-{lane}") for lane in range(SIDE_BY_SIDE)]
    case = make_case(status=Status.ANALYSIS)

    def rounds(one, other, lane):
        path, won = f"cases/{case.reference}/labels/colours:{nodes[lane].slug}/", Counter()
        with ThreadPoolExecutor(2) as pool:
            for n in range(DELETIONS):
                status, told, _ = one.send("GET", path)
                if status == 404:
                    _, told, _ = one.send("PUT", path, {"confidence": 1})
                etag, body = told["ETag"], {"confidence": n}
                changed, taken_back = both(
                    pool,
                    lambda etag=etag, body=body: one.send("PUT", path, body, If_Match=etag),
                    lambda etag=etag: other.send("DELETE", path, If_Match=etag),
                )
                there = one.send("GET", path)
                assert (changed[0], taken_back[0]) in {(200, 412), (412, 204), (404, 204)}
                assert there[0] == (200 if changed[0] == 200 else 404)
                won["changed" if changed[0] == 200 else "taken back"] += 1
        return won

    found = sum(race(rounds, person), Counter())

    assert found.total() == DELETIONS * SIDE_BY_SIDE


def test_two_hundred_labels_of_eight_clients_are_all_there(program):
    scheme = make_scheme("shades")
    nodes = [make_node(f"shade-{n}", scheme=scheme) for n in range(25)]
    case = make_case(status=Status.ANALYSIS)
    programs = [program(make_person(role=Role.ANALYST)) for _ in range(CLIENTS)]

    def label_all(caller):
        paths = [f"cases/{case.reference}/labels/shades:{node.slug}/" for node in nodes]
        return [caller.send("PUT", path, {"confidence": 80})[0] for path in paths]

    answers = at_once(*(lambda caller=caller: label_all(caller) for caller in programs))

    assert answers == [[201] * len(nodes)] * CLIENTS
    assert Label.objects.filter(case=case).count() == len(nodes) * CLIENTS == 200


def test_a_worker_killed_in_the_midst_of_a_keyed_post_leaves_nothing_and_the_retry_makes_one_case(server, program):
    caller = program()
    body, key = {"title": "The worker dies while it writes this"}, "killed-once"

    with transaction.atomic(), connection.cursor() as cursor:
        # What keeps the answer has to wait for this, so the case is written and not committed.
        cursor.execute("LOCK TABLE api_keptanswer IN EXCLUSIVE MODE")
        with ThreadPoolExecutor(1) as pool:
            lost = pool.submit(caller.send, "POST", "cases/", body, Idempotency_Key=key)
            wait_until_somebody_waits_for_a_lock()
            server.kill_workers()
            assert lost.exception(20) is not None
    afterwards = [caller.send_until_answered("POST", "cases/", body, Idempotency_Key=key) for _ in "ab"]

    assert [status for status, *_ in afterwards] == [201, 201]
    assert [told.get("Idempotency-Replayed") for _, told, _ in afterwards] == [None, "true"]
    assert Case.objects.count() == 1


def test_workers_killed_at_any_moment_make_no_case_twice(server, program):
    caller = program()

    for n in range(KILLS):
        body, key = {"title": f"Killed after {n * 8} milliseconds"}, f"killed-{n}"
        with ThreadPoolExecutor(1) as pool:
            pool.submit(caller.send, "POST", "cases/", body, Idempotency_Key=key)
            time.sleep(n * 0.008)
            server.kill_workers()
        status, _, answer = caller.send_until_answered("POST", "cases/", body, Idempotency_Key=key)
        assert (status, answer["title"]) == (201, body["title"])

    assert Case.objects.count() == KILLS
