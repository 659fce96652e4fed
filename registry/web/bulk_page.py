"""What the pages of a bulk change show: which cases were chosen, what will happen to them, how each of them went."""

from dataclasses import dataclass

from django.db.models import Count
from django.http import QueryDict

from registry import access
from registry.actions import bulk
from registry.actions.bulk_changes import STEPS, has_way_back
from registry.choices import BulkAction, BulkOutcome, JobKind, JobState
from registry.exchange import exporting
from registry.models import BulkChange, EventGroup, Job, Person
from registry.paging import page_of
from registry.web import selection
from registry.web.numbers import whole
from taxonomy.models import Node

FIRST_TITLES = 10
ROWS_PER_PAGE = 100
LATEST_CHANGES = 30
LONGEST_QUERY = 8_000
LIST = "/cases/"


@dataclass
class ChosenCases:
    """The cases ticked in a list, or all that fit its filters: their primary keys in the list's order."""

    numbers: list
    query: str
    every: bool
    expected: int | None
    back: str

    @property
    def n(self):
        return len(self.numbers)

    @property
    def differs(self):
        return self.expected is not None and self.expected != self.n

    @property
    def hidden(self):
        """The form fields that carry the choice to the next page."""
        fields = [("query", self.query), ("back", self.back), ("expected_count", self.n)]
        return [*fields, ("all", "1")] if self.every else [*fields, *(("case", number) for number in self.numbers)]


def chosen_cases(person, data):
    """The ChosenCases in a posted form. What the person may not see is not among them, as if it were not there."""
    every = bool(data.get("all"))
    query = kept_query(person, data.get("query", ""))
    ticked = dict.fromkeys(number for text in data.getlist("case") if (number := whole(text)))
    ticked = list(ticked)[: bulk.MOST_AT_ONCE + 1]
    if every:
        numbers = exporting.numbers_for(person, query=query).tolist()
    else:
        seen = set(access.visible_to(person).filter(pk__in=ticked).values_list("pk", flat=True))
        numbers = [number for number in ticked if number in seen]
    asked = whole(data.get("expected_count"))
    # From the list the count is that of all that fit; what was ticked there counts itself.
    if not every and not data.get("confirmed"):
        asked = len(ticked)
    return ChosenCases(numbers, query, every, asked, safe_back(data.get("back", "")))


def kept_query(person, query):
    """The filters and the order of an address as they are kept, without what is wrong in them."""
    return selection.read(QueryDict(query[:LONGEST_QUERY]), person=person).kept


def safe_back(address):
    """The list's own address, so that nobody is sent elsewhere by a forged one."""
    return address if address == LIST or address.startswith(f"{LIST}?") else LIST


def preview(person, chosen):
    """The first titles among the chosen, in their order, and how many more there are."""
    cases = access.visible_to(person).only("pk", "title").in_bulk(chosen.numbers[:FIRST_TITLES])
    first = [cases[number] for number in chosen.numbers[:FIRST_TITLES] if number in cases]
    return {"first": first, "more": chosen.n - len(first)}


HEADINGS = {
    BulkAction.ASSIGN: ("Assign", "Each gets the owner you choose. An owner who is the same stays."),
    BulkAction.LABEL: (
        "Label",
        "The label is recorded as your own on each, as if you had labelled them one by one; "
        "what you said of it before is replaced.",
    ),
    BulkAction.STATUS: (
        "Change the status of",
        "Each takes the step by itself, under the same rules as alone; one that lacks something stays where it is.",
    ),
    BulkAction.EVENT_GROUP: ("Group", "They are marked as reports of one event. A case is in one event group only."),
}
CAN_UNDO = "You can undo it afterwards for all that nobody has changed again."
BUTTONS = {
    BulkAction.ASSIGN: "Assign",
    BulkAction.LABEL: "Label",
    BulkAction.STATUS: "Change",
    BulkAction.EVENT_GROUP: "Group",
}


def cases_words(n):
    return f"{n:,} {'case' if n == 1 else 'cases'}"


def latest_changes(person):
    """One's own latest changes, each with what was done and to how many."""
    changes = list(
        BulkChange.objects.filter(asked_by=person).annotate(n=Count("rows")).order_by("-pk")[:LATEST_CHANGES]
    )
    named = {name: ids_in(changes, name) for name in NAMED}
    rows = {name: model.objects.in_bulk(named[name]) for name, model in NAMED.items()}
    return [{"change": change, "n": change.n, "words": words_of(change, rows)} for change in changes]


NAMED = {"owner": Person, "node": Node, "event_group": EventGroup}


def ids_in(changes, name):
    return {change.arguments[name] for change in changes if change.arguments.get(name)}


def done_words(change):
    """What was done, as the heading of its page says it."""
    rows = {name: model.objects.in_bulk(ids_in([change], name)) for name, model in NAMED.items()}
    return words_of(change, rows)


def words_of(change, rows):
    """The same, given the rows that its ids stand for."""
    given = change.arguments
    if change.action == BulkAction.STATUS:
        return STEPS[given["step"]].words
    if change.action == BulkAction.ASSIGN:
        return f"Assigned to {rows['owner'][given['owner']]}"
    if change.action == BulkAction.LABEL:
        return f"Labelled “{rows['node'][given['node']].name}”"
    return f"Added to the event “{rows['event_group'][given['event_group']].name}”"


OUTCOME_WORDS = {
    BulkOutcome.WAITING: ("Waiting", "", "clock"),
    BulkOutcome.DONE: ("Done", "ok", "check"),
    BulkOutcome.UNCHANGED: ("Unchanged", "", "dash"),
    BulkOutcome.REFUSED: ("Refused", "bad", "cross"),
    BulkOutcome.UNDONE: ("Undone", "", "return"),
    BulkOutcome.KEPT: ("Kept", "warn", "warning"),
}


def progress(change):
    """How far the change is, or its undoing: the counts, whether anybody is at work on it, what can follow."""
    counts = bulk.outcomes(change)
    total = sum(counts.values())
    undoing = change.undone_at is not None and has_way_back(change) and counts[BulkOutcome.DONE] > 0
    left = counts[BulkOutcome.DONE] if undoing else counts[BulkOutcome.WAITING]
    jobs = Job.objects.filter(kind=JobKind.BULK, key__in=(str(change.pk), f"{change.pk}:undo"))
    working = bool(left) and jobs.filter(state__in=(JobState.PENDING, JobState.RUNNING)).exists()
    whole = counts[BulkOutcome.DONE] + counts[BulkOutcome.UNDONE] + counts[BulkOutcome.KEPT] if undoing else total
    return {
        "change": change,
        "counts": [(OUTCOME_WORDS[name], name, n) for name, n in counts.items() if n],
        "total": total,
        "undoing": undoing,
        "left": left,
        "done": whole - left,
        "whole": whole,
        "percent": 100 * (whole - left) // whole if whole else 100,
        "working": working,
        "stuck": bool(left) and not working,
        "can_undo": bool(change.finished_at and not change.undone_at and counts[BulkOutcome.DONE])
        and has_way_back(change),
        "no_way_back": no_way_back(change) if counts[BulkOutcome.DONE] else "",
    }


def no_way_back(change):
    return "" if change.action != BulkAction.STATUS else STEPS[change.arguments["step"]].no_way_back


def rows_of(change, person, *, outcome="", cursor=None):
    """One page of the change's rows with their cases, as far as `person` may still see them. Raises BadCursor."""
    rows = change.rows.filter(outcome=outcome) if outcome in BulkOutcome.values else change.rows.all()
    page = page_of(rows, ordering="pk", fields=("pk",), limit=ROWS_PER_PAGE, cursor=cursor)
    seen = access.visible_to(person).only("pk", "title", "status").in_bulk([row.case_id for row in page.rows])
    for row in page.rows:
        row.seen, row.words = seen.get(row.case_id), OUTCOME_WORDS[row.outcome]
    return page
