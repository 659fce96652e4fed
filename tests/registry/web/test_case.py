"""The page of one case: what it shows to whom, and its history."""

from datetime import timedelta
from urllib.parse import quote

import pytest

from registry.actions import cases
from registry.choices import Gap, Method, Status, Visibility
from registry.models import CaseMerge, CaseReader
from registry.web.differences import difference
from taxonomy.models import Node, SeverityTier
from tests.factories import NOW, adjudicate, agree, log, make_case, make_node, make_pair, make_person, make_run
from tests.factories import label as put_label
from tests.registry.web.pages import signed_in, text_of

pytestmark = pytest.mark.django_db


def page(person, case, tail=""):
    return signed_in(person).get(f"/cases/{case.reference}/{tail}")


def put_merge(case, *, by):
    merged = make_case(status=Status.WITHDRAWN, merged_into=case)
    CaseMerge.objects.create(kept=case, merged=merged, reason="One event.", moved=[], merged_by=by, merged_at=NOW)


def cause(slug):
    return Node.objects.get(scheme__slug="misalignment-causes", slug=slug)


def broken_gaps(response):
    return [item["gap"]["words"] for item in response.context["gap"]["items"] if item["gap"] and item["gap"]["css"]]


@pytest.mark.parametrize("n", [1, 30])
def test_case_page_query_count(reader, django_assert_num_queries, n):
    case, client = make_case(status=Status.ANALYSIS), signed_in(reader)
    for _ in range(n):
        put_label(case, make_node(), by=make_person())
        put_merge(case, by=case.owner)

    with django_assert_num_queries(39):
        response = client.get(f"/cases/{case.reference}/")

    assert len(response.context["labels"]) == n
    assert len(response.context["merges"]) == n


@pytest.mark.parametrize("reference", ["AIR-999999", "AIR-0", "AIR-99999999999", "nonsense", "%00", "AIR-1%00"])
def test_a_case_that_does_not_exist_is_not_found(reader, reference):
    assert signed_in(reader).get(f"/cases/{reference}/").status_code == 404


@pytest.mark.parametrize("tail", ["", "edit", "history", "receipt", "labels/", "steps/accept", "steps/withdraw"])
def test_a_hidden_case_answers_like_a_missing_one_on_every_page(reviewer, tail):
    case = make_case(visibility=Visibility.NAMED, title="Hidden canary")
    client = signed_in(reviewer)

    hidden, missing = client.get(f"/cases/{case.reference}/{tail}"), client.get(f"/cases/AIR-999999/{tail}")

    assert hidden.status_code == missing.status_code == 404
    assert text_of(hidden) == text_of(missing)


def test_an_unsigned_visitor_is_sent_to_sign_in(client, db):
    for address in ("/", "/cases/", "/cases/new", "/cases/AIR-1/", "/account/me/"):
        assert client.get(address)["Location"].startswith("/account/login/")


def test_a_named_person_sees_the_case_and_who_else_does(reader):
    case = make_case(visibility=Visibility.NAMED)
    CaseReader.objects.create(case=case, person=reader)

    response = page(reader, case)

    assert "Named people only" in text_of(response)
    assert {person.name for person in response.context["people"]} == {reader.name, case.reporter.name}


@pytest.mark.parametrize(
    ("slug", "gap"),
    [
        ("volition-based", "Outer gap broken"),
        ("perfect-correlate", "Inner gap broken"),
        ("human-normative", "Human gap broken"),
    ],
)
def test_an_agreed_cause_breaks_the_gap_it_stands_under(reader, slug, gap):
    case = make_case(nodes=[cause(slug)])

    assert broken_gaps(page(reader, case)) == [gap]


def test_what_the_case_says_of_its_gaps_is_drawn_too(reader):
    case = make_case(human_gap=Gap.BROKEN, outer_gap=Gap.HOLDS)

    response = page(reader, case)

    assert broken_gaps(response) == ["Human gap broken"]
    assert "Outer gap holds" in text_of(response)


def test_what_is_missing_stands_before_the_button(analyst):
    case = make_case(status=Status.ANALYSIS, owner=analyst, context="Written.")

    listed = page(analyst, case).context["checklist"]

    assert [item["message"] for item in listed.todo][:2] == [
        "Write the intended objective.",
        "Write the optimised objective.",
    ]
    assert (listed.done, listed.total, listed.ready) == (3, 13, False)
    assert listed.todo[0]["url"] == f"/cases/{case.reference}/edit#id_intended_objective"


@pytest.mark.parametrize(
    ("role", "status", "steps"),
    [
        ("reader", Status.TRIAGE, []),
        ("analyst", Status.TRIAGE, ["accept", "withdraw"]),
        ("analyst", Status.ANALYSIS, ["request-review", "withdraw"]),
        ("analyst", Status.REVIEW, ["withdraw"]),
        ("reviewer", Status.REVIEW, ["approve", "return", "withdraw"]),
        ("analyst", Status.CLOSED, ["reopen"]),
        ("reviewer", Status.WITHDRAWN, ["reopen"]),
    ],
)
def test_only_the_steps_one_may_take_are_offered(role, status, steps):
    response = page(make_person(role=role), make_case(status=status))

    assert [step.slug for step in response.context["steps"]] == steps


def test_markdown_is_shown_without_what_could_run(reader):
    case = make_case(observed_behaviour="**Bold** <img src=x onerror=alert(1)> [a](javascript:alert(1))")

    content = page(reader, case).content.decode()

    assert "<strong>Bold</strong>" in content
    assert "<img" not in content
    assert 'href="javascript' not in content


def test_who_may_label_sees_no_other_label_before_their_own(analyst, other_analyst):
    node = make_node("secret-stance", name="Secret stance")
    case = make_case(status=Status.ANALYSIS)
    put_label(case, node, by=other_analyst, rationale="Secret rationale", quote="Secret quote")

    before = [page(analyst, case), page(analyst, case, "history"), page(analyst, case, "labels/")]
    put_label(case, make_node(), by=analyst)
    after = [page(analyst, case), page(analyst, case, "history")]

    assert not any("Secret rationale" in text_of(response) for response in before)
    assert "Secret stance" not in text_of(before[0]) + text_of(before[1])
    assert "1 other rater labelled this case" in text_of(before[0])
    assert all("Secret stance" in text_of(response) for response in after)
    assert "Secret rationale" in text_of(after[0])


def test_what_was_imported_or_adjudicated_is_no_secret(analyst, reviewer):
    imported, decided = make_node(name="Imported label"), make_node(name="Decided label")
    case = agree(make_case(status=Status.ANALYSIS), imported)
    adjudicate(case, decided, by=reviewer)

    shown = page(analyst, case).context["labels"]

    assert {row["node"].name: row["agreed"].method for row in shown} == {
        "Imported label": Method.IMPORTED,
        "Decided label": Method.ADJUDICATED,
    }


def test_raters_stand_side_by_side(reader, analyst, other_analyst):
    node, case = make_node(), make_case(status=Status.ANALYSIS)
    put_label(case, node, by=analyst, stance="present", confidence=80)
    put_label(case, node, by=other_analyst, stance="absent")

    response = page(reader, case)

    row = response.context["labels"][0]
    assert [rater.name for rater in response.context["raters"]] == ["Jonas Weber", "Mira Okafor"]
    assert (row["dots"], row["present"], row["agreed"], row["split"]) == (["absent", "present"], 1, None, True)


def test_history_says_who_changed_what_and_why(reader, analyst):
    case = make_case(
        status=Status.ANALYSIS, root_cause="The reward could not tell a mended function from a loosened test."
    )
    cases.edit_case(
        case=case,
        by=analyst,
        at=NOW,
        version=1,
        reason="Twelve replays.",
        root_cause="The reward could not tell a mended function from a broken test.",
        potential_severity=SeverityTier.objects.get(slug="high"),
    )

    entries = page(reader, case, "history").context["entries"]

    edited = entries[0]
    assert (edited.person, edited.did, edited.reason) == (
        "Mira Okafor",
        "changed root cause and potential severity",
        "Twelve replays.",
    )
    assert {change.name: change.marked for change in edited.changes} == {
        "Root cause": "… could not tell a mended function from a <del>loosened</del> <ins>broken</ins> test.",
        "Potential severity": "<ins>High</ins>",
    }


@pytest.mark.django_db(transaction=True)
def test_history_is_paged_from_the_newest(shipped_taxonomy, reader, analyst, monkeypatch):
    monkeypatch.setattr("registry.web.views.case.PER_PAGE", 2)
    case = make_case(status=Status.ANALYSIS)
    for version in range(1, 4):
        case = cases.edit_case(case=case, by=analyst, at=NOW, version=version, context=f"Version {version}.")
    client, pages, tail = signed_in(reader), [], ""

    while tail is not None:
        response = client.get(f"/cases/{case.reference}/history{tail}")
        pages.append(response.context["entries"])
        tail = f"?before={quote(pages[-1][-1].at.isoformat())}" if response.context["older"] else None

    changes = [change.marked for page in pages for entry in page for change in entry.changes]
    assert [marked for marked in changes if "Version" in marked] == [
        "<del>Version 2.</del> → <ins>Version 3.</ins>",
        "<del>Version 1.</del> → <ins>Version 2.</ins>",
        "<ins>Version 1.</ins>",
    ]
    assert {len(page) for page in pages[:-1]} == {2}


@pytest.mark.parametrize("before", ["nonsense", "2026-13-01", "%00", "9999-12-31T23:59:59Z"])
def test_a_bad_time_in_the_address_shows_the_newest_history(reader, before):
    case = make_case()

    response = signed_in(reader).get(f"/cases/{case.reference}/history?before={before}")

    assert response.status_code == 200
    assert len(response.context["entries"]) == 1


def test_the_timeline_runs_from_occurrence_to_closing(reader, reporter, analyst, reviewer):
    case = log(by=reporter, detected_at=NOW - timedelta(days=2))
    high = SeverityTier.objects.get(slug="high")
    case = cases.accept_case(case=case, by=analyst, at=NOW, owner=analyst, potential_severity=high)
    cases.withdraw_case(case=case, by=analyst, at=NOW, reason="An ordinary bug.")

    moments = page(reader, case).context["moments"]

    assert [(moment.title, moment.detail) for moment in moments] == [
        ("It happened", ""),
        ("Detected", ""),
        ("Logged by Sam Adeyemi", ""),
        ("Submitted for triage", ""),
        ("Accepted for analysis", ""),
        ("Withdrawn", "An ordinary bug."),
    ]


def test_patterns_of_the_latest_run_that_the_case_carries(reader):
    node_a, node_b, node_c = make_node(), make_node(), make_node()
    case = make_case(nodes=[node_a, node_b])
    make_pair(make_run(), node_a, node_b, flagged=True)
    run = make_run()
    flagged = make_pair(run, node_a, node_b, flagged=True)
    make_pair(run, node_a, node_c, flagged=True)

    response = page(reader, case)

    assert [pair.pk for pair in response.context["patterns"]] == [flagged.pk]
    assert f"/cases/?pair={flagged.pk}" in response.content.decode()


@pytest.mark.parametrize(
    ("before", "now", "marked"),
    [
        ("", "Holds", "<ins>Holds</ins>"),
        ("Holds", "", "<del>Holds</del>"),
        ("Low", "High", "<del>Low</del> → <ins>High</ins>"),
        ("<b>one", "<b>two", "<del>&lt;b&gt;one</del> → <ins>&lt;b&gt;two</ins>"),
        (
            "one two three four five six seven eight nine ten old end",
            "one two three four five six seven eight nine ten new end",
            "… three four five six seven eight nine ten <del>old</del> <ins>new</ins> end",
        ),
    ],
)
def test_difference(before, now, marked):
    assert str(difference(before, now)) == marked


def test_account_page_names_role_and_time_zone(analyst):
    response = signed_in(analyst).get("/account/me/")

    assert "Analyst. You log, label and analyse cases." in text_of(response)
    assert "/account/password/change/" in response.content.decode()
