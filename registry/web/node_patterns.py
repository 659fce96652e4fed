"""What the latest run of the statistics says of one node: its rate, its trend, its foreseeability, its pairs."""

from registry.models import PatternForesight, PatternNode, PatternTrend
from registry.patterns.foresight_sentences import foresight_sentence
from registry.patterns.rules import Rules
from registry.patterns.sentences import share_words
from registry.web.counted_links import cases_url
from registry.web.foresight_page import row_of
from registry.web.pattern_rows import flagged_with
from registry.web.pattern_runs import AXIS
from registry.web.trend_panels import panel_of


def node_in_run(node, run):
    """What templates/taxonomy/_patterns.html draws; nothing before the first run."""
    if run is None:
        return {"run": None}
    return {
        "run": run,
        "patterns": flagged_with(node, run),
        "axis": AXIS,
        "rate": rate_words(PatternNode.objects.filter(run=run, node=node).first()),
        "rate_url": cases_url(run, label__all=node.key),
        "trend": _trend(node, run),
        "foresight": _foresight(node, run),
    }


def rate_words(kept):
    """How many of the cases to which its scheme was applied carry a node; empty where the run did not count it."""
    if kept is None or not kept.n:
        return ""
    share = share_words(kept.k, kept.n, kept.low, kept.high)
    return f"{kept.k:,} of {kept.n:,} {'case' if kept.n == 1 else 'cases'}" + (f" ({share})" if share else "")


def _trend(node, run):
    kept = PatternTrend.objects.filter(run=run, node=node).select_related("node__scheme").first()
    return panel_of(kept, run, max(kept.weeks, default=1)) if kept else None


def _foresight(node, run):
    kept = PatternForesight.objects.filter(run=run, node=node).select_related("node__scheme").first()
    if kept is None:
        return ""
    found = row_of(kept, run)
    return foresight_sentence(found.found, found.lead, min_rate_n=Rules.kept(run.rules).min_rate_n)
