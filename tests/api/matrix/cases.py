"""Cases and labels."""

from tests.api.matrix.rows import ALL, GONE, REASON, Row

ABOUT_A_CASE = {
    Row("api-case", "GET", "cases/{case}/"): (
        ALL,
        ALL,
        GONE,
    ),
    Row("api-case", "PATCH", "cases/{case}/", '{"context": "x"}'): (
        (403, 200, 200, 200, 200),
        (403, 403, 200, 200, 200),
        GONE,
    ),
    Row("api-case-submit", "POST", "cases/{case}/submit/"): (
        (403, 409, 409, 409, 409),
        (403, 403, 409, 409, 409),
        GONE,
    ),
    Row("api-case-accept", "POST", "cases/{case}/accept/", '{"owner": "keeper", "potential_severity": "low"}'): (
        (403, 403, 200, 200, 200),
        (403, 403, 200, 200, 200),
        GONE,
    ),
    Row("api-case-request-review", "POST", "cases/{case}/request-review/"): (
        (403, 403, 409, 409, 409),
        (403, 403, 409, 409, 409),
        GONE,
    ),
    Row("api-case-approve", "POST", "cases/{case}/approve/"): (
        (403, 403, 403, 409, 409),
        (403, 403, 403, 409, 409),
        GONE,
    ),
    Row("api-case-return", "POST", "cases/{case}/return/", REASON): (
        (403, 403, 403, 409, 409),
        (403, 403, 403, 409, 409),
        GONE,
    ),
    Row("api-case-withdraw", "POST", "cases/{case}/withdraw/", REASON): (
        (403, 200, 200, 200, 200),
        (403, 403, 200, 200, 200),
        GONE,
    ),
    Row("api-case-reopen", "POST", "cases/{case}/reopen/", REASON): (
        (403, 403, 409, 409, 409),
        (403, 403, 409, 409, 409),
        GONE,
    ),
    Row("api-case-labels", "GET", "cases/{case}/labels/", match=None): (
        ALL,
        ALL,
        GONE,
    ),
    Row("api-case-label", "GET", "cases/{case}/labels/colours:red/", match=None): (
        GONE,
        GONE,
        GONE,
    ),
    Row("api-case-label", "PUT", "cases/{case}/labels/colours:red/", "{}", match=None): (
        (403, 403, 201, 201, 201),
        (403, 403, 201, 201, 201),
        GONE,
    ),
    Row("api-case-label", "DELETE", "cases/{case}/labels/colours:red/"): (
        (403, 403, 404, 404, 404),
        (403, 403, 404, 404, 404),
        GONE,
    ),
}
ELSEWHERE = {
    Row("api-case-list", "GET", "cases/"): ALL,
    Row("api-case-list", "POST", "cases/", '{"title": "Boat circles the lagoon"}'): (403, 201, 201, 201, 201),
}
