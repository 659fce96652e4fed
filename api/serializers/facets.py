"""How many cases there are of each kind, beside a list."""

from rest_framework import serializers

from taxonomy.models import Node, SeverityTier


class FacetShape(serializers.Serializer):
    value = serializers.CharField(allow_null=True, help_text="As the filter of the same name takes it; null: not set.")
    name = serializers.CharField(allow_null=True, help_text="What people read.")
    count = serializers.IntegerField()


class FacetsOfCasesShape(serializers.Serializer):
    status = FacetShape(many=True)
    severity = FacetShape(many=True)
    kind = FacetShape(many=True)
    owner = FacetShape(many=True, help_text="The ten that are found most.")
    reporter = FacetShape(many=True, help_text="The ten that are found most.")
    system = FacetShape(many=True, help_text="The ten that are found most.")
    label = FacetShape(many=True, help_text="Each node with the cases that carry it or one below it.")


class ColumnShape(serializers.Serializer):
    first = serializers.DateField(help_text="First day of the week or year.")
    last = serializers.DateField()
    count = serializers.IntegerField()
    by_severity = FacetShape(many=True)


class HistogramShape(serializers.Serializer):
    unit = serializers.ChoiceField(("week", "year"), help_text="Years where most cases lie before the last 26 weeks.")
    columns = ColumnShape(many=True)
    earlier = serializers.IntegerField(help_text="Cases before the first column.")
    undated = serializers.IntegerField()


class CaseFacetsShape(serializers.Serializer):
    exact = serializers.BooleanField(help_text="False: estimated from a sample.")
    total = serializers.IntegerField()
    facets = FacetsOfCasesShape()
    histogram = HistogramShape()


def facets_of(counts):
    """A `registry.facets.Counts` as it goes out. Two queries, whatever is counted."""
    tiers = {tier.rank: tier for tier in SeverityTier.objects.all()}
    return {
        "exact": counts.exact,
        "total": counts.total,
        "facets": {
            "status": plain(counts.groups["status"]),
            "severity": severities(counts.groups["severity_rank"], tiers),
            "kind": plain(counts.groups["kind"]),
            **{
                facet: [{"value": value, "name": name, "count": n} for value, name, n in found]
                for facet, found in counts.frequent.items()
            },
            "label": labels(counts.nodes),
        },
        "histogram": histogram(counts.timeline, tiers),
    }


def plain(group):
    found = [{"value": value or None, "name": value or None, "count": n} for value, n in group.items() if n]
    return sorted(found, key=lambda facet: (-facet["count"], facet["value"] or ""))


def severities(group, tiers):
    """The worst first; rank -1 is not set."""
    return [
        {"value": slug_of(tiers.get(rank)), "name": name_of(tiers.get(rank)), "count": n}
        for rank, n in sorted(group.items(), reverse=True)
        if n
    ]


def slug_of(tier):
    return tier and tier.slug


def name_of(tier):
    return tier and tier.name


def labels(counted):
    nodes = Node.objects.filter(pk__in=[pk for pk, n in counted.items() if n]).select_related("scheme")
    found = [{"value": node.key, "name": node.name, "count": counted[node.pk]} for node in nodes]
    return sorted(found, key=lambda facet: (-facet["count"], facet["value"]))


def histogram(timeline, tiers):
    columns = [
        {"first": first, "last": last, "count": sum(ranks.values()), "by_severity": severities(ranks, tiers)}
        for (first, last), (_, ranks) in zip(timeline.spans, timeline.columns, strict=True)
    ]
    return {"unit": timeline.unit, "columns": columns, "earlier": timeline.earlier, "undated": timeline.undated}
