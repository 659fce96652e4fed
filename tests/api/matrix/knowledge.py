"""Vocabularies and patterns."""

from taxonomy.models import Node
from tests.api.matrix.rows import ALL, Row
from tests.api.test_patterns import make_run
from tests.factories import make_node

ELSEWHERE = {
    Row("api-scheme-list", "GET", "schemes/"): ALL,
    Row("api-scheme", "GET", "schemes/goodhart/"): ALL,
    Row("api-node-list", "GET", "nodes/"): ALL,
    Row("api-node", "GET", "nodes/colours:red/"): ALL,
    Row("api-tier-list", "GET", "severity-tiers/"): ALL,
    Row("api-reference-matrix", "GET", "reference-matrix/"): ALL,
    Row("api-pattern-latest", "GET", "patterns/latest/"): ALL,
    Row("api-pattern-run-list", "GET", "patterns/runs/"): ALL,
    Row("api-pattern-run", "GET", "patterns/runs/{run}/"): ALL,
    Row("api-pattern-pairs", "GET", "patterns/runs/{run}/pairs/"): ALL,
    Row("api-pattern-nodes", "GET", "patterns/runs/{run}/nodes/"): ALL,
    Row("api-pattern-trends", "GET", "patterns/runs/{run}/trends/"): ALL,
}


def things(whose, caller, case):
    """A run of the statistics, and the node `colours:red`."""
    if not Node.objects.filter(slug="red").exists():
        make_node("red")
    return {"run": make_run().pk}
