"""Weekly counts of a run as small panels on one scale; the weeks that may still grow are set apart."""

from datetime import timedelta

from django.db.models import ExpressionWrapper, F, Q
from django.db.models.fields import BooleanField

from registry.models import PatternTrend
from registry.patterns.sentences import q_words
from registry.patterns.trends import BASELINE_WEEKS, RECENT_WEEKS
from registry.web import pictures

FEWEST = 3  # on each side, for a ratio to be shown
PANELS = 8


def trend_panels(run, *, all_nodes=False):
    """{"panels", "n_nodes", "n_tested", "incomplete"}: all cases first, then what is flagged, then by q."""
    whole = ExpressionWrapper(Q(node__isnull=True), output_field=BooleanField())
    trends = list(
        PatternTrend.objects.filter(run=run)
        .annotate(whole=whole)
        .select_related("node__scheme")
        .order_by("-whole", "-flagged", F("q").asc(nulls_last=True), "-recent", "-baseline", "pk")
    )
    nodes = [trend for trend in trends if trend.node_id]
    shown = trends if all_nodes else trends[:PANELS]
    if not any(count for trend in trends for count in trend.weeks):
        shown = []
    ceiling = max((count for trend in shown if trend.node_id for count in trend.weeks), default=1)
    return {
        "panels": [_panel(trend, ceiling) for trend in shown],
        "n_nodes": len(nodes),
        "n_tested": sum(trend.q is not None for trend in nodes),
        "n_hidden": len(trends) - len(shown),
        "ceiling": ceiling,
    }


def _panel(trend, ceiling):
    complete = min(RECENT_WEEKS + BASELINE_WEEKS, len(trend.weeks))
    incomplete = len(trend.weeks) - complete
    split = trend.first_week + timedelta(weeks=complete - RECENT_WEEKS)
    picture = pictures.trend(
        trend.weeks,
        recent=RECENT_WEEKS,
        incomplete=incomplete,
        ceiling=ceiling if trend.node_id else max(trend.weeks),
        labels=tuple(f"{day.day} {day:%b}" for day in (trend.first_week, split)),
    )
    hidden = trend.ratio is None or min(trend.recent, trend.baseline) < FEWEST
    name = trend.node.name if trend.node_id else "All cases"
    return picture | {
        "name": name,
        "scheme": trend.node.scheme.name if trend.node_id else "every scheme",
        "url": trend.node.get_absolute_url() if trend.node_id else "",
        "headline": f"{trend.baseline} → {trend.recent}" if hidden else _times(trend.ratio),
        "detail": f"{trend.baseline} in {complete - RECENT_WEEKS} weeks, then {trend.recent} in {RECENT_WEEKS}",
        "interval": _interval(trend, hidden),
        "flagged": trend.flagged,
        "description": f"{name}: {picture['description']}",
    }


def _interval(trend, hidden):
    shown = "ratio hidden" if hidden or trend.high is None else f"{trend.low:.1f}–{trend.high:.1f}"
    return f"{shown}, {q_words(trend.q)}" if trend.node_id else shown


def _times(ratio):
    return f"{ratio:.0f}×" if ratio >= 9.95 else f"{ratio:.1f}×"
