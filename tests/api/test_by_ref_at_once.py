"""Two systems, or one of them twice, bring the same number at the same moment; lists that meet crosswise."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from registry.models import Case, ExternalId
from tests.api.conftest import Tool
from tests.factories import make_cases, make_person

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*works):
    """What each work returns; all begin together, each on a connection of its own."""
    begin = Barrier(len(works))

    def run(work):
        begin.wait(timeout=20)
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def test_one_number_makes_one_case_whoever_brings_it():
    tools = [Tool(make_person()) for _ in range(6)]

    for number in range(5):
        answers = at_once(
            *(
                lambda tool=tool, n=number: tool.send("PUT", f"cases/by-ref/tickets/{n}/", {"title": "Boat circles"})
                for tool in tools
            )
        )
        # Whose author is somebody else is a draft that the others do not see, and each makes their own.
        assert {answer.status_code for answer in answers} == {201}

    assert ExternalId.objects.count() == 30


def test_one_client_twice_at_once_makes_one_case():
    tool = Tool(make_person())
    body = {
        "title": "Boat circles the lagoon",
        "kind": "incident",
        "systems": [{"name": "code-agent"}],
        "observed_behaviour": "It circles.",
        "occurred_from": "2026-11-12",
        "occurred_precision": "day",
        "submit": True,
    }

    for number in range(5):
        answers = at_once(*[lambda n=number: tool.send("PUT", f"cases/by-ref/tickets/{n}/", body)] * 4)
        assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 201], answers[0].content

    assert Case.objects.count() == ExternalId.objects.count() == 5
    assert set(Case.objects.values_list("version", flat=True)) == {1}


@pytest.mark.parametrize("atomic", ["true", "false"])
def test_lists_that_meet_crosswise_wait_for_each_other_and_lose_nothing(atomic):
    cases = make_cases(12)
    tools = [Tool(make_person()) for _ in range(4)]

    def change(tool, rows, names):
        systems = [{"name": name} for name in names]
        wanted = [{"reference": case.reference, "version": 1, "systems": systems} for case in rows]
        return tool.send("PATCH", f"cases/bulk/?atomic={atomic}", {"cases": wanted})

    orders = [cases, cases[::-1], cases[6:] + cases[:6], cases]
    names = [["new a", "new b"], ["new b", "new a"], ["new a", "new b"], ["new b", "new a"]]
    answers = at_once(
        *(lambda i=i: change(tools[i], orders[i], names[i]) for i in range(4)),
    )

    assert {answer.status_code for answer in answers} <= {200, 409}
    statuses = [row["status"] for answer in answers for row in answer.json()["rows"]]
    assert 409 not in statuses  # nobody was told “busy”
    assert statuses.count(200) == 12
    assert set(Case.objects.values_list("version", flat=True)) == {2}
