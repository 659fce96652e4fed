"""Weekly counts of a run as small panels on one scale; the weeks that may still grow are set apart."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import ExpressionWrapper, F, Q
from django.db.models.fields import BooleanField

from registry.models import PatternTrend
from registry.patterns.exposure import rates
from registry.patterns.sentences import q_words
from registry.patterns.trends import RECENT_WEEKS
from registry.web import pictures
from registry.web.numbers import page_asked

FEWEST = 3  # on each side, for a ratio to be shown
FIRST_PANELS = 8
PER_PAGE = 40
# What is shown: key → (words, whether a trend belongs to it).
VIEWS = {
    "all": ("All labels", lambda trend: True),
    "flagged": ("Flagged", lambda trend: trend.flagged),
    "tested": ("Tested", lambda trend: trend.q is not None),
}


@dataclass(frozen=True)
class TrendChoice:
    """What the address asks for; anything unknown in it falls back to the default."""

    view: str = "all"
    page: int = 1

    @classmethod
    def from_query(cls, query):
        view = query.get("show")
        return cls(view=view if view in VIEWS else "all", page=page_asked(query.get("page", "")))

    def address(self, view=None, page=1):
        asked = {"show": view or self.view, "page": page}
        return "?" + "&".join(f"{key}={value}" for key, value in asked.items() if value not in ("all", 1))


@dataclass(frozen=True)
class Parts:
    """How the weeks of a trend are divided: those before, the recent ones, and those that may still grow."""

    before: int
    recent: int
    incomplete: int

    @classmethod
    def of(cls, trend, run):
        incomplete = min(run.incomplete_weeks, len(trend.weeks))
        complete = len(trend.weeks) - incomplete
        recent = min(RECENT_WEEKS, complete)
        return cls(before=complete - recent, recent=recent, incomplete=incomplete)


def trends_of(run):
    """All trends of a run: all cases first, then what is flagged, then by q. One query."""
    whole = ExpressionWrapper(Q(node__isnull=True), output_field=BooleanField())
    return list(
        PatternTrend.objects.filter(run=run)
        .annotate(whole=whole)
        .select_related("node__scheme")
        .order_by("-whole", "-flagged", F("q").asc(nulls_last=True), "-recent", "-baseline", "pk")
    )


def first_panels(run):
    """The panels that the page of a run begins with."""
    trends = trends_of(run)
    return _drawn(trends, trends[:FIRST_PANELS], run)


def panels_page(run, choice):
    """One page of the trends: all cases, then the labels of the view that was chosen."""
    trends = trends_of(run)
    everything = [trend for trend in trends if trend.node_id is None]
    nodes = [trend for trend in trends if trend.node_id]
    chosen = [trend for trend in nodes if VIEWS[choice.view][1](trend)]
    page = min(choice.page, max(-(-len(chosen) // PER_PAGE), 1))
    start = (page - 1) * PER_PAGE
    n = len(chosen)
    return {
        **_drawn(trends, everything + chosen[start : start + PER_PAGE], run),
        "views": [
            {"words": words, "n": sum(map(belongs, nodes)), "url": choice.address(view), "chosen": view == choice.view}
            for view, (words, belongs) in VIEWS.items()
        ],
        "n_chosen": n,
        "summary": f"{start + 1:,}–{min(start + PER_PAGE, n):,} of {n:,} labels" if n > PER_PAGE else "",
        "previous_url": choice.address(page=page - 1) if page > 1 else "",
        "next_url": choice.address(page=page + 1) if start + PER_PAGE < n else "",
    }


def _drawn(trends, shown, run):
    nodes = [trend for trend in trends if trend.node_id]
    if not any(count for trend in trends for count in trend.weeks):
        shown = []
    ceiling = max((count for trend in shown if trend.node_id for count in trend.weeks), default=1)
    return {
        "panels": [panel_of(trend, run, ceiling) for trend in shown],
        "weeks": week_names(shown[0], run) if shown else [],
        "n_nodes": len(nodes),
        "n_tested": sum(trend.q is not None for trend in nodes),
        "n_hidden": len(trends) - len(shown),
        "ceiling": ceiling,
    }


def week_names(trend, run):
    """[(the Monday of a week, whether it may still grow)] in order of time."""
    complete = len(trend.weeks) - Parts.of(trend, run).incomplete
    return [(trend.first_week + timedelta(weeks=place), place >= complete) for place in range(len(trend.weeks))]


def panel_of(trend, run, ceiling):
    """What partials/_trend.html draws, and the row of the table behind it."""
    parts = Parts.of(trend, run)
    split = trend.first_week + timedelta(weeks=parts.before)
    picture = pictures.trend(
        trend.weeks,
        recent=parts.recent,
        incomplete=parts.incomplete,
        ceiling=ceiling if trend.node_id else max(trend.weeks, default=0),
        labels=tuple(f"{day.day} {day:%b}" for day in (trend.first_week, split)),
        baseline_band=_band(trend.baseline, parts.before),
        recent_band=_band(trend.recent, parts.recent),
    )
    hidden = is_hidden(trend)
    name = trend.node.name if trend.node_id else "All cases"
    return picture | {
        "name": name,
        "scheme": trend.node.scheme.name if trend.node_id else "every scheme",
        "url": trend.node.get_absolute_url() if trend.node_id else "",
        "headline": f"{trend.baseline} → {trend.recent}" if hidden else _times(trend.ratio),
        "detail": f"{trend.baseline} in {parts.before} weeks, then {trend.recent} in {parts.recent}",
        "interval": _interval(trend, hidden),
        "flagged": trend.flagged,
        "description": f"{name}: {picture['description']}",
        "weeks": trend.weeks,
    }


def is_hidden(trend):
    """Whether the ratio rests on too few cases to be shown."""
    return trend.ratio is None or min(trend.recent, trend.baseline) < FEWEST


def _band(k, weeks):
    """(low, high) cases a week: the exact 95 % interval of the mean of so many weeks."""
    if not weeks:
        return None
    found = rates(k, weeks)
    return float(found.low), float(found.high)


def _interval(trend, hidden):
    shown = "ratio hidden" if hidden or trend.high is None else f"{trend.low:.1f}–{trend.high:.1f}"
    return f"{shown}, {q_words(trend.q)}" if trend.node_id else shown


def _times(ratio):
    return f"{ratio:.0f}×" if ratio >= 9.95 else f"{ratio:.1f}×"


HEADS = ("Label", "Scheme", "Before", "Recent", "Ratio", "Low", "High", "p", "q", "Flagged")


def csv_heads(trends, run):
    """The columns of the file: the comparison, then every week by its Monday, marked where it may still grow."""
    weeks = week_names(trends[0], run) if trends else []
    return [*HEADS, *(f"{day:%Y-%m-%d}{' (incomplete)' if grows else ''}" for day, grows in weeks)]


def csv_rows(trends):
    for trend in trends:
        label = (trend.node.name, trend.node.scheme.name) if trend.node_id else ("All cases", "")
        ratio = (None, None, None) if is_hidden(trend) else (trend.ratio, trend.low, trend.high)
        yield [*label, trend.baseline, trend.recent, *ratio, trend.p, trend.q, trend.flagged, *trend.weeks]
