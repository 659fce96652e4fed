"""Cases and labels."""

from registry.choices import Visibility
from registry.models import ExternalId
from tests.api.matrix.rows import ALL, GONE, OWN, REASON, RESTRICTED, Made, Row
from tests.factories import make_case

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
ABOUT_A_THING = {
    Row("api-case-by-ref", "GET", "cases/by-ref/tickets/{numbered}/", match=None): (ALL, ALL, GONE),
    # Where the number is a hidden case's, another case is made.
    Row("api-case-by-ref", "PUT", "cases/by-ref/tickets/{numbered}/", '{"title": "Boat circles"}', match=None): (
        (403, 200, 200, 200, 200),
        (403, 403, 200, 200, 200),
        (403, 201, 201, 201, 201),
    ),
}
ONE = '{"title": "Boat circles the lagoon"}'
WISH = '{"filter": {"status": "withdrawn"}, "expected_count": 0, "set": {"locus": "both"}}'
ELSEWHERE = {
    Row("api-case-facets", "GET", "cases/facets/"): ALL,
    Row("api-case-bulk", "POST", "cases/bulk/", f'{{"cases": [{ONE}]}}'): (403, 200, 200, 200, 200),
    Row("api-case-bulk", "PATCH", "cases/bulk/", WISH, match=None): ALL,
    Row("api-case-list", "GET", "cases/"): ALL,
    Row("api-case-list", "POST", "cases/", '{"title": "Boat circles the lagoon"}'): (403, 201, 201, 201, 201),
}


def things(whose, caller, case):
    """The number of a case in another system."""

    def numbered():
        visibility = Visibility.NAMED if whose == RESTRICTED else Visibility.EVERYONE
        made = make_case(reporter=caller if whose == OWN else None, visibility=visibility)
        return ExternalId.objects.create(case=made, source="tickets", value=f"OPS-{made.pk}").value

    return {"numbered": Made(numbered)}
