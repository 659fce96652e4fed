"""W3: a case logged through REST, against the bare inserts with the same triggers."""

import json
import uuid

from registry import fingerprint
from registry.choices import Kind, Precision, Status, Visibility
from tests.benchmarks.database import raw_connection
from tests.benchmarks.measuring import Goal, against, interleave
from tests.benchmarks.requests import tool_of
from tests.benchmarks.synthetic import CONSTANT, LAST_DAY, NARRATIVE_CHARACTERS, at_noon, reviewer_of

GOAL = Goal(3)
SYSTEM_NAME = "system 7"
TITLE = "Agent edits the failing test instead of the code"
SIGN = "SELECT set_config('pghistory.context_id', %s, true), set_config('pghistory.context_metadata', %s, true)"
VALUES = {
    "title": TITLE,
    "kind": Kind.INCIDENT.value,
    "status": Status.TRIAGE.value,
    "visibility": Visibility.EVERYONE.value,
    "occurred_from": LAST_DAY,
    "reported_at": at_noon(LAST_DAY),
    "created_at": at_noon(LAST_DAY),
    "updated_at": at_noon(LAST_DAY),
    "node_path": [],
}
SYSTEM = """
INSERT INTO registry_casesystem (case_id, system_id, version, role)
SELECT %s, id, '2.0', 'subject' FROM registry_system WHERE lower(name) = %s
"""
JOB = """
INSERT INTO registry_job (kind, key, payload, state, attempts, not_before, progress, error, created_at)
VALUES ('recompute', '', '{}', 'pending', 0, %(at)s, 0, '', %(at)s)
ON CONFLICT (kind, key) WHERE state = 'pending' DO NOTHING
"""


def measure(registry, *, seconds):
    """The row of W3. Adds the cases it makes to the registry, so it comes last."""
    person = reviewer_of(registry)
    client = tool_of(person)
    narrative = ("It changed the assertion instead of the code. " * 20)[:NARRATIVE_CHARACTERS]
    body = {
        "title": TITLE,
        "kind": Kind.INCIDENT.value,
        "occurred_from": str(LAST_DAY),
        "occurred_precision": Precision.DAY.value,
        "stage": CONSTANT["stage"],
        "observed_behaviour": narrative,
        "systems": [{"name": SYSTEM_NAME, "version": "2.0"}],
        "submit": True,
    }
    bands = fingerprint.bands(TITLE, narrative)
    with raw_connection() as floor:
        works = {
            "product": lambda: client.post("/api/v1/cases/", body),
            "inserts": lambda: insert(floor, person, narrative, bands),
        }
        taken = interleave(works, seconds=seconds)
    return [against("W3 create with history / bare inserts", registry.n, taken["product"], taken["inserts"], GOAL)]


def insert(connection, person, narrative, bands):
    """The rows that one logged case leaves: case, system, job, and by the triggers their history with its context."""
    values = VALUES | CONSTANT | {"reporter_id": person.pk, "observed_behaviour": narrative, "text_bands": bands}
    columns, places = ", ".join(values), ", ".join(["%s"] * len(values))
    with connection.transaction():
        connection.execute(SIGN, [str(uuid.uuid4()), json.dumps({"person": person.pk, "action": "log_case"})])
        case = connection.execute(
            f"INSERT INTO registry_case ({columns}) VALUES ({places}) RETURNING id", list(values.values())
        ).fetchone()[0]
        connection.execute(SYSTEM, [case, SYSTEM_NAME])
        connection.execute(JOB, {"at": at_noon(LAST_DAY)})
