"""What happened to one case, newest first, as one reader may know it.

Read from the tables the database's triggers write, in one query whatever the number of tables.
"""

import json
from dataclasses import dataclass

from django.db import connection

from registry import access
from registry.history.tables import ABOUT_TWO, TABLES

# Columns that follow from others, or count changes.
DERIVED = ("version", "updated_at", "created_at", "reported_at", "closed_at", "merged_into_id", "id")
BOOKKEEPING = ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_context_id", *DERIVED)

CASE_CHANGES = """
SELECT 'case' AS thing, e.pgh_label, e.pgh_created_at, e.pgh_context_id, e.pgh_id, '' AS subject,
       coalesce((
           SELECT jsonb_object_agg(f.key, jsonb_build_array(e.before -> f.key, f.value))
           FROM jsonb_each(e.now) f WHERE e.before IS NOT NULL AND e.before -> f.key IS DISTINCT FROM f.value
       ), '{}') AS changes,
       e.held_by, false AS judged, NULL::int AS rater, true AS known
FROM (
    SELECT c.pgh_label, c.pgh_created_at, c.pgh_context_id, c.pgh_id, n.now,
           lag(n.now) OVER (ORDER BY c.pgh_id) AS before, lag(c.pgh_id) OVER (ORDER BY c.pgh_id) AS held_by
    FROM registry_caseevent c, LATERAL (SELECT to_jsonb(c) - %(bookkeeping)s::text[] AS now) n
    WHERE c.pgh_obj_id = %(case)s
) e
"""
OTHERS = """
SELECT case_id + other_id - %(case)s FROM registry_caselinkevent WHERE %(case)s IN (case_id, other_id)
UNION SELECT kept_id + merged_id - %(case)s FROM registry_casemergeevent WHERE %(case)s IN (kept_id, merged_id)
"""
# What a transaction did is one thing. Should two have the same time, the one that changed the case last comes last.
MARKED = """
SELECT h.*, max(CASE h.thing WHEN 'case' THEN '~' ELSE h.thing END || to_char(h.pgh_id, ':0000000000000000000'))
    OVER (PARTITION BY h.pgh_created_at, h.pgh_context_id) COLLATE "C" AS mark
FROM ({parts}) h
WHERE (h.known OR h.rater = %(reader)s) AND (NOT %(blind)s OR NOT h.judged OR h.rater = %(reader)s)
"""
PLACED = """
SELECT m.*, dense_rank() OVER (ORDER BY m.pgh_created_at {way}, m.mark {way}) AS place FROM ({marked}) m
WHERE %(at)s::timestamptz IS NULL OR (m.pgh_created_at, m.mark) {beyond} (%(at)s, %(mark)s COLLATE "C")
"""
SIGNED = """
SELECT q.*, x.metadata, p.name AS person, p.username FROM ({placed}) q
LEFT JOIN pghistory_context x ON x.id = q.pgh_context_id
LEFT JOIN registry_person p ON p.id = (x.metadata ->> 'person')::int
WHERE q.place <= %(limit)s ORDER BY q.place, q.thing <> 'case', q.thing, q.pgh_id DESC
"""


@dataclass(frozen=True)
class Happening:
    """What one transaction did to a case. `rows` are the events of it that the reader may know of, as dicts.

    `signature` holds what is known of who did it: the id of the person, the action, the reason, the request id.
    """

    at: object
    mark: str
    person: str | None
    username: str | None
    signature: dict
    rows: list


def happenings(case, *, reader, blind, limit, beyond=None, backwards=False):
    """The latest `limit` Happenings, newest first; `backwards` the earliest, oldest first.

    A blind rater sees no one else's labels here either, and nobody sees those whose rater has not submitted them.
    `beyond` is (at, mark) of a Happening: only those after it in that order.
    """
    at, mark = beyond or (None, "")
    parameters = {
        "case": case.pk,
        "bookkeeping": list(BOOKKEEPING),
        "at": at,
        "mark": mark,
        "blind": blind,
        "reader": reader.pk,
        "limit": limit,
        "seen": seen_others(case, reader),
    }
    with connection.cursor() as cursor:
        cursor.execute(statement(backwards), parameters)
        names = [column.name for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return grouped(rows)


def statement(backwards):
    way, beyond = ("ASC", ">") if backwards else ("DESC", "<")
    parts = " UNION ALL ".join([CASE_CHANGES, ABOUT_TWO, *(table.sql(thing) for thing, table in TABLES.items())])
    return SIGNED.format(placed=PLACED.format(way=way, beyond=beyond, marked=MARKED.format(parts=parts)))


def grouped(rows):
    groups = {}
    for row in rows:
        row["changes"] = json.loads(row["changes"])
        row["metadata"] = json.loads(row["metadata"] or "{}")
        groups.setdefault(row["place"], []).append(row)
    return [
        Happening(
            at=group[0]["pgh_created_at"],
            mark=group[0]["mark"],
            person=group[0]["person"],
            username=group[0]["username"],
            signature=group[0]["metadata"],
            rows=sorted(group, key=lambda row: (row["thing"] != "case", row["thing"], row["pgh_id"])),
        )
        for group in groups.values()
    ]


def seen_others(case, reader):
    """The numbers of the cases that had to do with this one and that the reader may see, merged ones among them."""
    with connection.cursor() as cursor:
        cursor.execute(OTHERS, {"case": case.pk})
        numbers = [number for (number,) in cursor.fetchall()]
    return list(access.seen_by(reader).filter(pk__in=numbers).values_list("pk", flat=True)) if numbers else []
