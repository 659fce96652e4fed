"""What the debt ledger shows, and what a case owes on its own page."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from urllib.parse import urlencode

import numpy as np
from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from registry import access, blind
from registry.actions import debt as actions
from registry.choices import TEMPLATE_FIELDS, Right
from registry.models import Case, DebtAcceptance, Person
from registry.models.workflow import CAUSE_SCHEME
from registry.patterns import debt
from registry.patterns.debt_reading import OWING, history_of, moment
from registry.web.debt_picture import burn_up_picture
from registry.web.numbers import page_asked, whole
from registry.web.steps import missing_for_review_as_seen
from taxonomy.models import Node, SeverityTier

WEEKS = 26
SHOWN = 10
PER_PAGE = 50
NONE = "none"
EARLIEST = 2000


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
    return When(datetime.combine(day, time.max, tzinfo=timezone.get_current_timezone()), False)


def ledger(person, query, *, now):
    """The whole page. The number of queries does not grow with the cases."""
    found = when(query.get("on", ""), now=now)
    history = history_of(person)
    standing = debt.standing_at(history, moment(found.at))
    times = [found.at - timedelta(weeks=back) for back in range(WEEKS, -1, -1)]
    points = debt.burn_up(history, [moment(at) for at in times])
    counted = np.flatnonzero(~standing.accepted & (standing.debt > 0))
    oldest = counted[np.lexsort((standing.case[counted], -standing.weeks[counted]))][:SHOWN]
    one_step = counted[standing.missing[counted] == 1]
    cheapest = one_step[np.lexsort((standing.case[one_step], -standing.debt[one_step]))][:SHOWN]
    accepted = np.flatnonzero(standing.accepted)
    rows = owings(standing, {*oldest.tolist(), *cheapest.tolist()})
    return {
        "when": found,
        "today": timezone.localdate(now),
        "standing": standing,
        "total": standing.total(),
        "carried_total": standing.carried(),
        "n_owing": standing.count(),
        "n_accepted": len(accepted),
        "n_one_step": len(one_step),
        "before": points[-2][0],
        "picture": burn_up_picture(list(zip(times, points, strict=True))),
        "oldest": [rows[place] for place in oldest.tolist()],
        "cheapest": [rows[place] for place in cheapest.tolist()],
        "owners": by_owner(standing, counted, found),
        "branches": by_branch(person, standing, counted, found),
        "acceptances": acceptances(standing, accepted, found),
        "all_url": cases_url(found),
        "accepted_url": cases_url(found, accepted="1"),
        "weights": list(SeverityTier.objects.order_by("-rank")),
        "not_set": settings.DEBT_WEIGHT_NOT_SET,
    }


def cases_url(found, **narrowed):
    """The address of the cases behind a number."""
    query = urlencode(found.query | narrowed)
    return reverse("debt-cases") + (f"?{query}" if query else "")


def by_owner(standing, counted, found):
    rows = grouped(standing, counted, standing.owner[counted].tolist())
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


def by_branch(person, standing, counted, found):
    """By the branches of the causes, as far as `person` may know the causes of a case. A case may stand in several."""
    branches = branch_of_nodes()
    of_cases = branches_of_cases(person, branches)
    numbers = standing.case[counted].tolist()
    places, keys = [], []
    for place, number in zip(counted.tolist(), numbers, strict=True):
        for branch in sorted(of_cases.get(number) or {NONE}):
            places.append(place)
            keys.append(branch)
    names = dict(branches.values()) | {NONE: "No agreed cause that you may see"}
    rows = grouped(standing, np.array(places, dtype=np.intp), keys)
    return [{"name": names[key], "debt": total, "n": n, "url": cases_url(found, branch=key)} for key, total, n in rows]


def cases_behind(person, query, *, now):
    """The cases behind one number of the ledger, the most owing first."""
    found = when(query.get("on", ""), now=now)
    standing = debt.standing_at(history_of(person), moment(found.at))
    accepted = query.get("accepted") == "1"
    chosen = (standing.accepted if accepted else ~standing.accepted) & (standing.debt > 0)
    narrowed, words = {"accepted": "1"} if accepted else {}, ["accepted"] if accepted else []
    if owner := query.get("owner", "").strip()[:20]:
        key, name = owner_named(owner)
        chosen &= standing.owner == key
        narrowed["owner"] = owner
        words.append(f"owned by {name}" if key != debt.NOBODY else "owned by nobody yet")
    if branch := query.get("branch", "").strip()[:80]:
        branches = branch_of_nodes()
        of_cases = branches_of_cases(person, branches)
        inside = [in_branch(of_cases.get(number, ()), branch) for number in standing.case.tolist()]
        chosen &= np.array(inside, dtype=bool)
        narrowed["branch"] = branch
        words.append(branch_words(branch, branches))
    places = np.flatnonzero(chosen)
    places = places[np.lexsort((standing.case[places], -standing.debt[places]))]
    number = page_number(query.get("page", ""), len(places))
    shown = places[(number - 1) * PER_PAGE : number * PER_PAGE].tolist()
    rows = owings(standing, shown)
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
