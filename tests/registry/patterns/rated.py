"""Ratings given the way the product gives them."""

from datetime import timedelta

from registry.actions import labels, ratings
from registry.models import AgreementRun, Rating
from registry.patterns import agreement_runs
from taxonomy.models import Node
from tests.factories import NOW, make_case, make_node, make_scheme


def make_nodes(*slugs, scheme="colours", **values):
    """Nodes of one scheme that were there before anybody rated."""
    scheme = make_scheme(scheme, **values)
    nodes = [make_node(slug, scheme=scheme) for slug in slugs]
    Node.objects.filter(scheme=scheme).update(created_at=NOW - timedelta(days=900))
    return nodes


def rate(case, rater, *present, unsure=(), absent=(), schemes=(), at=NOW, severity=None, potential=None):
    """Label blind and submit; what is not named in the schemes gone through is absent."""
    for stance, nodes in (("present", present), ("unsure", unsure), ("absent", absent)):
        for node in nodes:
            labels.label_case(case=case, node=node, by=rater, at=at, stance=stance, hold=True)
    rating = Rating.objects.filter(case=case, rater=rater).first()
    return ratings.submit_rating(
        case=case,
        by=rater,
        at=at,
        version=rating.version if rating else 0,
        schemes=schemes,
        realised_severity=severity,
        potential_severity=potential,
    )


def rate_cases(raters, said, *, at=NOW, **values):
    """A case for each entry of `said`: for each rater the nodes they say are present."""
    found = []
    for nodes_by_rater in said:
        case = make_case(**values)
        for rater, nodes in zip(raters, nodes_by_rater, strict=True):
            scheme = next(node.scheme for nodes in (*nodes_by_rater, [None]) for node in nodes if node)
            rate(case, rater, *nodes, schemes=[scheme], at=at)
        found.append(case)
    return found


def compute_now(*, at=NOW):
    """What `compute_agreement` does once it has its snapshot, which a test's transaction cannot have of its own."""
    return agreement_runs._compute(at=at)


def run_over_all_time(*, at=NOW):
    return AgreementRun.objects.get(pk=compute_now(at=at)["runs"]["all"])
