"""What the debt ledger shows, and what a case owes on its own page."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from registry import owed
from registry.models import Person
from registry.owed import EARLIEST, NONE
from registry.patterns import debt
from registry.patterns.debt_reading import history_of, moment
from registry.web.debt_picture import burn_up_picture
from registry.web.numbers import page_asked, whole
from taxonomy.models import SeverityTier

PER_PAGE = 50


@dataclass(frozen=True)
class When:
    """The time a ledger speaks of: now, or the end of an earlier day. `problem` says what was wrong with the day."""

    at: datetime
    is_now: bool
    problem: str = ""

    @property
    def day(self):
        return timezone.localdate(self.at)

    @property
    def query(self):
        return {} if self.is_now else {"on": self.day.isoformat()}


def when(text, *, now):
    """The When of a day in an address, `2026-11-02`; now where there is none."""
    text = text.strip()
    if not text:
        return When(now, True)
    try:
        day = datetime.strptime(text[:20], "%Y-%m-%d").date()
    except ValueError:
        return When(now, True, "Write the day as year, month, day, like 2026-11-02. This is the ledger of today.")
    if day.year < EARLIEST:
        return When(now, True, "The history does not go back that far. This is the ledger of today.")
    if day > timezone.localdate(now):
        return When(now, True, "That day is still to come. This is the ledger of today.")
    if day == timezone.localdate(now):
        return When(now, True)
    return When(owed.end_of(day), False)


def ledger(person, query, *, now):
    """The whole page. The number of queries does not grow with the cases."""
    found = when(query.get("on", ""), now=now)
    read = owed.ledger_at(person, at=found.at)
    return {
        "when": found,
        "today": timezone.localdate(now),
        "standing": read.standing,
        "total": read.standing.total(),
        "carried_total": read.standing.carried(),
        "n_owing": read.standing.count(),
        "n_accepted": len(read.accepted),
        "n_one_step": read.n_one_step,
        "before": read.before,
        "picture": burn_up_picture(read.points),
        "oldest": read.oldest,
        "cheapest": read.cheapest,
        "owners": by_owner(read.owners, found),
        "branches": by_branch(read, found),
        "acceptances": owed.acceptances(read.standing, read.accepted, at=found.at),
        "all_url": cases_url(found),
        "accepted_url": cases_url(found, accepted="1"),
        "weights": list(SeverityTier.objects.order_by("-rank")),
        "not_set": settings.DEBT_WEIGHT_NOT_SET,
    }


def cases_url(found, **narrowed):
    """The address of the cases behind a number."""
    query = urlencode(found.query | narrowed)
    return reverse("debt-cases") + (f"?{query}" if query else "")


def by_owner(rows, found):
    names = dict(Person.objects.filter(pk__in=[key for key, _, _ in rows]).values_list("pk", "name"))
    return [
        {
            "name": names.get(key, "Nobody yet"),
            "debt": total,
            "n": n,
            "url": cases_url(found, owner=NONE if key == debt.NOBODY else key),
        }
        for key, total, n in rows
    ]


def by_branch(read, found):
    names = read.branch_names | {NONE: "No agreed cause that you may see"}
    return [
        {"name": names[key], "debt": total, "n": n, "url": cases_url(found, branch=key)}
        for key, total, n in read.branches
    ]


def cases_behind(person, query, *, now):
    """The cases behind one number of the ledger, the most owing first."""
    found = when(query.get("on", ""), now=now)
    standing = debt.standing_at(history_of(person), moment(found.at))
    accepted = query.get("accepted") == "1"
    narrowed, words, key = {"accepted": "1"} if accepted else {}, ["accepted"] if accepted else [], None
    if owner := query.get("owner", "").strip()[:20]:
        key, name = owner_named(owner)
        narrowed["owner"] = owner
        words.append(f"owned by {name}" if key != debt.NOBODY else "owned by nobody yet")
    if branch := query.get("branch", "").strip()[:80]:
        narrowed["branch"] = branch
        words.append(branch_words(branch, owed.branch_of_nodes()))
    places = owed.places_behind(person, standing, accepted=accepted, owner=key, branch=branch)
    number = page_number(query.get("page", ""), len(places))
    shown = places[(number - 1) * PER_PAGE : number * PER_PAGE].tolist()
    rows = owed.owings(standing, shown)
    return {
        "when": found,
        "words": words,
        "rows": [rows[place] for place in shown],
        "n": len(places),
        "total": float(standing.debt[places].sum()),
        "page": neighbours(found, narrowed, number, len(places)),
    }


def owner_named(text):
    """(the key of an owner, their name) from an address; a number that is nobody's finds nothing."""
    number = whole(text)
    if number is None:
        return (debt.NOBODY if text == NONE else -2), "nobody known"
    person = Person.objects.filter(pk=number).first()
    return number, person.name if person else "nobody known"


def branch_words(branch, branches):
    names = dict(branches.values())
    return "without an agreed cause that you may see" if branch == NONE else f"under {names.get(branch, branch)}"


def page_number(text, n):
    return page_asked(text, -(-n // PER_PAGE))


def neighbours(found, narrowed, number, n):
    def url(page):
        return cases_url(found, **narrowed, page=page)

    return {
        "previous_url": url(number - 1) if number > 1 else "",
        "next_url": url(number + 1) if number * PER_PAGE < n else "",
    }
