"""A small fixed world in which each operation is asked once, for the examples in the OpenAPI document.

Most requests are those of the access matrix, sent by the first who is let in. `BY_HAND` has those that the matrix only
ever sees refused: what has to be there first, and what is sent then.
"""

import json
import re
from contextlib import contextmanager
from itertools import count

import time_machine
from django.apps import apps
from django.db import connection, models, transaction

from registry.actions import cases, links
from registry.choices import TEMPLATE_FIELDS, LinkKind, Role, Status
from taxonomy.models import Node
from tests import factories
from tests.analysed import relabel, safeguard, taxonomy_change
from tests.api.matrix.rows import REASON, Row
from tests.factories import (
    NOW,
    adjudicate,
    agree,
    label,
    make_case,
    make_node,
    make_person,
    seen_by_standing_aside,
)

HOST = re.compile(r"https?://(testserver|localhost)(:\d+)?")
SECRET = re.compile(r"air_[A-Za-z0-9]{12}\.[A-Za-z0-9_-]{43}|whsec_[A-Za-z0-9+/=_-]+")
REPORT = json.dumps(
    {
        "metadata": {"report_id": "AVID-2031-R0007"},
        "problemtype": {"description": {"lang": "eng", "value": "Kettle boils over"}},
        "description": {"lang": "eng", "value": "It boiled over."},
    }
)
MOST_ROWS, LONGEST = 3, 400
ROLES = (Role.ANALYST, Role.REVIEWER, Role.ADMINISTRATOR, Role.REPORTER, Role.READER)


def restarted():
    """One statement that lets every table count on from what it holds.

    Said anew for every operation, so that a new route does not change the numbers in the others' answers.
    """
    counted = (
        "SELECT setval(pg_get_serial_sequence('{0}', '{1}'), greatest(max({1}), 1), max({1}) IS NOT NULL) FROM {0}"
    )
    numbered = [model._meta for model in apps.get_models() if isinstance(model._meta.pk, models.AutoField)]
    return " UNION ALL ".join(counted.format(each.db_table, each.pk.column) for each in numbered)


@contextmanager
def a_world():
    """Nothing but the shipped vocabularies, one time, and small numbers; undone afterwards."""
    former = factories.numbers
    factories.numbers = count(1)
    try:
        with time_machine.travel(NOW, tick=False), transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(restarted())
            yield
            transaction.set_rollback(True)
    finally:
        factories.numbers = former


def analysed(*, owner, status=Status.ANALYSIS):
    """A case that lacks nothing for its review."""
    narrative = dict.fromkeys(TEMPLATE_FIELDS[1:], "The reward was read from the tests, which the agent may change.")
    severities = {"realised_severity_id": 1, "potential_severity_id": 3}
    return agree(
        make_case(owner=owner, status=status, predictability="unknown", **severities, **narrative),
        Node.objects.get(scheme__slug="misalignment-causes", slug="gradient"),
    )


def nothing(person):
    return {}


def of_own_case(**values):
    return lambda person: {"case": make_case(reporter=person, **values).reference}


def labelled(person):
    case = make_case(owner=person, status=Status.ANALYSIS)
    label(case, Node.objects.filter(slug="red").first() or make_node("red"), by=person, confidence=90)
    return {"case": case.reference}


def rated(person):
    case = analysed(owner=person)
    label(case, Node.objects.get(scheme__slug="misalignment-causes", slug="gradient"), by=person)
    return {"case": case.reference}


def in_dispute(person):
    case, node = make_case(status=Status.ANALYSIS), make_node("red")
    for stance in ("present", "absent"):
        label(case, node, by=make_person(), stance=stance)
    seen_by_standing_aside(case, person)
    return {"case": case.reference}


def decided(person):
    case = make_case(status=Status.ANALYSIS)
    adjudicate(case, make_node("red"), by=person)
    return {"case": case.reference}


def linked(person):
    case, other = make_case(reporter=person), make_case()
    links.answer(case=case, other=other, kind=LinkKind.RELATED, by=person, at=NOW)
    return {"case": case.reference, "other": other.reference}


def safeguarded(person):
    case = make_case(reporter=person)
    node = Node.objects.get(scheme__slug="technique", slug="rlhf")
    return {"case": safeguard(case=case, technique=node).case.reference}


def two_alike(person):
    kept, _ = make_case(owner=person), make_case()
    return {"case": kept.reference}


def edited(person):
    """A case whose cause was overwritten; the event to go back to is the first that there is."""
    case = make_case(reporter=person, root_cause="The reward was read from the tests.")
    cases.edit_case(case=case, by=person, at=NOW, version=case.version, root_cause="Unknown.")
    return {"case": case.reference}


def waiting(person):
    node = make_node("red")
    case = make_case(status=Status.ANALYSIS, nodes=[node])
    label(case, node, by=person)
    return {"relabel": relabel(change=taxonomy_change(kind="retire", node=node), case=case).pk}


# Operation → (role, what is there first and the names it gives to places in the address, the request).
BY_HAND = {
    "submit_case": (
        Role.REPORTER,
        of_own_case(status=Status.DRAFT, reported_at=None),
        Row("", "POST", "cases/{case}/submit/"),
    ),
    "request_review": (Role.ANALYST, rated, Row("", "POST", "cases/{case}/request-review/")),
    "approve_case": (
        Role.REVIEWER,
        lambda person: {"case": analysed(owner=make_person(), status=Status.REVIEW).reference},
        Row("", "POST", "cases/{case}/approve/"),
    ),
    "return_to_analysis": (
        Role.REVIEWER,
        lambda person: {"case": analysed(owner=make_person(), status=Status.REVIEW).reference},
        Row("", "POST", "cases/{case}/return/", REASON),
    ),
    "reopen_case": (
        Role.ANALYST,
        of_own_case(status=Status.CLOSED),
        Row("", "POST", "cases/{case}/reopen/", REASON),
    ),
    "read_label": (Role.ANALYST, labelled, Row("", "GET", "cases/{case}/labels/colours:red/")),
    "propose_mitigation": (
        Role.ANALYST,
        lambda person: {"case": make_case().reference},
        Row("", "POST", "mitigations/", '{"title": "Grade with a second model", "cases": ["AIR-1"]}'),
    ),
    "record_exposure": (
        Role.ANALYST,
        lambda person: {"case": make_case().reference},
        Row(
            "",
            "POST",
            "exposures/",
            '{"system": "code-agent", "month": "2026-10", "unit": "conversations", "amount": 12000,'
            ' "source": "The usage report of October."}',
        ),
    ),
    "adjudicate_labels": (
        Role.REVIEWER,
        in_dispute,
        Row(
            "",
            "POST",
            "cases/{case}/adjudications/",
            '{"decisions": [{"node": "colours:red", "applies": true, "reason": "The log shows it."}]}',
            match=None,
        ),
    ),
    "read_adjudication": (Role.REVIEWER, decided, Row("", "GET", "cases/{case}/adjudications/colours:red/")),
    "withdraw_adjudication": (
        Role.REVIEWER,
        decided,
        Row("", "POST", "cases/{case}/adjudications/colours:red/withdraw/", REASON, match=None),
    ),
    "read_link": (Role.ANALYST, linked, Row("", "GET", "cases/{case}/links/{other}/")),
    "read_safeguard": (Role.ANALYST, safeguarded, Row("", "GET", "cases/{case}/safeguards/technique:rlhf/")),
    "read_debt": (
        Role.ANALYST,
        lambda person: {"case": analysed(owner=person).reference},
        Row("", "GET", "debt/"),
    ),
    "download_scheme": (Role.READER, nothing, Row("", "GET", "schemes/goodhart/files/misp.json/")),
    "import_cases": (Role.ADMINISTRATOR, nothing, Row("", "POST", "imports/?source=avid", REPORT)),
    "make_token": (
        Role.ANALYST,
        nothing,
        Row("", "POST", "tokens/", '{"name": "nightly evaluation", "scopes": ["cases:read"], "days": 30}'),
    ),
    "make_webhook": (
        Role.ANALYST,
        nothing,
        Row("", "POST", "webhooks/", '{"name": "Tickets", "target": "https://hooks.example.org/registry"}'),
    ),
    "merge_cases": (
        Role.ANALYST,
        two_alike,
        Row("", "POST", "cases/{case}/merges/", '{"merged": "AIR-2", "reason": "The same run."}'),
    ),
    "none_applies": (
        Role.ANALYST,
        waiting,
        Row("", "POST", "relabels/{relabel}/none-applies/", '{"reason": "The log shows a crash."}'),
    ),
    "release_case": (
        Role.ANALYST,
        lambda person: {"case": make_case(owner=person).reference},
        Row("", "POST", "cases/{case}/release/"),
    ),
    "restore_field": (
        Role.ANALYST,
        edited,
        Row(
            "",
            "POST",
            "cases/{case}/restore/",
            '{"event": 1, "field": "root_cause", "reason": "Overwritten by mistake."}',
        ),
    ),
}
# What only a person does, signed in with a browser.
BY_SESSION = {"make_token"}


def plain(answer):
    """An answer as it stands in the document: under the registry's own address, without secrets, and short."""
    if isinstance(answer, dict):
        return {name: plain(value) for name, value in answer.items()}
    if isinstance(answer, list):
        return [plain(value) for value in answer[:MOST_ROWS]]
    if isinstance(answer, str):
        text = SECRET.sub(hidden, HOST.sub("https://registry.example.org", answer))
        return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
    return answer


def hidden(secret):
    return f"{secret[0].partition('_')[0]}_…"
