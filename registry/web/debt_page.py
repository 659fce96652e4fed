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
from registry.web.steps import missing_for_review_as_seen
from taxonomy.models import Node, SeverityTier

WEEKS = 26
SHOWN = 10
PER_PAGE = 50
NONE = "none"
EARLIEST = 2000
SHOWN_OF_A_CASE = (
    "title",
    "status",
    "owner",
    "potential_severity",
    *TEMPLATE_FIELDS,
    "realised_severity",
    "predictability",
)


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


@dataclass
class Owing:
    """One case and what it owed, with the three factors."""

    case: Case
    weight: float
    weeks: float
    missing: int
    debt: float
    accepted: bool = False
    step: str = ""

    @property
    def weeks_words(self):
        """One decimal; two where one would read as nothing."""
        return f"{self.weeks:.1f}" if self.weeks >= 0.1 else f"{self.weeks:.2f}"


def of_case(person, case, *, at, blind):
    """What the case page says of its debt: an Owing and the acceptance in force; {} for a case that owes nothing.

    Its steps are those `person` may know to be missing, as on the checklist.
    """
    if case.status not in OWING:
        return {}
    tier = case.potential_severity
    weight = float(tier.debt_weight) if tier else settings.DEBT_WEIGHT_NOT_SET
    weeks = debt.weeks_between(moment(case.reported_at), moment(at))
    missing = len(missing_for_review_as_seen(person, case, blind=blind))
    owed = debt.debt(weight=weight, weeks=weeks, missing=missing)
    carried = actions.in_force(case, at=at)
    return {
        "owing": Owing(case, weight, weeks, missing, owed, carried is not None),
        "carried": carried,
        "may_accept_debt": access.may(person, Right.REVIEW, case),
        "may_end_acceptance": carried is not None and actions.may_end(person, carried, case),
    }


def of_owner(person, *, at):
    """For the home page: (what the cases `person` owns owe, how many of them), without what somebody carries."""
    own = access.visible_to(person).filter(owner=person, status__in=OWING)
    standing = debt.standing_at(history_of(person, cases=own), moment(at))
    return standing.total(), standing.count()


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


def owings(standing, places):
    """{place: Owing} for these places of a Standing. One query."""
    numbers = {place: int(standing.case[place]) for place in places}
    cases = Case.objects.filter(pk__in=numbers.values()).select_related("potential_severity", "owner")
    found = cases.only(*SHOWN_OF_A_CASE, "potential_severity__name", "owner__name").in_bulk()
    return {place: owing(standing, place, found[number]) for place, number in numbers.items()}


def owing(standing, place, case):
    return Owing(
        case=case,
        weight=float(standing.weight[place]),
        weeks=float(standing.weeks[place]),
        missing=int(standing.missing[place]),
        debt=float(standing.debt[place]),
        accepted=bool(standing.accepted[place]),
        step=open_step(case),
    )


def open_step(case):
    """The first step that is missing as the case stands, in words. It asks for no query, so the cause comes last."""
    for name in TEMPLATE_FIELDS:
        if not getattr(case, name).strip():
            return f"Write the {case._meta.get_field(name).verbose_name}"
    if case.realised_severity_id is None or case.potential_severity_id is None:
        return "Set the severity"
    return "Agree on a cause" if case.predictability else "Say whether it could have been predicted"


def grouped(standing, counted, keys):
    """[(key, debt, cases)] of the places `counted`, whose groups are `keys` beside them, the most first."""
    sums = {}
    for key, owed in zip(keys, standing.debt[counted].tolist(), strict=True):
        total, n = sums.get(key, (0.0, 0))
        sums[key] = (total + owed, n + 1)
    return sorted(((key, total, n) for key, (total, n) in sums.items()), key=lambda row: (-row[1], str(row[0])))


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


def branch_of_nodes():
    """{node id: (slug, name) of its branch}: the node itself where others stand below it, else the one above."""
    causes = Node.objects.filter(scheme__slug=CAUSE_SCHEME).only("slug", "name", "parent_id", "order")
    nodes = {node.pk: node for node in causes}
    with_children = {node.parent_id for node in nodes.values()}
    branches = {}
    for number, node in nodes.items():
        branch = node if number in with_children else nodes.get(node.parent_id, node)
        branches[number] = (branch.slug, branch.name)
    return branches


def branches_of_cases(person, branches):
    """{case id: {slug of a branch}} for every case whose causes `person` may know. One query."""
    seen = blind.seen_classifications(person).filter(node__in=branches).order_by()
    found = {}
    for case, node in seen.values_list("case", "node"):
        found.setdefault(case, set()).add(branches[node][0])
    return found


def acceptances(standing, accepted, found):
    """What is carried at the time: by whom, why, until when, and how much; the soonest to run out first."""
    debts = {int(standing.case[place]): float(standing.debt[place]) for place in accepted}
    in_force = Q(ended_at=None) | Q(ended_at__gt=found.at)
    rows = DebtAcceptance.objects.filter(
        in_force, case__in=debts, accepted_at__lte=found.at, expires_on__gt=found.day
    ).select_related("case", "owner", "accepted_by")
    rows = list(rows.order_by("expires_on", "pk")[:PER_PAGE])
    for row in rows:
        row.debt = debts[row.case_id]
    return rows


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
    if text == NONE or not text.isdecimal() or int(text) >= 2**31:
        return (debt.NOBODY if text == NONE else -2), "nobody known"
    person = Person.objects.filter(pk=int(text)).first()
    return int(text), person.name if person else "nobody known"


def in_branch(of, branch):
    return not of if branch == NONE else branch in of


def branch_words(branch, branches):
    names = dict(branches.values())
    return "without an agreed cause that you may see" if branch == NONE else f"under {names.get(branch, branch)}"


def page_number(text, n):
    last = max(-(-n // PER_PAGE), 1)
    return min(max(int(text), 1), last) if text.isdecimal() and len(text) < 9 else 1


def neighbours(found, narrowed, number, n):
    def url(page):
        return cases_url(found, **narrowed, page=page)

    return {
        "previous_url": url(number - 1) if number > 1 else "",
        "next_url": url(number + 1) if number * PER_PAGE < n else "",
    }
