"""What may be shown of how far raters agree: of few cases not what would tell what was said of one of them."""

from django.db.models import Q

from registry.choices import Measure
from registry.models import AgreementRun, AgreementScore, Confusion
from registry.patterns.judgements import FEWEST_CASES

ALL_TIME = "all"


def latest_runs():
    """{period: its latest run} of the periods in which raters can be compared; "all" first, then the newest."""
    latest = AgreementRun.objects.order_by("period", "-pk").distinct("period")
    runs = {run.period: run for run in latest if run.n_cases}
    order = sorted(runs.keys() - {ALL_TIME}, reverse=True)
    years, quarters = [name for name in order if len(name) == 4], [name for name in order if len(name) > 4]
    return {period: runs[period] for period in (ALL_TIME, *years, *quarters) if period in runs}


def shown_confusions(run):
    """Confusions that rest on enough cases not to tell what was said of one of them."""
    found = Confusion.objects.filter(run=run, n_together__gte=FEWEST_CASES)
    return found.select_related("node_a__scheme", "node_b__scheme").order_by("-n_cases", "n_together", "pk")


def of_node(node, *, most):
    """(the latest run over all time or None, its score of the node or None, what it is confused with most often)."""
    run = AgreementRun.objects.filter(period=ALL_TIME).order_by("-pk").first()
    score = AgreementScore.objects.filter(run=run, node=node, measure=Measure.LABEL).first() if run else None
    if score is None:
        return run, None, []
    return run, score, list(shown_confusions(run).filter(Q(node_a=node) | Q(node_b=node))[:most])


def n_disputed(score):
    """How many of the cases raters differ on; None where they are too few to say so of one of them."""
    return score.n_disputed if score.n_cases >= FEWEST_CASES else None
