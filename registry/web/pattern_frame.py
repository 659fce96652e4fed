"""What stands around the numbers of every pattern page: which run, its tabs, its limits, the work under way."""

from dataclasses import dataclass

from django.http import Http404
from django.urls import reverse

from registry.models import PatternRun
from registry.patterns.populations import words_of
from registry.patterns.sentences import lag_sentence
from registry.web import pattern_runs, strata_words
from registry.web.pattern_jobs import job_state
from registry.web.pattern_rows import max_q
from registry.web.tables import csv_url

# Tab: (words, address of the latest run, address of a run by its number).
TABS = {
    "moved": ("What moved", "patterns", "pattern-run"),
    "pairs": ("Pairs", "pattern-pairs", "pattern-run-pairs"),
    "trends": ("Trends", "pattern-trends", "pattern-run-trends"),
    "foresight": ("Foreseeability", "pattern-foresight", "pattern-run-foresight"),
    "sources": ("By source", "pattern-sources", "pattern-run-sources"),
    "exposure": ("Per use", "pattern-exposure", "pattern-run-exposure"),
}


@dataclass(frozen=True)
class Tab:
    key: str
    words: str
    url: str
    chosen: bool


def run_asked(number):
    """The run with this number, or the latest of all cases; None while there is none."""
    if number is None:
        return pattern_runs.all_runs().standard().first()
    found = pattern_runs.all_runs().filter(pk=number).first()
    if found is None:
        raise Http404
    return found


def frame(request, run, chosen):
    """What templates/patterns/frame.html draws around the tab `chosen` of this run."""
    latest = PatternRun.objects.of(run.population_id).order_by("-pk").values_list("pk", flat=True).first() == run.pk
    # Pages of the latest run of all cases have addresses that stay the latest.
    number = None if latest and run.population_id is None else run.pk
    tabs = tabs_of(number, chosen)
    return {
        "run": run,
        "latest": latest,
        "tabs": tabs,
        "urls": {tab.key: tab.url for tab in tabs},
        "population": words_of(run.population),
        "max_q": max_q(run),
        "shares": strata_words.shares(run),
        "source": strata_words.largest_source(run),
        "lag": _lag(run),
        "csv_url": csv_url(request),
        **job_state(request.user, run),
    }


def _lag(run):
    # Runs from before it was measured have no strata either.
    if run.lag_weeks is None and not run.strata:
        return "How late cases arrive was not measured."
    return lag_sentence(run.lag_weeks, run.lag_cases, run.incomplete_weeks)


def tabs_of(number, chosen=None):
    """The tabs of the run of this number; of the latest, whichever that will be, for None."""
    return [Tab(key, words, tab_url(key, number), key == chosen) for key, (words, _, _) in TABS.items()]


def tab_url(key, number):
    _, of_latest, of_run = TABS[key]
    return reverse(of_latest) if number is None else reverse(of_run, kwargs={"run": number})
