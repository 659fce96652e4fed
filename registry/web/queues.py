"""What waits for one person, and what waits in triage."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from django.db.models import Case as Choice
from django.db.models import Count, F, IntegerField, Value, When
from django.urls import reverse
from django.utils import timezone

from registry import access
from registry.choices import TEMPLATE_FIELDS, Movement, Status
from registry.models import Case, Draft, PatternPair, PatternRun
from registry.models.case import NARRATIVE_FIELDS
from registry.web.due import due
from taxonomy.models import SeverityTier

SHOWN = 10
OLDEST = 5
MOVED = 4
# Days a case of this potential severity (by rank) may wait in triage.
TARGET_DAYS = {4: 1, 3: 3, 2: 7}
# Whole days since the day it was logged, so that a cell and the list it opens agree.
AGES = ((0, "today"), (1, "1–2 days"), (3, "3–6 days"), (7, "7 days and more"))
ROUND_TRIPS = ("accept_case", "request_review", "return_to_analysis", "approve_case", "reopen_case")


@dataclass
class Waiting:
    """One case, or draft of one, that waits for the person: what to do, since when, why, and where."""

    verb: str
    symbol: str
    since: object
    case: Case | Draft
    because: str
    url: str

    @property
    def due_on(self):
        return getattr(self.case, "due_on", None)

    @property
    def due(self):
        return due(self.due_on, timezone.localdate())


def waiting_for(person):
    """(the first of what waits for `person`, how many things in all).

    What is due soonest comes first; without a day returned before reviews, then what to rate, analyse and triage.
    """
    mine = Case.objects.defer("search", "node_path").select_related("potential_severity", "owner")
    analysing = mine.filter(owner=person, status=Status.ANALYSIS)
    own = list(analysing.order_by(F("due_on").asc(nulls_last=True), "-severity_rank", "updated_at")[: SHOWN + 1])
    drafts = list(mine.filter(reporter=person, status=Status.DRAFT).order_by("-updated_at")[: SHOWN + 1])
    reviews = list(reviews_for(person)[: SHOWN + 1])
    returned = returns_of(own)
    waits = [returned_to(case, returned[case.pk]) for case in own if case.pk in returned]
    waits += [to_review(case) for case in reviews]
    waits += [to_rate(case) for case in ratings_of(person)[: SHOWN + 1]]
    waits += [to_finish(case) for case in own if case.pk not in returned]
    waits += [to_triage(case) for case in claimed_by(person)[: SHOWN + 1]]
    waits += [to_go_on_with(draft, person) for draft in access.drafts_of(person)[: SHOWN + 1]]
    waits += [to_submit(case) for case in drafts]
    waits.sort(key=lambda wait: wait.due_on or date.max)
    return waits[:SHOWN], len(waits)


def reviews_for(person):
    cases = access.visible_to(person).filter(access.awaits_review_by(person))
    return rows_of(cases).order_by(F("due_on").asc(nulls_last=True), "updated_at")


def ratings_of(person):
    """The cases `person` began to rate and has not handed in."""
    cases = access.visible_to(person).filter(access.is_begun_by(person))
    return rows_of(cases).order_by(F("due_on").asc(nulls_last=True), "updated_at")


def claimed_by(person):
    cases = triage_cases(person).filter(owner=person)
    return rows_of(cases).order_by(F("due_on").asc(nulls_last=True), "-severity_rank", "reported_at")


def rows_of(cases):
    return cases.defer(*NARRATIVE_FIELDS, "search").select_related("potential_severity", "owner")


def returns_of(cases):
    """{case id: (reason, who)} of those whose latest step was a return from review. One query."""
    events = Case._meta.get_field("events").related_model.objects
    latest = (
        events.filter(pgh_obj__in=[case.pk for case in cases], pgh_context__metadata__action__in=ROUND_TRIPS)
        .order_by("pgh_obj", "-pgh_id")
        .distinct("pgh_obj")
        .values_list("pgh_obj", "pgh_context__metadata", "pgh_created_at")
    )
    return {
        number: (signature.get("reason", ""), at)
        for number, signature, at in latest
        if signature["action"] == "return_to_analysis"
    }


def returned_to(case, why):
    reason, at = why
    return Waiting("Returned", "return", at, case, f"“{reason}”", case.get_absolute_url())


def to_review(case):
    return Waiting("Review", "check", case.updated_at, case, f"{case.owner} asks for approval", case.get_absolute_url())


def to_finish(case):
    return Waiting("Analyse", "edit", case.updated_at, case, unwritten(case), case.get_absolute_url())


def to_rate(case):
    url = reverse("case-label", kwargs={"reference": case.reference})
    return Waiting("Rate", "scale", case.updated_at, case, "you began to rate it; nobody sees that yet", url)


def to_triage(case):
    url = reverse("case-step", kwargs={"reference": case.reference, "step": "accept"})
    return Waiting("Triage", "inbox", case.reported_at, case, "claimed by you, not accepted yet", url)


def to_go_on_with(draft, person):
    because = "not submitted yet" if draft.author_id == person.pk else "shared with you, not submitted yet"
    return Waiting("Draft", "status-draft", draft.updated_at, draft, because, draft.get_absolute_url())


def to_submit(case):
    url = reverse("case-edit", kwargs={"reference": case.reference})
    return Waiting("Draft", "status-draft", case.updated_at, case, "not submitted; only you can see it", url)


def unwritten(case):
    names = [
        str(case._meta.get_field(name).verbose_name) for name in TEMPLATE_FIELDS if not getattr(case, name).strip()
    ]
    if not names:
        return "all nine fields are written"
    shown = ", ".join(names[:2]) + (f" and {len(names) - 2} more" if len(names) > 2 else "")
    return f"still to write: {shown}"


def triage_cases(person):
    return access.visible_to(person).filter(status=Status.TRIAGE)


def triage_matrix(person, today):
    """Cases in triage by potential severity (highest first, then not set) and age. Two queries."""
    tiers = list(SeverityTier.objects.order_by("-rank"))
    age = Choice(
        *(When(reported_at__date__lte=today - timedelta(days=days), then=Value(days)) for days, _ in reversed(AGES)),
        default=Value(0),
        output_field=IntegerField(),
    )
    counted = triage_cases(person).annotate(age=age).values_list("severity_rank", "age").annotate(n=Count("id"))
    counts = {(rank, days): n for rank, days, n in counted}
    largest = max(counts.values(), default=0)
    rows = [matrix_row(tier.rank, tier, counts, largest) for tier in tiers if tier.rank]
    lowest = [tier for tier in tiers if not tier.rank and any(rank == tier.rank for rank, _ in counts)]
    rows += [matrix_row(tier.rank, tier, counts, largest) for tier in lowest]
    rows.append(matrix_row(-1, None, counts, largest))
    total = sum(counts.values())
    late = sum(row["late"] for row in rows)
    return {"rows": rows, "ages": [words for _, words in AGES], "total": total, "late": late}


def matrix_row(rank, tier, counts, largest):
    target = TARGET_DAYS.get(rank)
    cells = []
    for days, words in AGES:
        n = counts.get((rank, days), 0)
        late = bool(n and target is not None and days >= target)
        shade = 0 if not n else 1 + round(2 * (n - 1) / max(largest - 1, 1))
        cells.append({"n": n, "late": late, "shade": shade, "age": words, "query": age_query(days)})
    total = sum(cell["n"] for cell in cells)
    late = sum(cell["n"] for cell in cells if cell["late"])
    severity = f"severity={tier.slug}" if tier else "severity__isnull=true"
    return {"tier": tier, "cells": cells, "total": total, "late": late, "query": f"status=triage&{severity}"}


def age_query(days):
    """The list's filter for the cases of one age."""
    following = {start: then for (start, _), (then, _) in pairwise(AGES)}
    oldest = f"&reported__gte=-{following[days] - 1}d" if days in following else ""
    return f"&reported__lte=-{days}d{oldest}"


def oldest_in_triage(person, today):
    """The cases that are furthest past their target age, then the oldest: (case, days waited, days over)."""
    targets = Choice(
        *(When(severity_rank=rank, then=Value(days)) for rank, days in TARGET_DAYS.items()),
        default=Value(365),
        output_field=IntegerField(),
    )
    cases = triage_cases(person).annotate(target=targets)
    cases = cases.defer(*NARRATIVE_FIELDS, "search").select_related("potential_severity", "reporter", "owner")
    ordered = cases.order_by("target", "reported_at", "pk")
    rows = []
    for case in ordered[:OLDEST]:
        waited = (today - timezone.localdate(case.reported_at)).days
        rows.append({"case": case, "waited": waited, "over": max(waited - case.target, 0)})
    return rows


def what_moved():
    """(the latest run, its flagged pairs that moved most), (None, []) before the first run."""
    run = PatternRun.objects.standard().first()
    if run is None:
        return None, []
    pairs = PatternPair.objects.filter(run=run).select_related("node_a__scheme", "node_b__scheme").defer("case_ids")
    # By the shrunken effect: a rare pair with a wide interval does not lead, and fewer than expected comes last.
    strongest = pairs.order_by("-flagged", F("effect").desc(nulls_last=True), "pk")
    moved = strongest.exclude(movement__in=(Movement.NONE, Movement.STEADY))[:MOVED]
    return run, list(moved) or list(strongest.filter(flagged=True)[:MOVED])
