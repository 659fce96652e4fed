"""Work on many cases, and what is owed."""

from api import batches
from registry.actions.exports import ask_for_export
from registry.choices import Visibility
from tests.analysed import accepted_debt, mitigation
from tests.api.matrix.rows import ALL, GONE, OWN, RESTRICTED, Made, Row
from tests.factories import NOW, make_case, make_person

ANALYSTS = (403, 403, 200, 200, 200)
LEFT = (403, 403, 204, 204, 204)
REVIEWERS_LEFT = (403, 403, 403, 204, 204)
ACCEPTANCE = '{"owner": "keeper", "reason": "Until the audit.", "expires_on": "2099-01-01"}'

ABOUT_A_CASE = {
    Row("api-case-mitigations", "GET", "cases/{case}/mitigations/"): (ALL, ALL, GONE),
    Row("api-mitigation-case", "PUT", "mitigations/{open_mitigation}/cases/{case}/"): (ANALYSTS, ANALYSTS, GONE),
    Row("api-case-debt", "GET", "cases/{case}/debt/"): (ALL, ALL, GONE),
    Row("api-case-debt-acceptance", "POST", "cases/{case}/debt/acceptance/", ACCEPTANCE): (
        (403, 403, 403, 201, 201),
        (403, 403, 403, 201, 201),
        GONE,
    ),
}
# What a job does is shown to whoever asked for it, and to nobody else.
ONLY_OWN = (ALL, GONE, GONE)
ABOUT_A_THING = {
    Row("api-job", "GET", "jobs/{job}/"): ONLY_OWN,
    Row("api-job-cancel", "POST", "jobs/{job}/cancel/"): ONLY_OWN,
    Row("api-job-rows", "GET", "jobs/{job}/rows/"): ONLY_OWN,
    Row("api-export", "GET", "exports/{export}/"): ONLY_OWN,
    Row("api-export-file", "GET", "exports/{export}/file/"): (GONE, GONE, GONE),
    Row("api-mitigation", "GET", "mitigations/{mitigation}/"): (ALL, ALL, GONE),
    Row("api-mitigation", "PATCH", "mitigations/{mitigation}/", '{"description": "x"}'): (ANALYSTS, ANALYSTS, GONE),
    Row("api-mitigation-case", "DELETE", "mitigations/{mitigation}/cases/{answered}/"): (LEFT, LEFT, GONE),
    Row("api-case-debt-acceptance", "GET", "cases/{carried}/debt/acceptance/"): (ALL, ALL, GONE),
    Row("api-case-debt-acceptance", "DELETE", "cases/{carried}/debt/acceptance/", match=None): (
        REVIEWERS_LEFT,
        REVIEWERS_LEFT,
        GONE,
    ),
}
ELSEWHERE = {
    Row("api-job-list", "GET", "jobs/"): ALL,
    Row("api-export-list", "GET", "exports/"): ALL,
    Row("api-export-list", "POST", "exports/", '{"format": "csv"}'): (202,) * 5,
    Row("api-import", "POST", "imports/?source=specgaming", "{}"): (403, 403, 403, 403, 400),
    Row("api-mitigation-list", "GET", "mitigations/"): ALL,
    Row("api-mitigation-list", "POST", "mitigations/", '{"title": "Two graders", "cases": ["AIR-0"]}'): (
        (403, 403, 400, 400, 400)
    ),
    Row("api-debt", "GET", "debt/"): ALL,
    Row("api-debt-cases", "GET", "debt/cases/"): ALL,
}


def things(whose, caller, case):
    """A list and an export that jobs shall do; a mitigation that answers two cases, one of which is `answered`; one
    of an open case; a case that is carried.
    """
    values = {"visibility": Visibility.NAMED if whose == RESTRICTED else Visibility.EVERYONE}
    made = {}

    def case_of():
        return make_case(reporter=caller if whose == OWN else None, **values)

    def answering():
        made["answered"] = case_of()
        return mitigation(made["answered"], case_of()).pk

    asked_by = caller if whose == OWN else make_person()
    return {
        "job": Made(lambda: batches.leave(batches.Wanted("create", [{}]), by=asked_by, at=NOW).pk),
        "export": Made(lambda: ask_for_export(by=asked_by, at=NOW, file_format="csv", columns=["title"]).pk),
        "mitigation": Made(answering),
        "answered": Made(lambda: made["answered"].reference),
        "open_mitigation": Made(lambda: mitigation(make_case()).pk),
        "carried": Made(lambda: accepted_debt(case=case_of()).case.reference),
    }
