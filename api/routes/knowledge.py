"""Vocabularies, systems and organisations, and what was computed over the cases."""

from api.routing import KEY, NUMBER, SLUG, route
from api.views import (
    agreement,
    exposures,
    mappings,
    node_changes,
    nodes,
    parties,
    pattern_parts,
    patterns,
    relabels,
    schemes,
    taxonomy,
)

LATEST_ROWS = patterns.LATEST_ROWS | pattern_parts.LATEST_ROWS
FILE = r"(?P<name>misp\.json|skos\.ttl|skos\.jsonld)"

# What stands before `schemes/{SLUG}` would else be taken for a scheme.
routes = [
    route("schemes", schemes.SchemeList, "scheme-list"),
    route("schemes/import", schemes.SchemeImport, "scheme-import"),
    route(rf"schemes/{SLUG}", schemes.OneScheme, "scheme"),
    route(rf"schemes/{SLUG}/nodes", nodes.NewNode, "scheme-nodes"),
    route(rf"schemes/{SLUG}/files/{FILE}", schemes.SchemeFile, "scheme-file"),
    route("nodes", nodes.NodeList, "node-list"),
    route(rf"nodes/{KEY}", nodes.OneNode, "node"),
    route(rf"nodes/{KEY}/versions", nodes.NodeVersions, "node-versions"),
    route(rf"nodes/{KEY}/use", nodes.NodeUse, "node-use"),
    route(rf"nodes/{KEY}/alternative-parents", nodes.ClaimList, "node-claims"),
    route(rf"nodes/{KEY}/alternative-parents/{NUMBER}", nodes.OneClaim, "node-claim"),
    *(route(rf"nodes/{KEY}/{kind}", node_changes.step_view(kind), f"node-{kind}") for kind in node_changes.KINDS),
    route("mappings", mappings.MappingList, "mapping-list"),
    route(rf"mappings/{NUMBER}", mappings.OneMapping, "mapping"),
    route("taxonomy-changes", node_changes.ChangeList, "taxonomy-change-list"),
    route(rf"taxonomy-changes/{NUMBER}", node_changes.OneChange, "taxonomy-change"),
    route("relabels", relabels.RelabelList, "relabel-list"),
    route(rf"relabels/{NUMBER}", relabels.OneRelabel, "relabel"),
    route(rf"relabels/{NUMBER}/none-applies", relabels.NoneApplies, "relabel-none-applies"),
    route("severity-tiers", taxonomy.TierList, "tier-list"),
    route("reference-matrix", taxonomy.ReferenceMatrix, "reference-matrix"),
    route("systems", parties.SystemList, "system-list"),
    route(rf"systems/{NUMBER}", parties.OneSystem, "system"),
    route("exposures", exposures.ExposureList, "exposure-list"),
    route(rf"exposures/{NUMBER}", exposures.OneExposure, "exposure"),
    route("organisations", parties.OrganisationList, "organisation-list"),
    route(rf"organisations/{NUMBER}", parties.OneOrganisation, "organisation"),
    route("event-groups", parties.EventGroupList, "event-group-list"),
    route(rf"event-groups/{NUMBER}", parties.OneEventGroup, "event-group"),
    route("patterns/latest", patterns.LatestRun, "pattern-latest"),
    *(route(f"patterns/latest/{kind}", view, f"pattern-latest-{kind}") for kind, view in LATEST_ROWS.items()),
    route("patterns/runs", patterns.RunList, "pattern-run-list"),
    route(rf"patterns/runs/{NUMBER}", patterns.OneRun, "pattern-run"),
    *(
        route(rf"patterns/runs/{NUMBER}/{kind}", view, f"pattern-{kind}")
        for kind, view in (patterns.KINDS | pattern_parts.KINDS).items()
    ),
    route("agreement/latest", agreement.LatestRun, "agreement-latest"),
    route("agreement/runs", agreement.RunList, "agreement-run-list"),
    route(rf"agreement/runs/{NUMBER}", agreement.OneRun, "agreement-run"),
    route(rf"agreement/runs/{NUMBER}/scores", agreement.ScoresOfRun, "agreement-scores"),
    route(rf"agreement/runs/{NUMBER}/rater-pairs", agreement.RaterPairsOfRun, "agreement-rater-pairs"),
    route(rf"agreement/runs/{NUMBER}/confusions", agreement.ConfusionsOfRun, "agreement-confusions"),
    route("agreement/queue", agreement.Queue, "agreement-queue"),
]
