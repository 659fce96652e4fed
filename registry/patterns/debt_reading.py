"""Reads from the history how cases stood while they were open, for debt.py: three statements, whatever their number.

The tables are those the triggers write. Which version of a row held at a time is decided by their order of writing:
two transactions may write one row in another order than they began, and their times are those of their beginnings.
"""

from datetime import UTC, datetime, timedelta

import numpy as np
from django.conf import settings
from django.db import connection

from registry import access
from registry.choices import TEMPLATE_FIELDS, Status
from registry.models.workflow import CAUSE_SCHEME
from registry.patterns.columns import time_column, whole_column
from registry.patterns.debt import NOBODY, History, Spans
from taxonomy.models import SeverityTier

OWING = (Status.TRIAGE, Status.ANALYSIS, Status.REVIEW)
# Where the database counts its times from.
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
# What Python's `strip` takes for a blank; the checklist asks it whether a field is written.
BLANKS = "".join(chr(number) for number in range(0x3001) if chr(number).isspace())

UNTIL = """
min({table}.pgh_created_at) OVER (
    PARTITION BY {table}.pgh_obj_id ORDER BY {table}.pgh_id ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
)
"""
# Most fields are empty or begin with a letter; the rest of a long one, which lies compressed elsewhere, is read last.
BLANK = "({0} = '' OR (strpos(%(blanks)s, left({0}, 1)) > 0 AND btrim({0}, %(blanks)s) = ''))::int"
MISSING = " + ".join(
    [BLANK.format(name) for name in TEMPLATE_FIELDS]
    + ["(realised_severity_id IS NULL)::int", "(potential_severity_id IS NULL)::int", "(predictability = '')::int"]
)
# Counted before they are put in order: a version of a case is long, what is asked of it is short.
OPEN = f"""
WITH states AS MATERIALIZED (
    SELECT pgh_obj_id, pgh_id, pgh_created_at, status, reported_at, owner_id, potential_severity_id,
           CASE WHEN status = ANY(%(owing)s) THEN {MISSING} END AS missing
    FROM registry_caseevent WHERE pgh_obj_id IN ({{cases}}) OR pgh_obj_id = ANY(%(merged)s)
), spans AS (
    SELECT *, pgh_created_at AS since, {UNTIL.format(table="states")} AS until FROM states
)
SELECT pgh_obj_id AS case_id, since, coalesce(until, 'infinity') AS until, reported_at, missing,
       coalesce(potential_severity_id, -1) AS rank, coalesce(owner_id, {NOBODY}) AS owner
FROM spans
WHERE status = ANY(%(owing)s) AND reported_at IS NOT NULL AND (until IS NULL OR until > since)
"""  # noqa: S608
# A row may have moved to another case by a merge, so its versions are followed wherever they stood. What belongs to
# other cases does no harm: it is looked up by cases that are asked about.
BESIDE = f"""
WITH rows AS (
    SELECT e.*, e.pgh_created_at AS since, {UNTIL.format(table="e")} AS written_until FROM {{table}} e WHERE {{belongs}}
), spans AS (SELECT *, {{until}} AS until FROM rows WHERE pgh_label <> 'delete' AND {{holds}})
SELECT case_id, since, coalesce(until, 'infinity') AS until FROM spans WHERE until IS NULL OR until > since
"""  # noqa: S608
BELONGS = "e.pgh_obj_id IN (SELECT pgh_obj_id FROM {table} WHERE case_id IN ({cases}))"
CAUSES = "SELECT n.id FROM taxonomy_node n JOIN taxonomy_scheme s ON s.id = n.scheme_id WHERE s.slug = %(causes)s"
IN_FORCE_UNTIL = "least(written_until, expires_on::timestamp AT TIME ZONE %(zone)s)"

NOTHING = np.array([], dtype=np.int64)


def moment(at):
    """A time as debt.py counts it."""
    return (at - EPOCH) // timedelta(microseconds=1)


def weights():
    """{rank: weight} of the severity tiers as they are today."""
    return {rank: float(weight) for rank, weight in SeverityTier.objects.values_list("rank", "debt_weight")}


def history_of(person, *, cases=None):
    """The History of `cases`, a query of cases `person` may see; of all they may see unless some are given.

    What was merged into one of all owed on its own before. It is counted where `person` could see it, too.
    """
    merged = None
    if cases is None:
        cases = access.visible_to(person)
        merged = merged_into(person, cases)
    ask = Asked(*cases.order_by().values("pk").query.sql_with_params(), merged=merged)
    weighing, not_set = weights(), settings.DEBT_WEIGHT_NOT_SET
    numbers, times = ("case_id", "rank", "missing", "owner"), ("since", "until", "reported_at")
    (number, rank, missing, owner), (since, until, reported) = ask.columns(OPEN, numbers, times)
    return History(
        open=Spans(number, since, until),
        reported=reported,
        weight=np.array([weighing.get(key, not_set) for key in rank.tolist()], dtype=np.float64),
        missing=missing,
        owner=owner,
        labelled=ask.beside("registry_classificationevent", until="written_until", holds=f"node_id IN ({CAUSES})"),
        accepted=ask.beside("registry_debtacceptanceevent", until=IN_FORCE_UNTIL, holds="ended_at IS NULL"),
    )


def merged_into(person, visible):
    """The numbers of the merged cases that `person` could see and that lead to one of `visible`."""
    leads = dict(access.seen_by(person).exclude(merged_into=None).values_list("pk", "merged_into"))
    ends = {number: end_of(number, leads) for number in leads}
    shown = set(visible.filter(pk__in=set(ends.values())).values_list("pk", flat=True)) if ends else set()
    return [number for number, end in ends.items() if end in shown]


def end_of(number, leads):
    followed = set()
    while number in leads and number not in followed:
        followed.add(number)
        number = leads[number]
    return number


class Asked:
    """Statements about the same cases: a query for their numbers, and the merged ones beside them.

    `merged` is None where the query asks for a few cases, not for all that somebody may see.
    """

    def __init__(self, sql, values, *, merged):
        # The query's own values stand where its places are; ours have names.
        self.cases = sql % tuple(f"%(case{place})s" for place in range(len(values)))
        self.few = merged is None
        self.values = {f"case{place}": value for place, value in enumerate(values)} | {
            "merged": merged or [],
            "owing": [status.value for status in OWING],
            "blanks": BLANKS,
            "causes": CAUSE_SCHEME,
            "zone": settings.TIME_ZONE,
        }

    def columns(self, sql, numbers, times):
        """(the columns of whole numbers, those of times), read without an object for each row."""
        names = [*(f"{name}::int" for name in numbers), *times]
        sent = ", ".join(f"array_send(array_agg({name}))" for name in names)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {sent} FROM ({sql.format(cases=self.cases)}) AS found", self.values)  # noqa: S608
            found = [sent and bytes(sent) for sent in cursor.fetchone()]
        read = [*[whole_column] * len(numbers), *[time_column] * len(times)]
        columns = [
            NOTHING if sent is None else read(sent).astype(np.int64) for read, sent in zip(read, found, strict=True)
        ]
        return columns[: len(numbers)], columns[len(numbers) :]

    def beside(self, table, *, until, holds):
        belongs = BELONGS.replace("{table}", table) if self.few else "true"
        sql = BESIDE.replace("{belongs}", belongs).replace("{table}", table)
        sql = sql.replace("{until}", until).replace("{holds}", holds)
        (case,), (since, until) = self.columns(sql, ("case_id",), ("since", "until"))
        return Spans(case, since, until)
