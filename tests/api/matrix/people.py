"""The caller, other people, and what belongs to one person."""

from tests.api.matrix.rows import ALL, Row

ELSEWHERE = {
    Row("api-me", "GET", "me/"): ALL,
    Row("api-schema", "GET", "openapi.json"): ALL,
}
# The first asks a browser to sign in, the second is open so that a refusal can be read.
PAGES = {"api-docs": 302, "api-problem": 200}
