"""Vocabularies, systems and organisations, patterns and agreement."""

from itertools import count

from registry.models import AgreementRun, EventGroup, Organisation, PatternRun
from taxonomy.models import Mapping, Node
from tests import analysed
from tests.api.matrix.rows import ALL, GONE, Made, Row
from tests.api.test_patterns import make_run
from tests.factories import NOW, agree, make_case, make_exposure, make_node, make_person, make_scheme

numbers = count(1)
ADMINISTRATORS = (403, 403, 403, 403, 201)
DONE_BY_ADMINISTRATORS = (403, 403, 403, 403, 200)
REMOVED_BY_ADMINISTRATORS = (403, 403, 403, 403, 204)
SENT_ON = (307,) * 5
PARTS = ("safeguards", "misses", "splits", "foresight", "exposures")
RED = "nodes/colours:red"
FILE = '{"format": "misp", "text": "{\\"namespace\\": \\"tastes\\", \\"predicates\\": [{\\"value\\": \\"sour\\"}]}"}'
NEW_SCHEME = '{"slug": "tones", "name": "Tones", "kind": "symptom"}'
NEW_NODE = '{"slug": "mauve", "name": "Mauve", "definition": "Pale purple."}'
NEW_EXPOSURE = """{"system": "Nobody saw it", "month": "2026-10", "unit": "conversations", "amount": 12000,
 "source": "The usage report of October."}"""
NEW_MAPPING = '{"node": "colours:red", "relation": "close", "other": "goodhart:causal", "source": "Us"}'

ABOUT_A_CASE = {
    Row("api-relabel", "GET", "relabels/{relabel}/", match=None): (ALL, ALL, GONE),
    Row("api-relabel-none-applies", "POST", "relabels/{relabel}/none-applies/", '{"reason": "It crashed."}'): (
        (403, 403, 409, 409, 409),
        (403, 403, 409, 409, 409),
        GONE,
    ),
}
ELSEWHERE = {
    Row("api-scheme-list", "GET", "schemes/"): ALL,
    Row("api-scheme-list", "POST", "schemes/", NEW_SCHEME): ADMINISTRATORS,
    Row("api-scheme-import", "POST", "schemes/import/", FILE): DONE_BY_ADMINISTRATORS,
    Row("api-scheme", "GET", "schemes/goodhart/"): ALL,
    Row("api-scheme-nodes", "POST", "schemes/colours/nodes/", NEW_NODE): ADMINISTRATORS,
    Row("api-scheme-file", "GET", "schemes/goodhart/files/skos.ttl/"): ALL,
    Row("api-node-list", "GET", "nodes/"): ALL,
    Row("api-node", "GET", f"{RED}/"): ALL,
    Row("api-node", "PATCH", f"{RED}/", '{"source": "Us", "reason": "It was missing."}'): (403, 403, 403, 200, 200),
    Row("api-node-versions", "GET", f"{RED}/versions/"): ALL,
    Row("api-node-use", "GET", f"{RED}/use/"): ALL,
    Row(
        "api-node-claims", "POST", f"{RED}/alternative-parents/", '{"parent": "colours:rose", "asserted_by": "Ann"}'
    ): ADMINISTRATORS,
    Row("api-node-claim", "GET", f"{RED}/alternative-parents/{{claim}}/"): ALL,
    Row("api-node-claim", "DELETE", f"{RED}/alternative-parents/{{claim}}/"): REMOVED_BY_ADMINISTRATORS,
    Row("api-node-retire", "POST", f"{RED}/retire/", '{"reason": "Unused."}'): ADMINISTRATORS,
    Row(
        "api-node-replace", "POST", f"{RED}/replace/", '{"reason": "The same.", "target": "colours:pink"}'
    ): ADMINISTRATORS,
    Row("api-node-merge", "POST", f"{RED}/merge/", '{"reason": "Narrow.", "target": "colours:pink"}'): ADMINISTRATORS,
    Row(
        "api-node-split", "POST", f"{RED}/split/", '{"reason": "Two.", "targets": ["colours:pink", "colours:rose"]}'
    ): ADMINISTRATORS,
    Row("api-node-move", "POST", f"{RED}/move/", '{"reason": "Wrong.", "parent": "colours:pink"}'): ADMINISTRATORS,
    Row("api-node-restore", "POST", "nodes/colours:old/restore/", '{"reason": "Needed."}'): DONE_BY_ADMINISTRATORS,
    Row("api-mapping-list", "GET", "mappings/"): ALL,
    Row("api-mapping-list", "POST", "mappings/", NEW_MAPPING): ADMINISTRATORS,
    Row("api-mapping", "GET", "mappings/{mapping}/"): ALL,
    Row("api-mapping", "DELETE", "mappings/{mapping}/"): REMOVED_BY_ADMINISTRATORS,
    Row("api-taxonomy-change-list", "GET", "taxonomy-changes/"): ALL,
    Row("api-taxonomy-change", "GET", "taxonomy-changes/{taxonomy_change}/"): ALL,
    Row("api-relabel-list", "GET", "relabels/"): ALL,
    Row("api-tier-list", "GET", "severity-tiers/"): ALL,
    Row("api-reference-matrix", "GET", "reference-matrix/"): ALL,
    Row("api-system-list", "GET", "systems/"): ALL,
    Row("api-system", "GET", "systems/{system}/"): ALL,
    Row("api-exposure-list", "GET", "exposures/"): ALL,
    # Whoever may record needs a system that a case names: test_exposures.py has one.
    Row("api-exposure-list", "POST", "exposures/", NEW_EXPOSURE): (403, 403, 400, 400, 400),
    Row("api-exposure", "GET", "exposures/{exposure}/", match=None): ALL,
    Row("api-exposure", "PATCH", "exposures/{exposure}/", '{"amount": 12500}'): (403, 403, 200, 200, 200),
    Row("api-exposure", "DELETE", "exposures/{exposure}/"): (403, 403, 204, 204, 204),
    Row("api-organisation-list", "GET", "organisations/"): ALL,
    Row("api-organisation", "GET", "organisations/{organisation}/"): ALL,
    Row("api-event-group-list", "GET", "event-groups/"): ALL,
    Row("api-event-group", "GET", "event-groups/{event_group}/"): ALL,
    Row("api-pattern-latest", "GET", "patterns/latest/"): ALL,
    Row("api-pattern-latest-pairs", "GET", "patterns/latest/pairs/"): SENT_ON,
    Row("api-pattern-latest-nodes", "GET", "patterns/latest/nodes/"): SENT_ON,
    Row("api-pattern-latest-trends", "GET", "patterns/latest/trends/"): SENT_ON,
    **{Row(f"api-pattern-latest-{kind}", "GET", f"patterns/latest/{kind}/"): SENT_ON for kind in PARTS},
    Row("api-pattern-run-list", "GET", "patterns/runs/"): ALL,
    Row("api-pattern-run-list", "POST", "patterns/runs/"): (403, 403, 202, 202, 202),
    Row("api-pattern-run", "GET", "patterns/runs/{run}/"): ALL,
    Row("api-pattern-pairs", "GET", "patterns/runs/{run}/pairs/"): ALL,
    Row("api-pattern-nodes", "GET", "patterns/runs/{run}/nodes/"): ALL,
    Row("api-pattern-trends", "GET", "patterns/runs/{run}/trends/"): ALL,
    **{Row(f"api-pattern-{kind}", "GET", f"patterns/runs/{{run}}/{kind}/"): ALL for kind in PARTS},
    Row("api-agreement-latest", "GET", "agreement/latest/"): ALL,
    Row("api-agreement-run-list", "GET", "agreement/runs/"): ALL,
    Row("api-agreement-run", "GET", "agreement/runs/{agreement}/"): ALL,
    Row("api-agreement-scores", "GET", "agreement/runs/{agreement}/scores/"): ALL,
    Row("api-agreement-rater-pairs", "GET", "agreement/runs/{agreement}/rater-pairs/"): ALL,
    Row("api-agreement-confusions", "GET", "agreement/runs/{agreement}/confusions/"): ALL,
    Row("api-agreement-queue", "GET", "agreement/queue/"): ALL,
}


def things(whose, caller, case):
    """The node `colours:red` among others, what stands beside it, and what the case or one that is open names."""
    colours()
    return {
        "run": (PatternRun.objects.first() or make_run()).pk,
        "agreement": (AgreementRun.objects.first() or analysed.agreement_run()).pk,
        "mapping": Made(a_mapping),
        "claim": Made(a_claim),
        "taxonomy_change": Made(lambda: a_change().pk),
        "relabel": Made(lambda: a_relabel(case)),
        "exposure": Made(lambda: make_exposure().pk),
        "system": Made(lambda: make_case().systems.get().pk),
        "organisation": Made(a_developer),
        "event_group": Made(lambda: make_case(event_group=EventGroup.objects.create(name="The lagoon")).event_group_id),
    }


def colours():
    if not Node.objects.filter(scheme__slug="colours", slug="old").exists():
        for slug in {"red", "pink", "rose"} - set(Node.objects.values_list("slug", flat=True)):
            make_node(slug)
        Node.objects.filter(pk=make_node("old").pk).update(retired_at=NOW)


def colour(slug):
    return Node.objects.select_related("scheme").get(scheme__slug="colours", slug=slug)


def a_mapping():
    other = make_node(scheme=make_scheme(f"wines-{next(numbers)}"))
    return Mapping.objects.create(from_node=colour("red"), to_node=other, relation="exact", source="Us").pk


def a_claim():
    return colour("red").alternative_parents.create(parent=colour("pink"), asserted_by=f"Reader {next(numbers)}").pk


def a_change():
    return analysed.taxonomy_change(kind="retire", node=colour("old"), made_by=make_person())


def a_relabel(case):
    if known := case.relabels.first():
        return known.pk
    agree(case, colour("old"))
    return analysed.relabel(change=a_change(), case=case).pk


def a_developer():
    developer, _ = Organisation.objects.get_or_create(name="Lagoon Labs")
    make_case().case_parties.create(organisation=developer, role="developer")
    return developer.pk
