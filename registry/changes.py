"""The change feed: what changed, in one order for everybody, as far as each person may know of it.

Rows are written in the transaction of the change, whose number is taken before the commit; a reader that paged by it
would skip what commits late. So committed rows get their position from whoever reads next, one reader at a time: what
commits later always comes later.
"""

from dataclasses import dataclass

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import connection, transaction
from django.db.models import Exists, Max, OuterRef, Q
from django.utils.crypto import salted_hmac
from pghistory.models import Context

from registry import access
from registry.blind import is_open_to
from registry.choices import ChangeAction, ChangeOf
from registry.models import Change, MitigationCase, Person
from registry.paging import BadCursor
from taxonomy.models import Node, Scheme

LOCK = 20_251_114  # any number that no other advisory lock of ours has
# A reader that finds more waiting gives positions to these and leaves the rest to the next: nobody waits long.
MOST_PLACED = 5_000
ORDER = "registry.changes"
TURNS, HALF = 4, 2**32 - 1
# Rows are looked at in blocks, each larger than the one before: most readers see most rows, a few see none of 100,000.
FIRST_BLOCK, LARGEST_BLOCK = 500, 50_000
OF_NO_CASE = (ChangeOf.NODE, ChangeOf.SCHEME)

PLACE = """
UPDATE registry_change SET position = placed.position FROM (
    SELECT id, (SELECT coalesce(max(position), 0) FROM registry_change) + row_number() OVER (ORDER BY id) AS position
    FROM (SELECT id FROM registry_change WHERE position IS NULL ORDER BY id LIMIT %s) waiting
) placed WHERE registry_change.id = placed.id
"""


@dataclass(frozen=True)
class Told:
    """One row as its reader may know it: `action` is what happened for them, `by` a user name.

    Of a case that is gone they are told nothing but that, and of a merged one where it went if they see that.
    """

    row: Change
    action: str
    node: object = None
    scheme: str | None = None
    into: int | None = None
    by: str | None = None
    request_id: str | None = None


@dataclass(frozen=True)
class Page:
    """Some rows in order. `position` is that of the last, or the one asked from; `more` says whether more follow.

    `until` is how far was looked, past rows that are not for its reader; nobody else is to learn of it.
    """

    rows: list
    position: int
    more: bool
    until: int = 0


def place():
    """Give committed changes that have none the next positions, in the order they were made.

    Call it outside of transactions, or late in a short one: the lock lasts until the end. Two changes of one row never
    come in the wrong order: the second waited for the first to commit before its number was taken.
    """
    if not Change.objects.filter(position=None).exists():
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        # A statement of its own: what it sees begins after the lock was given.
        cursor.execute(PLACE, [MOST_PLACED])


def position_in(cursor):
    """The position a cursor names; BadCursor if it is none of ours."""
    try:
        return unmixed(int(signer().unsign(cursor), 16))
    except (BadSignature, ValueError):
        raise BadCursor("This cursor is not one of ours; start from the beginning.") from None


def cursor_of(position):
    """The same text for a position whenever it is asked for, which does not tell how many changes lie before it."""
    return signer().sign(f"{mixed(position):016x}")


def signer():
    return Signer(salt=ORDER, sep=".")


def mixed(position):
    """Another number for each, by Luby and Rackoff 1988: who sees few changes is not to count those they do not see."""
    left, right = position >> 32, position & HALF
    for turn in range(TURNS):
        left, right = right, left ^ keyed(turn, right)
    return left << 32 | right


def unmixed(number):
    left, right = number >> 32, number & HALF
    for turn in reversed(range(TURNS)):
        left, right = right ^ keyed(turn, left), left
    return left << 32 | right


def keyed(turn, half):
    return int.from_bytes(salted_hmac(f"{ORDER}{turn}", str(half), algorithm="sha256").digest()[:4])


def last_seen_by(person):
    """The position of the latest change that `person` may know of; 0 if there is none.

    Not that of the latest of all: it would move when something hidden changes.
    """
    end = latest_position()
    for size in blocks():
        if end <= 0:
            return 0
        if found := known_to(person, end - size, end).aggregate(latest=Max("position"))["latest"]:
            return found
        end -= size
    return 0


def page_for(person, *, since, limit, what=(), case=None, until=None):
    """The changes after position `since` that `person` may know of now, at most `limit` of them."""
    rows, start, latest = [], since, latest_position() if until is None else until
    for size in blocks():
        if start >= latest or len(rows) > limit:
            break
        end = min(start + size, latest)
        found = narrowed(known_to(person, start, end), what, case).order_by("position")
        rows += found[: limit + 1 - len(rows)]
        start = end
    told, more = rows[:limit], len(rows) > limit
    position = told[-1].position if told else since
    return Page(as_told(told, person), position, more, until=position if more else max(latest, since))


def latest_position():
    return Change.objects.aggregate(latest=Max("position"))["latest"] or 0


def blocks():
    size = FIRST_BLOCK
    while True:
        yield size
        size = min(size * 10, LARGEST_BLOCK)


def narrowed(found, what, case):
    found = found.filter(what__in=what) if what else found
    return found.filter(Q(case_number=case) | Q(other_number=case, what=ChangeOf.LINK)) if case else found


def known_to(person, after, until):
    """The changes at positions `after` < p <= `until` that `person` may know of, each with whether they see its case.

    Whether they do is asked of the cases in the block, once for all its rows: it costs the same however many cases
    there are, and a hundred thousand rows of a hidden case cost one look.
    """
    block = Change.objects.filter(position__gt=after, position__lte=until)
    if not person.is_active:
        return block.none()
    here = access.visible_to(person).filter(pk=OuterRef("case_number"))
    concerned = block.filter(Q(only_for=None) | Q(only_for=person.pk))
    return concerned.filter(may_know(person, block)).annotate(seen=Exists(here))


def may_know(person, block):
    seen = access.visible_to(person)
    here, there = (seen.filter(pk__in=block.values(number)) for number in ("case_number", "other_number"))
    answering = MitigationCase.objects.filter(mitigation=OuterRef("thing"), case__in=seen)
    could_see = Q(was_open=True, at__gte=person.created_at) | Q(was_for__contains=[person.pk])
    told_of_it = Q(judged=False) | Q(rater_number=person.pk) | Q(case_number__in=here.filter(is_open_to(person)))
    return (
        Q(what__in=OF_NO_CASE)
        | Q(case_number__in=here) & told_of_it & (~Q(what=ChangeOf.LINK) | Q(other_number__in=there))
        | Q(Exists(answering), what=ChangeOf.MITIGATION, case_number=None)
        | Q(could_see, what=ChangeOf.CASE)
    )


def as_told(rows, person):
    """`rows` with what `person` may know of each: who did it, which node it is about, where a merged case went."""
    contexts = dict(Context.objects.filter(pk__in={row.context for row in rows}).values_list("pk", "metadata"))
    people = {metadata.get("person") for metadata in contexts.values()} - {None}
    names = dict(Person.objects.filter(pk__in=people).values_list("pk", "username"))
    nodes = Node.objects.select_related("scheme").in_bulk({row.node_number for row in rows} - {None})
    schemes = {row.thing for row in rows if row.what == ChangeOf.SCHEME}
    slugs = dict(Scheme.objects.filter(pk__in=schemes).values_list("pk", "slug"))
    into = {row.other_number for row in rows if is_gone(row)} - {None}
    seen = set(access.visible_to(person).filter(pk__in=into).values_list("pk", flat=True)) if into else set()

    def told(row):
        if is_gone(row):
            return Told(row, ChangeAction.GONE, into=row.other_number if row.other_number in seen else None)
        metadata = contexts.get(row.context, {})
        by, request_id = names.get(metadata.get("person")), metadata.get("request_id")
        scheme = slugs.get(row.thing) if row.what == ChangeOf.SCHEME else None
        return Told(row, row.action, node=nodes.get(row.node_number), scheme=scheme, by=by, request_id=request_id)

    return [told(row) for row in rows]


def is_gone(row):
    return row.what == ChangeOf.CASE and not row.seen


def facts_of(told):
    """What a change tells, whoever carries it: the feed or a webhook. References, never texts."""
    row, gone, link = told.row, told.action == ChangeAction.GONE, told.row.what == ChangeOf.LINK
    case, node = row.case_number and reference_of(row.case_number), told.node and told.node.key
    return {
        "at": row.at,
        "what": row.what,
        "action": told.action,
        "id": row.thing,
        "reference": {ChangeOf.CASE: case, ChangeOf.NODE: node, ChangeOf.SCHEME: told.scheme}.get(row.what),
        "case": case,
        "other": reference_of(row.other_number) if link else None,
        "node": node,
        "merged_into": told.into and reference_of(told.into),
        "version": None if gone else row.version,
        "fields": [] if gone else row.fields,
        "by": told.by,
        "request_id": told.request_id,
    }


def reference_of(number):
    return f"{settings.CASE_PREFIX}-{number}"
