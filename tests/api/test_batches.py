"""Many cases in one request: every row as if it had been sent by itself."""

import pytest

from registry.choices import Status, Visibility
from registry.models import Case, Job, System
from tests.api.conftest import Tool
from tests.factories import log, make_case, make_cases

pytestmark = pytest.mark.django_db

GOOD = {"title": "Agent edits a failing test", "systems": [{"name": "code-agent"}]}


def outcomes(response):
    assert response.status_code == 200, response.content
    return [(row["status"], row["reference"], row["version"]) for row in response.json()["rows"]]


def pointers(row):
    return [error["pointer"] for error in row["problem"]["errors"]]


class TestLogging:
    def test_each_row_is_logged_or_refused_by_itself(self, as_reporter):
        rows = [GOOD, {"title": "Hm"}, {**GOOD, "colour": "red"}, 7, {**GOOD, "title": "Boat circles the lagoon"}]

        answer = as_reporter.send("POST", "cases/bulk/", {"cases": rows})

        first, last = Case.objects.order_by("pk")
        body = answer.json()
        assert outcomes(answer) == [
            (201, first.reference, 1),
            (400, None, None),
            (400, None, None),
            (400, None, None),
            (201, last.reference, 1),
        ]
        assert [pointers(row) for row in body["rows"][1:4]] == [
            ["#/cases/1/title"],
            ["#/cases/2/colour"],
            ["#/cases/3"],
        ]
        assert body["counts"] == {"made": 2, "changed": 0, "refused": 3}
        assert body["rows"][0]["url"] == f"http://testserver/api/v1/cases/{first.reference}/"

    def test_a_row_that_lacks_something_for_triage_points_there(self, as_reporter):
        answer = as_reporter.send("POST", "cases/bulk/", {"cases": [{**GOOD, "submit": True}]})

        assert "#/cases/0/kind" in pointers(answer.json()["rows"][0])
        assert not Case.objects.exists()

    def test_all_or_nothing_names_every_refused_row(self, as_reporter):
        rows = [GOOD, {"title": "Hm"}, {"kind": "incident"}]

        answer = as_reporter.send("POST", "cases/bulk/?atomic=true", {"cases": rows})

        body = answer.json()
        assert (answer.status_code, body["type"]) == (409, "/api/v1/problems/batch-refused/")
        assert [error["pointer"] for error in body["errors"]] == ["#/cases/1/title", "#/cases/2/title"]
        assert [row["index"] for row in body["rows"]] == [1, 2]
        assert not Case.objects.exists()
        assert not System.objects.exists()

    @pytest.mark.parametrize("atomic", ["", "&atomic=true"])
    def test_a_dry_run_checks_everything_and_leaves_nothing(self, as_reporter, atomic):
        answer = as_reporter.send("POST", f"cases/bulk/?dry_run=true{atomic}", {"cases": [GOOD, GOOD]})

        assert outcomes(answer) == [(201, None, 1), (201, None, 1)]
        assert answer.json()["dry_run"] is True
        assert not Case.objects.exists()
        assert not System.objects.exists()

    def test_all_of_it_is_saved_when_every_row_fits(self, as_reporter):
        answer = as_reporter.send("POST", "cases/bulk/?atomic=true", {"cases": [GOOD] * 3})

        assert [status for status, *_ in outcomes(answer)] == [201, 201, 201]
        assert Case.objects.count() == 3

    @pytest.mark.parametrize("systems", [7, "x", {"name": "x"}, [7], [None], [["x"]], [{"name": None}], None])
    @pytest.mark.parametrize("query", ["", "?atomic=true", "?dry_run=true"])
    def test_names_of_any_shape_are_refused_with_their_row(self, as_reporter, systems, query):
        answer = as_reporter.send("POST", f"cases/bulk/{query}", {"cases": [{**GOOD, "systems": systems}]})

        assert [row["status"] for row in answer.json()["rows"]] == [400]
        assert not System.objects.exists()

    @pytest.mark.parametrize("body", [{}, {"cases": []}, {"cases": None}, {"cases": {}}, {"rows": [GOOD]}, [GOOD]])
    def test_what_is_no_list_of_cases_is_refused(self, as_reporter, body):
        assert as_reporter.send("POST", "cases/bulk/", body).status_code == 400

    @pytest.mark.parametrize("query", ["atomic=yes", "dry_run=1", "atomc=true"])
    def test_a_switch_that_cannot_be_meant_is_refused(self, as_reporter, query):
        answer = as_reporter.send("POST", f"cases/bulk/?{query}", {"cases": [GOOD]})

        assert (answer.status_code, answer.json()["type"]) == (400, "/api/v1/problems/invalid-parameter/")
        assert not Case.objects.exists()

    def test_a_key_makes_them_once(self, as_reporter):
        answers = [
            as_reporter.send("POST", "cases/bulk/", {"cases": [GOOD]}, headers={"Idempotency-Key": "one"})
            for _ in range(2)
        ]

        assert answers[0].content == answers[1].content
        assert Case.objects.count() == 1


class TestChanging:
    def test_each_row_is_changed_or_refused_by_itself(self, as_analyst):
        first, second, hidden = make_case(), make_case(), make_case(visibility=Visibility.NAMED)
        rows = [
            {"reference": second.reference, "version": 1, "locus": "both"},
            {"reference": first.reference, "version": 1, "locus": "behavioural"},
            {"reference": first.reference, "version": 1, "locus": "both"},
            {"reference": hidden.reference, "version": 1, "locus": "both"},
            {"reference": first.reference, "locus": "both"},
            {"reference": second.reference, "version": 2, "locus": "nowhere"},
        ]

        answer = as_analyst.send("PATCH", "cases/bulk/", {"cases": rows})

        body = answer.json()["rows"]
        assert [(row["status"], row["version"]) for row in body] == [
            (200, 2),
            (200, 2),
            (412, None),
            (404, None),
            (400, None),
            (400, None),
        ]
        assert (body[2]["problem"]["version"], body[2]["problem"]["changed"]) == (2, ["locus"])
        assert pointers(body[4]) == ["#/cases/4/version"]
        assert pointers(body[5]) == ["#/cases/5/locus"]
        assert body[3]["url"] is None

    def test_a_hidden_case_answers_like_a_missing_one(self, as_analyst):
        hidden = make_case(visibility=Visibility.NAMED)

        def told(number):
            row = {"reference": f"AIR-{number}", "version": 1, "locus": "both"}
            return as_analyst.send("PATCH", "cases/bulk/", {"cases": [row]}).json()["rows"][0]

        assert told(hidden.pk) == told(10**6) | {"reference": hidden.reference}

    def test_a_row_without_right_is_refused_and_the_others_are_not(self, as_reporter, reporter):
        own, others = log(by=reporter), log()
        rows = [{"reference": each.reference, "version": 1, "context": "Seen."} for each in (own, others)]

        answer = as_reporter.send("PATCH", "cases/bulk/", {"cases": rows})

        assert [status for status, *_ in outcomes(answer)] == [200, 403]

    def test_all_or_nothing_leaves_the_versions(self, as_analyst):
        first, second = make_cases(2)
        rows = [
            {"reference": first.reference, "version": 1, "locus": "both"},
            {"reference": second.reference, "version": 9, "locus": "both"},
        ]

        answer = as_analyst.send("PATCH", "cases/bulk/?atomic=true", {"cases": rows})

        assert (answer.status_code, [row["status"] for row in answer.json()["rows"]]) == (409, [412])
        assert set(Case.objects.values_list("version", "locus")) == {(1, "")}

    def test_what_a_filter_finds_is_changed_if_it_is_as_many_as_expected(self, as_analyst, analyst):
        mine = make_cases(2)
        make_case(status=Status.ANALYSIS)
        make_case(visibility=Visibility.NAMED)
        body = {"filter": {"status": ["triage"]}, "expected_count": 2, "set": {"owner": "mira"}}

        answer = as_analyst.send("PATCH", "cases/bulk/", body)

        assert outcomes(answer) == [(200, case.reference, 2) for case in mine]
        assert Case.objects.filter(owner=analyst).count() == 2

    def test_another_count_changes_nothing_and_says_how_many_there_are(self, as_analyst):
        make_cases(2)
        body = {"filter": {"status": "triage"}, "expected_count": 3, "set": {"locus": "both"}}

        answer = as_analyst.send("PATCH", "cases/bulk/", body)

        assert (answer.status_code, answer.json()["type"]) == (409, "/api/v1/problems/count-differs/")
        assert answer.json()["count"] == 2
        assert set(Case.objects.values_list("version", flat=True)) == {1}

    @pytest.mark.parametrize(
        ("body", "pointer"),
        [
            ({"filter": {}, "set": {"locus": "both"}}, "#/expected_count"),
            ({"filter": {}, "expected_count": 1}, "#/set"),
            ({"filter": {}, "expected_count": 1, "set": {}}, "#/set"),
            ({"filter": {}, "expected_count": 1, "set": {"locus": "nowhere"}}, "#/set/locus"),
            ({"filter": {"sttus": "triage"}, "expected_count": 1, "set": {"locus": "both"}}, "#/filter/sttus"),
            ({"filter": {"status": "boiling"}, "expected_count": 1, "set": {"locus": "both"}}, "#/filter/status"),
            ({"filter": {"status": None}, "expected_count": 1, "set": {"locus": "both"}}, "#/filter/status"),
            (
                {"filter": {"owner__isnull": "no"}, "expected_count": 1, "set": {"locus": "both"}},
                "#/filter/owner__isnull",
            ),
            ({"filter": {"kind": ["", "finding"]}, "expected_count": 1, "set": {"locus": "both"}}, "#/filter/kind"),
            ({"cases": [{}], "expected_count": 1}, "#/expected_count"),
            ({"expected_count": True, "filter": {}, "set": {"locus": "both"}}, "#/expected_count"),
        ],
    )
    def test_half_a_wish_is_refused_with_its_pointer(self, as_analyst, body, pointer):
        make_case()

        answer = as_analyst.send("PATCH", "cases/bulk/", body)

        assert answer.status_code == 400
        assert pointer in [error["pointer"] for error in answer.json()["errors"]]
        assert Case.objects.get().version == 1

    def test_a_dry_run_says_which_version_it_would_become(self, as_analyst):
        case = make_case()
        body = {"cases": [{"reference": case.reference, "version": 1, "locus": "both"}]}

        answer = as_analyst.send("PATCH", "cases/bulk/?dry_run=true", body)

        assert outcomes(answer) == [(200, case.reference, 2)]
        assert Case.objects.get().version == 1


def test_readers_log_none_and_a_token_needs_its_scopes(as_reader, reporter):
    narrow = Tool(reporter, "cases:read")

    assert as_reader.send("POST", "cases/bulk/", {"cases": [GOOD]}).status_code == 403
    assert narrow.send("POST", "cases/bulk/", {"cases": [GOOD]}).status_code == 403
    assert not Case.objects.exists()
    assert not Job.objects.filter(kind="batch").exists()


@pytest.mark.parametrize("rows", [2, 20])
def test_a_row_costs_as_many_queries_in_a_long_list_as_in_a_short_one(as_reporter, django_assert_num_queries, rows):
    as_reporter.send("POST", "cases/bulk/", {"cases": [GOOD]})  # the system is there now

    with django_assert_num_queries(1 + rows * 7):
        answer = as_reporter.send("POST", "cases/bulk/", {"cases": [GOOD] * rows})

    assert answer.json()["counts"]["made"] == rows
