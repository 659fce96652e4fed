"""What one person was told, case by case, prepared for its page."""

from dataclasses import dataclass

from django.db.models import Count, Max, Q

from registry.actions.notifications import told_to
from registry.digests.notices import sentence
from registry.models import Case, Notification
from registry.models.case import NARRATIVE_FIELDS
from registry.web.bell import n_news

PER_PAGE = 30
# Of a case that was told of more often than this, the latest are shown.
SHOWN = 6


@dataclass
class Line:
    """One thing that happened, its latest time, and how often it did."""

    words: str
    at: object
    n: int
    unseen: bool
    url: str


@dataclass
class News:
    """What happened in one case."""

    case: Case
    lines: list
    n_unseen: int
    more: int


def context(person, page=1):
    """One page of what `person` was told of cases they may see, those with something unseen first."""
    start = (page - 1) * PER_PAGE
    groups = (
        told_to(person)
        .values("case")
        .annotate(latest=Max("pk"), n=Count("pk"), n_unseen=Count("pk", filter=Q(seen_at=None)))
    )
    unseen = Q(n_unseen__gt=0)
    ordered = groups.annotate(is_unseen=unseen).order_by("-is_unseen", "-latest")[start : start + PER_PAGE + 1]
    found = list(ordered)
    return {
        "news": news_of(person, found[:PER_PAGE]),
        "page": {
            "previous_url": f"?page={page - 1}" if page > 1 else "",
            "next_url": f"?page={page + 1}" if len(found) > PER_PAGE else "",
        },
        "number": page,
        "n_news": n_news(person),
    }


def one(person, case):
    """The News of one case; None where there is none."""
    rows = told_to(person).filter(case=case).values("case")
    found = list(rows.annotate(latest=Max("pk"), n=Count("pk"), n_unseen=Count("pk", filter=Q(seen_at=None))))
    return next(iter(news_of(person, found)), None)


def news_of(person, groups):
    """Two queries for all the groups."""
    numbers = [group["case"] for group in groups]
    cases = Case.objects.filter(pk__in=numbers).defer(*NARRATIVE_FIELDS, "search", "node_path")
    cases = {case.pk: case for case in cases.select_related("potential_severity")}
    rows = Notification.objects.filter(person=person, case__in=numbers).select_related("actor").order_by("-pk")
    by_case = {}
    for row in rows:
        by_case.setdefault(row.case_id, []).append(row)
    return [news(cases[group["case"]], by_case[group["case"]], group["n_unseen"]) for group in groups]


def news(case, rows, n_unseen):
    lines = {}
    for row in rows:
        words = sentence(row)
        line = lines.get((words, row.seen_at is None))
        if line:
            line.n += 1
            continue
        place = f"#comment-{row.comment_id}" if row.comment_id else ""
        lines[words, row.seen_at is None] = Line(words, row.at, 1, row.seen_at is None, case.get_absolute_url() + place)
    shown = list(lines.values())
    return News(case, shown[:SHOWN], n_unseen, len(shown[SHOWN:]))
