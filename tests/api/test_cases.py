"""One case: logged, read, changed, moved through its life."""

import threading

import pytest
from django.db import connection

from registry.actions.cases import RATE_FIRST
from registry.choices import Kind, Status, Visibility
from registry.models import Case, EventGroup, System
from registry.models.case import TEMPLATE_FIELDS
from taxonomy.models import Node, SeverityTier
from tests.api.conftest import Tool
from tests.factories import agree, label, log, make_case, make_node, make_person, seen_by_standing_aside

pytestmark = pytest.mark.django_db
NEW = {
    "title": "Boat circles the lagoon",
    "kind": "finding",
    "occurred_from": "2026-11-12",
    "occurred_precision": "day",
    "systems": [{"name": "CoastRunners agent", "version": "1"}],
    "observed_behaviour": "It collected points and never finished.",
}


def errors(response, status=400):
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    return [(one["pointer"], one["code"]) for one in response.json()["errors"]]


class TestLogging:
    def test_a_case_is_logged_as_a_draft_with_its_address_and_etag(self, as_reporter):
        response = as_reporter.send("POST", "cases/", NEW)

        body = response.json()
        assert (response.status_code, body["status"], body["version"]) == (201, "draft", 1)
        assert response["Location"] == body["url"]
        assert response["ETag"] == as_reporter.get(body["url"])["ETag"]
        assert as_reporter.get(body["url"]).json() == body

    def test_a_case_is_submitted_at_once(self, as_reporter):
        body = as_reporter.send("POST", "cases/", NEW | {"submit": True}).json()

        assert (body["status"], body["systems"]) == (
            "triage",
            [{"name": "CoastRunners agent", "version": "1", "role": "subject"}],
        )

    def test_everything_a_person_may_set_is_set(self, as_analyst, other_analyst, reader):
        values = {
            "title": "Boat circles the lagoon",
            "kind": "finding",
            "visibility": "named",
            "owner": "jonas",
            "occurred_from": "2026-11-01",
            "occurred_to": "2026-11-12",
            "occurred_precision": "day",
            "detected_at": "2026-11-13T01:30:00+02:00",
            "stage": "evaluation",
            **{name: f"About the {name}." for name in TEMPLATE_FIELDS[1:]},
            "specified_objective": "Points.",
            "endorsed_goal": "Fun.",
            "human_gap": "holds",
            "outer_gap": "broken",
            "inner_gap": "unknown",
            "locus": "behavioural",
            "predictability": "warned",
            "predictability_reason": "It was told.",
            "warning_url": "https://example.org/warning",
            "triage": "specification-gaming",
            "scope": "core",
            "realised_severity": "none",
            "realised_rationale": "Nobody was hurt.",
            "potential_severity": "low",
            "potential_rationale": "A game.",
            "event_group": None,
            "developers": ["Acme"],
            "deployers": ["Harbour"],
            "affected": ["Players"],
            "readers": ["rena"],
        }
        sources = [{"title": "A report", "url": "https://example.org/r", "published_on": "2026-11-14"}]
        systems = [{"name": "agent", "version": "1"}, {"name": "boat"}]

        body = as_analyst.send("POST", "cases/", values | {"sources": sources, "systems": systems}).json()

        assert {name: body[name] for name in values} == values | {"detected_at": "2026-11-12T23:30:00Z"}
        assert [(one["name"], one["version"]) for one in body["systems"]] == [("agent", "1"), ("boat", "")]
        assert [(one["title"], one["url"], one["kind"]) for one in body["sources"]] == [
            ("A report", "https://example.org/r", "secondary")
        ]

    def test_submitting_an_unfinished_case_says_what_is_missing_and_saves_nothing(self, as_reporter):
        response = as_reporter.send("POST", "cases/", {"title": "Boat circles the lagoon", "submit": True})

        assert errors(response) == [
            ("#/observed_behaviour", "missing"),
            ("#/systems", "missing"),
            ("#/kind", "missing"),
        ]
        assert not Case.objects.exists()

    @pytest.mark.parametrize(
        ("values", "found"),
        [
            ({"titel": "x"}, ("#/titel", "unknown_field")),
            ({"a/b~": "x"}, ("#/a~1b~0", "unknown_field")),
            ({"status": "closed"}, ("#/status", "unknown_field")),
            ({"reporter": "ada"}, ("#/reporter", "unknown_field")),
            ({"reviewer": "ada"}, ("#/reviewer", "unknown_field")),
            ({"version": 7}, ("#/version", "unknown_field")),
            ({"title": "Boat"}, ("#/title", "min_length")),
            ({"title": 123456}, ("#/title", "invalid")),
            ({"title": None}, ("#/title", "null")),
            ({"title": "x" * 201}, ("#/title", "max_length")),
            ({"context": "x" * 50_001}, ("#/context", "max_length")),
            ({"kind": "disaster"}, ("#/kind", "invalid_choice")),
            ({"kind": ""}, ("#/kind", "invalid_choice")),
            ({"kind": ["finding"]}, ("#/kind", "invalid_choice")),
            ({"submit": "yes"}, ("#/submit", "invalid")),
            ({"owner": "nobody"}, ("#/owner", "unknown_row")),
            ({"potential_severity": "huge"}, ("#/potential_severity", "unknown_row")),
            ({"event_group": 999}, ("#/event_group", "unknown_row")),
            ({"event_group": True}, ("#/event_group", "invalid")),
            ({"occurred_from": "2026-02-30"}, ("#/occurred_from", "invalid")),
            ({"occurred_from": "20261112"}, ("#/occurred_from", "invalid")),
            ({"detected_at": "2026-11-12T10:00:00"}, ("#/detected_at", "offset")),
            ({"detected_at": "0001-01-01T00:00:00+14:00"}, ("#/detected_at", "overflow")),
            ({"detected_at": "2026-11-12"}, ("#/detected_at", "offset")),
            ({"warning_url": "javascript:alert(1)"}, ("#/warning_url", "invalid")),
            ({"systems": {"name": "x"}}, ("#/systems", "not_a_list")),
            ({"systems": [{"name": "x"}, {"nam": "y"}]}, ("#/systems/1/nam", "unknown_field")),
            ({"systems": ["x"]}, ("#/systems/0", "invalid")),
            ({"sources": [{"url": "https://example.org"}]}, ("#/sources/0/title", "required")),
            ({"developers": ["x" * 201]}, ("#/developers/0", "max_length")),
            ({"readers": ["mira", "nobody"]}, ("#/readers/1", "unknown_row")),
        ],
    )
    def test_what_is_wrong_is_pointed_at(self, as_analyst, values, found):
        assert errors(as_analyst.send("POST", "cases/", NEW | values)) == [found]
        assert not Case.objects.exists()

    @pytest.mark.parametrize(
        "values",
        [
            {"occurred_from": None},
            {"occurred_to": "2026-11-01"},
            {"detected_at": "2026-11-12T10:00:00+23:59"},
            {"detected_at": "9999-12-31T23:59:59-14:00"},
        ],
    )
    def test_values_that_contradict_each_other_or_the_calendar_are_no_server_error(self, as_analyst, values):
        response = as_analyst.send("POST", "cases/", NEW | values)

        assert response.status_code in (201, 400), response.content

    def test_an_event_group_of_hidden_cases_answers_like_none(self, as_analyst):
        hidden, shown = EventGroup.objects.create(name="Secret"), EventGroup.objects.create(name="Known")
        make_case(visibility=Visibility.NAMED, event_group=hidden)
        make_case(event_group=shown)

        known = as_analyst.send("POST", "cases/", NEW | {"event_group": shown.pk})
        secret = as_analyst.send("POST", "cases/", NEW | {"event_group": hidden.pk})
        nothing = as_analyst.send("POST", "cases/", NEW | {"event_group": 10**6})

        assert known.json()["event_group"] == {"id": shown.pk, "name": "Known"}
        assert errors(secret) == errors(nothing) == [("#/event_group", "unknown_row")]
        details = [answer.json()["errors"][0]["detail"] for answer in (secret, nothing)]
        assert details == [f"There is no event group {number}." for number in (hidden.pk, 10**6)]

    def test_logging_takes_few_queries(self, as_reporter, django_assert_num_queries):
        System.objects.create(name="CoastRunners agent")
        body = NEW | {"submit": True}

        # The token; a savepoint and its release; the job, the case, the system's name, its row; the answer.
        with django_assert_num_queries(8):
            assert as_reporter.send("POST", "cases/", body).status_code == 201


class TestReading:
    @pytest.mark.parametrize("n", [1, 30])
    def test_case_detail_query_count(self, as_analyst, analyst, django_assert_num_queries, n):
        case = make_case(status=Status.ANALYSIS, nodes=[make_node() for _ in range(n)])
        for number in range(n):
            label(case, make_node(), by=analyst)
            case.case_systems.create(system=System.objects.create(name=f"system {number}"))

        with django_assert_num_queries(3):  # the token, the case, everything that belongs to it
            body = as_analyst.get(f"cases/{case.reference}/").json()

        assert (len(body["labels"]), len(body["systems"])) == (n, n + 1)

    def test_the_number_and_the_reference_lead_to_the_same_case(self, as_analyst):
        case = make_case()

        by_number = as_analyst.get(f"cases/{case.pk}/").json()

        assert by_number == as_analyst.get(f"cases/{case.reference}").json()
        assert by_number["reference"] == case.reference

    def test_a_case_read_before_is_not_sent_again(self, as_analyst):
        case = make_case()
        etag = as_analyst.get(f"cases/{case.reference}/")["ETag"]

        again = as_analyst.get(f"cases/{case.reference}/", headers={"If-None-Match": etag})
        agree(case, make_node("red"))
        changed = as_analyst.get(f"cases/{case.reference}/", headers={"If-None-Match": etag})

        assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)
        assert changed.status_code == 200

    def test_a_hidden_case_answers_exactly_like_a_missing_one(self, as_analyst):
        hidden = make_case(visibility=Visibility.NAMED)
        answers = []

        for number in (hidden.pk, 10**6):
            response = as_analyst.get(f"cases/AIR-{number}/", headers={"X-Request-ID": "the-same-id"})
            answers.append((response.status_code, response.content, sorted(response.headers.items())))

        assert answers[0] == answers[1]
        assert answers[0][0] == 404

    @pytest.mark.parametrize("reference", ["0", "AIR-", "99999999999", "AIR-1e3", "AIR-%00", "../me", "2147483648"])
    def test_what_is_no_reference_is_not_found(self, as_analyst, reference):
        response = as_analyst.get(f"cases/{reference}/")

        assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")


class TestChanging:
    def test_only_what_is_sent_changes(self, as_analyst):
        case = make_case()
        etag = as_analyst.get(f"cases/{case.reference}/")["ETag"]

        body = as_analyst.send("PATCH", f"cases/{case.reference}/", {"context": "A game."}, match=etag).json()

        assert (body["context"], body["version"], body["title"]) == ("A game.", 2, case.title)

    def test_without_if_match_the_change_is_refused(self, as_analyst):
        case = make_case()

        response = as_analyst.send("PATCH", f"cases/{case.reference}/", {"context": "A game."})

        assert (response.status_code, response.json()["type"]) == (428, "/api/v1/problems/version-required/")

    def test_an_old_version_is_told_what_changed_and_the_etag_to_use(self, as_analyst, as_reviewer):
        case = make_case(kind=Kind.FINDING)
        old = as_analyst.get(f"cases/{case.reference}/")["ETag"]
        body = {"context": "A game.", "systems": [{"name": "other"}], "deployers": ["Harbour"]}
        as_reviewer.send("PATCH", f"cases/{case.reference}/", body, match=old)

        refused = as_analyst.send("PATCH", f"cases/{case.reference}/", {"context": "A boat."}, match=old)

        assert refused.status_code == 412
        # Both writes share this test's transaction, so the history gives them one time; rows show in real ones.
        assert refused.json()["changed"] == ["context"]
        assert refused["ETag"] == refused.json()["etag"] == as_analyst.get(f"cases/{case.reference}/")["ETag"]
        merged = as_analyst.send("PATCH", f"cases/{case.reference}/", {"context": "Both."}, match=refused["ETag"])
        assert merged.json()["context"] == "Both."

    @pytest.mark.parametrize("match", ['W/"1-abc"', '"other"', '"9-abc"', '"9-abc", "8"'])
    def test_a_tag_that_is_not_this_version_does_not_match(self, as_analyst, match):
        case = make_case()

        response = as_analyst.send("PATCH", f"cases/{case.reference}/", {"context": "x"}, match=match)

        assert response.status_code == 412

    @pytest.mark.parametrize("match", ["*", '"7-x", "1-abc"'])
    def test_any_version_or_one_of_several_matches(self, as_analyst, match):
        case = make_case()

        assert as_analyst.send("PATCH", f"cases/{case.reference}/", {"context": "x"}, match=match).status_code == 200

    def test_rows_are_checked_in_a_change_too(self, as_analyst):
        path = f"cases/{make_case().reference}/"

        assert errors(as_analyst.send("PATCH", path, {"systems": [{"version": "1"}]}, match="*")) == [
            ("#/systems/0/name", "required")
        ]
        assert errors(as_analyst.send("PATCH", path, {"title": None}, match="*")) == [("#/title", "null")]

    def test_null_takes_an_answer_back(self, as_analyst):
        low = SeverityTier.objects.get(slug="low")
        case = make_case(locus="both", warning_url="https://example.org", potential_severity=low)
        body = {"locus": None, "warning_url": None, "potential_severity": None}

        response = as_analyst.send("PATCH", f"cases/{case.reference}/", body, match="*")

        assert {name: response.json()[name] for name in body} == body

    def test_a_case_goes_to_nobody_who_may_not_analyse_it(self, as_analyst, reporter):
        case = make_case()

        response = as_analyst.send("PATCH", f"cases/{case.reference}/", {"owner": reporter.username}, match="*")

        assert [pointer for pointer, _ in errors(response)] == ["#/owner"]

    def test_a_closed_case_is_not_changed(self, as_analyst):
        case = make_case(status=Status.CLOSED)

        response = as_analyst.send("PATCH", f"cases/{case.reference}/", {"context": "x"}, match="*")

        assert (response.status_code, response.json()["type"]) == (403, "/api/v1/problems/not-allowed/")


class TestSteps:
    def step(self, tool, case, name, body=None, match="*"):
        return tool.send("POST", f"cases/{case.reference}/{name}/", body, match=match)

    def test_a_case_walks_its_whole_life(self, as_reporter, as_analyst, as_reviewer, analyst):
        reference = as_reporter.send("POST", "cases/", NEW).json()["reference"]
        case = Case.objects.get()
        assert self.step(as_reporter, case, "submit").json()["status"] == "triage"
        accepted = self.step(as_analyst, case, "accept", {"owner": "mira", "potential_severity": "low"}).json()
        assert (accepted["status"], accepted["owner"], accepted["potential_severity"]) == ("analysis", "mira", "low")
        finished = dict.fromkeys(TEMPLATE_FIELDS[1:], "Written.")
        finished |= {"realised_severity": "none", "predictability": "unknown"}
        as_analyst.send("PATCH", f"cases/{reference}/", finished, match="*")
        agree(case, Node.objects.get(scheme__slug="misalignment-causes", slug="outer"))
        assert self.step(as_analyst, case, "request-review").json()["detail"] == RATE_FIRST
        seen_by_standing_aside(case, analyst)
        assert self.step(as_analyst, case, "request-review").json()["status"] == "review"
        assert self.step(as_reviewer, case, "return", {"reason": "Say more."}).json()["status"] == "analysis"
        self.step(as_analyst, case, "request-review")
        closed = self.step(as_reviewer, case, "approve").json()
        assert (closed["status"], closed["reviewer"], closed["closed_at"] is None) == ("closed", "priya", False)
        assert self.step(as_analyst, case, "reopen", {"reason": "New facts."}).json()["status"] == "analysis"
        assert self.step(as_analyst, case, "withdraw", {"reason": "A hoax."}).json()["status"] == "withdrawn"

    def test_a_step_that_lacks_something_points_at_it(self, as_analyst):
        response = self.step(as_analyst, make_case(), "accept")

        assert errors(response, 409) == [("#/owner", "missing"), ("#/potential_severity", "missing")]
        assert response.json()["type"] == "/api/v1/problems/step-refused/"

    def test_a_step_from_the_wrong_status_is_refused(self, as_analyst):
        response = self.step(as_analyst, make_case(), "request-review")

        assert (response.status_code, response.json()["detail"]) == (409, "A case in triage cannot go to review.")

    def test_an_owner_cannot_approve_their_own(self, reviewer, as_reviewer):
        response = self.step(as_reviewer, make_case(status=Status.REVIEW, owner=reviewer), "approve")

        assert errors(response, 409) == []

    def test_who_handed_a_case_over_in_review_cannot_approve_it(self, reviewer, analyst, as_reviewer):
        case = make_case(status=Status.REVIEW, owner=reviewer)
        as_reviewer.send("PATCH", f"cases/{case.reference}/", {"owner": analyst.username}, match="*")

        response = self.step(as_reviewer, case, "approve")

        assert (response.status_code, Case.objects.get().status) == (409, "review")

    @pytest.mark.parametrize("body", [None, {"reason": ""}, {"reason": "x", "to": "closed"}, {"reason": 5}])
    def test_a_step_that_needs_a_reason_takes_nothing_else(self, as_analyst, body):
        assert self.step(as_analyst, make_case(), "withdraw", body).status_code == 400

    def test_a_step_on_an_old_version_is_refused(self, as_analyst):
        response = self.step(as_analyst, make_case(version=3), "withdraw", {"reason": "A hoax."}, match='"2-abc"')

        assert (response.status_code, Case.objects.get().status) == (412, "triage")


@pytest.mark.django_db(transaction=True)
def test_of_two_writers_with_the_same_version_one_wins_and_the_other_is_told(shipped_taxonomy):
    case = log()
    tools = [Tool(make_person()) for _ in range(4)]
    etags = [tool.get(f"cases/{case.reference}/")["ETag"] for tool in tools]
    start, answers = threading.Barrier(len(tools)), []

    def write(number):
        start.wait()
        body = {"context": f"Writer {number}.", "deployers": [f"Harbour {number}"]}
        answers.append(tools[number].send("PATCH", f"cases/{case.reference}/", body, match=etags[number]))
        connection.close()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(len(tools))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    won = [answer for answer in answers if answer.status_code == 200]
    lost = [answer for answer in answers if answer.status_code == 412]
    case.refresh_from_db()
    assert (len(won), len(lost), case.version) == (1, 3, 2)
    assert won[0].json()["context"] == case.context
    assert {tuple(answer.json()["changed"]) for answer in lost} == {("context", "deployers")}
    assert {answer["ETag"] for answer in lost} == {won[0]["ETag"]}
