"""What unfinished analyses owe, read for whoever asks: the rows behind the ledger of both front doors."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

import numpy as np
from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from registry import access, blind
from registry.actions import debt as actions
from registry.blind import missing_for_review_as_seen
from registry.choices import TEMPLATE_FIELDS, Right, Visibility
from registry.models import Case, DebtAcceptance
from registry.models.workflow import CAUSE_SCHEME
from registry.patterns import debt
from registry.patterns.debt_reading import OWING, history_of, moment
from taxonomy.models import Node

WEEKS = 26
SHOWN = 10
MOST_ACCEPTANCES = 50
# Owned by nobody, or without a cause that one may see.
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

NAMES_BESIDE = ("potential_severity__name", "potential_severity__slug", "owner__name", "owner__username")


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

    @property
    def gain(self):
        """What one step of its analysis takes off."""
        return self.weight * self.weeks


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


@dataclass
class Change:
    """What one person's cases owed at two times, and the case whose next step takes off the most now."""

    before: float
    now: float
    cheapest: Owing | None


def of_owner_between(person, *, start, end):
    """The Change of what `person` owed from `start` to `end`, each time for the cases that were theirs then.

    The cheapest is one that everybody may see, as the ledger chooses: one step from done if there is such a case.
    """
    theirs = Exists(Case.pgh_event_model.objects.filter(pgh_obj=OuterRef("pk"), owner=person))
    cases = access.visible_to(person).filter(Q(owner=person) | Q(theirs, updated_at__gte=start))
    history = history_of(person, cases=cases)
    before, now = (debt.standing_at(history, moment(at)) for at in (start, end))
    counted = np.flatnonzero(~now.accepted & (now.debt > 0) & (now.owner == person.pk))
    open_to_all = cases.filter(pk__in=now.case[counted].tolist(), owner=person, status__in=OWING)
    numbers = list(open_to_all.filter(visibility=Visibility.EVERYONE).values_list("pk", flat=True))
    places = counted[np.isin(now.case[counted], numbers)]
    first = places[np.lexsort((now.case[places], -now.weight[places] * now.weeks[places], now.missing[places] > 1))][:1]
    cheapest = owings(now, first.tolist()).values()
    return Change(owed_by(before, person), owed_by(now, person), next(iter(cheapest), None))


def of_cases_between(person, cases, *, start, end):
    """(what `cases`, which `person` may see, owed at `start`, and at `end`), without what somebody carries."""
    # What neither is open now nor has changed since the start owed nothing at either time.
    history = history_of(person, cases=cases.filter(Q(status__in=OWING) | Q(updated_at__gte=start)))
    return tuple(debt.standing_at(history, moment(at)).total() for at in (start, end))


def owed_by(standing, person):
    """What the cases of one owner owed, without what somebody carries."""
    return float(standing.debt[~standing.accepted & (standing.owner == person.pk)].sum())


def end_of(day):
    """The last moment of a day that is over."""
    return datetime.combine(day, time.max, tzinfo=timezone.get_current_timezone())


@dataclass
class Ledger:
    """What all cases somebody may see owed at one time.

    `points` are (time, (owed, carried, cases)) for the weeks up to then; `owners` and `branches` are (key, debt,
    cases), the most first; `accepted` are the places in `standing` of what somebody carries.
    """

    at: datetime
    standing: debt.Standing
    points: list
    oldest: list
    cheapest: list
    n_one_step: int
    owners: list
    branches: list
    branch_names: dict
    accepted: np.ndarray

    @property
    def before(self):
        """What was owed a week earlier."""
        return self.points[-2][1][0]


def ledger_at(person, *, at):
    """The Ledger of what `person` may see. The number of queries does not grow with the cases."""
    history, branches = history_of(person), branch_of_nodes()
    standing = debt.standing_at(history, moment(at))
    times = [at - timedelta(weeks=back) for back in range(WEEKS, -1, -1)]
    points = debt.burn_up(history, [moment(each) for each in times])
    counted = np.flatnonzero(~standing.accepted & (standing.debt > 0))
    oldest = counted[np.lexsort((standing.case[counted], -standing.weeks[counted]))][:SHOWN].tolist()
    one_step = counted[standing.missing[counted] == 1]
    cheapest = one_step[np.lexsort((standing.case[one_step], -standing.debt[one_step]))][:SHOWN].tolist()
    rows = owings(standing, {*oldest, *cheapest})
    return Ledger(
        at=at,
        standing=standing,
        points=list(zip(times, points, strict=True)),
        oldest=[rows[place] for place in oldest],
        cheapest=[rows[place] for place in cheapest],
        n_one_step=len(one_step),
        owners=grouped(standing, counted, standing.owner[counted].tolist()),
        branches=by_branch(standing, counted, branches_of_cases(person, branches)),
        branch_names=dict(branches.values()),
        accepted=np.flatnonzero(standing.accepted),
    )


def places_behind(person, standing, *, accepted=False, owner=None, branch=None):
    """The places of the cases behind one number of a ledger, the most owing first.

    `owner` is a key of the standing, `branch` the slug of one, or NONE.
    """
    chosen = (standing.accepted if accepted else ~standing.accepted) & (standing.debt > 0)
    if owner is not None:
        chosen &= standing.owner == owner
    if branch:
        of_cases = branches_of_cases(person, branch_of_nodes())
        inside = [in_branch(of_cases.get(number, ()), branch) for number in standing.case.tolist()]
        chosen &= np.array(inside, dtype=bool)
    places = np.flatnonzero(chosen)
    return places[np.lexsort((standing.case[places], -standing.debt[places]))]


def owings(standing, places):
    """{place: Owing} for these places of a Standing. One query."""
    numbers = {place: int(standing.case[place]) for place in places}
    cases = Case.objects.filter(pk__in=numbers.values()).select_related("potential_severity", "owner")
    found = cases.only(*SHOWN_OF_A_CASE, *NAMES_BESIDE).in_bulk()
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


def by_branch(standing, counted, of_cases):
    """By the branches of the causes in `of_cases`. A case may stand in several."""
    numbers = standing.case[counted].tolist()
    places, keys = [], []
    for place, number in zip(counted.tolist(), numbers, strict=True):
        for branch in sorted(of_cases.get(number) or {NONE}):
            places.append(place)
            keys.append(branch)
    return grouped(standing, np.array(places, dtype=np.intp), keys)


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


def acceptances(standing, accepted, *, at):
    """What is carried at the time: by whom, why, until when, and how much; the soonest to run out first."""
    debts = {int(standing.case[place]): float(standing.debt[place]) for place in accepted}
    in_force = Q(ended_at=None) | Q(ended_at__gt=at)
    rows = DebtAcceptance.objects.filter(
        in_force, case__in=debts, accepted_at__lte=at, expires_on__gt=timezone.localdate(at)
    ).select_related("case", "owner", "accepted_by")
    rows = list(rows.order_by("expires_on", "pk")[:MOST_ACCEPTANCES])
    for row in rows:
        row.debt = debts[row.case_id]
    return rows


def in_branch(of, branch):
    return not of if branch == NONE else branch in of
