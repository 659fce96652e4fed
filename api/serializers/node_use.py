"""How a node is used in the cases a reader sees, and how far raters agree on it."""

from rest_framework import serializers

from registry import access, agreement, node_use, node_versions, relabelling
from registry.blind import carries
from taxonomy.models import Node

MOST_OTHER_NODES = 20
MOST_CONFUSIONS = 5
KIN = """
WITH RECURSIVE below AS (
    SELECT id FROM taxonomy_node WHERE id = %s
    UNION SELECT n.id FROM taxonomy_node n JOIN below ON n.parent_id = below.id
), above AS (
    SELECT id, parent_id FROM taxonomy_node WHERE id = %s
    UNION SELECT n.id, n.parent_id FROM taxonomy_node n JOIN above ON n.id = above.parent_id
) SELECT id FROM below UNION SELECT id FROM above"""


class NodeYearShape(serializers.Serializer):
    year = serializers.IntegerField()
    n_cases = serializers.IntegerField()


class NodeBesideShape(serializers.Serializer):
    node = serializers.CharField()
    n_cases = serializers.IntegerField()


class NodeConfidenceShape(serializers.Serializer):
    labels = serializers.IntegerField()
    raters = serializers.IntegerField()
    cases = serializers.IntegerField()
    high = serializers.IntegerField(help_text="Labels with a confidence of 67 or more.")
    medium = serializers.IntegerField()
    low = serializers.IntegerField(help_text="33 or less.")
    unstated = serializers.IntegerField()


class ConfusedNodeShape(serializers.Serializer):
    node = serializers.CharField()
    n_cases = serializers.IntegerField(help_text="Cases on which raters chose one for the other.")
    n_together = serializers.IntegerField(help_text="Cases on which any rater chose either.")


class NodeAgreementShape(serializers.Serializer):
    run = serializers.IntegerField()
    n_cases = serializers.IntegerField(help_text="Cases that two raters or more spoke of.")
    n_raters = serializers.IntegerField()
    n_disputed = serializers.IntegerField(allow_null=True, help_text="Null below five cases.")
    alpha = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    confused_with = ConfusedNodeShape(many=True)


class NodeUseShape(serializers.Serializer):
    """Everything is counted over the cases you may see, as far as you may know what they carry."""

    node = serializers.CharField()
    n_cases = serializers.IntegerField(help_text="Cases that carry it or a node below it.")
    cases_url = serializers.URLField()
    years = NodeYearShape(many=True, help_text="By year of occurrence; undated cases are in none.")
    beside = NodeBesideShape(many=True, help_text="What else these cases carry, most often first; 20 at most.")
    confidence = NodeConfidenceShape()
    meaning_since = serializers.DateTimeField(
        allow_null=True, help_text="When its definition or criteria last changed; null if never."
    )
    n_labelled_before = serializers.IntegerField(help_text="Cases labelled before that and not again.")
    n_waiting = serializers.IntegerField(help_text="Cases that wait to be labelled again because of it.")
    agreement = NodeAgreementShape(allow_null=True, help_text="Null until two raters spoke of a case.")


def use_of(node, person, addresses):
    visible = access.visible_to(person)
    since = node_versions.meaning_since(node)
    years = node_use.by_year(visible, person, [node.pk])[node.pk]
    return {
        "node": node.key,
        "n_cases": visible.filter(carries(person, [node.pk])).count(),
        "cases_url": addresses.cases(label=node.key),
        "years": [{"year": year, "n_cases": years[year]} for year in sorted(years)],
        "beside": beside(visible, person, node),
        "confidence": node_use.how_sure(visible, person, node),
        "meaning_since": since,
        "n_labelled_before": node_versions.n_labelled_before(visible, person, node, since),
        "n_waiting": relabelling.n_waiting(person, node),
        "agreement": agreement_on(node),
    }


def beside(visible, person, node):
    kin = [each.pk for each in Node.objects.raw(KIN, [node.pk, node.pk])]
    counts = node_use.beside(visible, person, node, kin)
    most = sorted(counts, key=lambda pk: (-counts[pk], pk))[:MOST_OTHER_NODES]
    nodes = Node.objects.select_related("scheme").in_bulk(most)
    return [{"node": nodes[pk].key, "n_cases": counts[pk]} for pk in most]


def agreement_on(node):
    run, score, found = agreement.of_node(node, most=MOST_CONFUSIONS)
    if score is None:
        return None
    confused = [
        {
            "node": (row.node_b if row.node_a_id == node.pk else row.node_a).key,
            "n_cases": row.n_cases,
            "n_together": row.n_together,
        }
        for row in found
    ]
    return {
        "run": run.pk,
        "n_cases": score.n_cases,
        "n_raters": score.n_raters,
        "n_disputed": agreement.n_disputed(score),
        **{name: getattr(score, name) for name in ("alpha", "low", "high")},
        "confused_with": confused,
    }
