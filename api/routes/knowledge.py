"""Vocabularies, systems and organisations, and what was computed over the cases."""

from api.routing import KEY, NUMBER, SLUG, route
from api.views import patterns, taxonomy

routes = [
    route("schemes", taxonomy.SchemeList, "scheme-list"),
    route(rf"schemes/{SLUG}", taxonomy.OneScheme, "scheme"),
    route("nodes", taxonomy.NodeList, "node-list"),
    route(rf"nodes/{KEY}", taxonomy.OneNode, "node"),
    route("severity-tiers", taxonomy.TierList, "tier-list"),
    route("reference-matrix", taxonomy.ReferenceMatrix, "reference-matrix"),
    route("patterns/latest", patterns.LatestRun, "pattern-latest"),
    route("patterns/runs", patterns.RunList, "pattern-run-list"),
    route(rf"patterns/runs/{NUMBER}", patterns.OneRun, "pattern-run"),
    route(rf"patterns/runs/{NUMBER}/pairs", patterns.PairsOfRun, "pattern-pairs"),
    route(rf"patterns/runs/{NUMBER}/nodes", patterns.NodesOfRun, "pattern-nodes"),
    route(rf"patterns/runs/{NUMBER}/trends", patterns.TrendsOfRun, "pattern-trends"),
]
