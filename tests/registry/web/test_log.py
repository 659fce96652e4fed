"""Logging a case: six answers, drafts, and input that must be refused at the right field."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from registry.choices import Precision, Status, Visibility
from registry.models import Case, Draft, Label, Organisation, System, TeamMember
from registry.web.forms import when
from tests.factories import make_case, make_draft, make_node, make_person, make_team
from tests.registry.web.pages import answers, errors_of, signed_in, text_of

pytestmark = pytest.mark.django_db


def test_six_answers_log_a_case_and_show_its_number(reporter):
    response = signed_in(reporter).post("/cases/new", answers(), follow=True)

    case = Case.objects.get()
    assert (case.status, case.reporter, case.kind) == (Status.TRIAGE, reporter, "incident")
    assert (case.occurred_from, case.occurred_precision) == (date(2026, 11, 12), Precision.DAY)
    assert [str(row) for row in case.case_systems.all()] == ["code-agent 2.1"]
    assert response.redirect_chain == [(f"/cases/{case.reference}/receipt", 302)]
    assert case.reference in text_of(response)


def test_the_receipt_offers_another_one_like_it(reporter):
    client = signed_in(reporter)
    receipt = client.post("/cases/new", answers(), follow=True)

    again = client.get(receipt.context["again"])

    form = again.context["form"]
    assert (form["system"].value(), form["kind"].value()) == ([("code-agent", "2.1")], "incident")


def test_a_reader_cannot_log(reader):
    client = signed_in(reader)

    assert client.get("/cases/new").status_code == client.post("/cases/new", answers()).status_code == 403
    assert not Case.objects.exists()


def test_an_address_fills_the_form_in(reporter):
    response = signed_in(reporter).get(
        "/cases/new?title=A+title&system=X&version=2&occurred=2024&context=Ward&odd=1&kind=%00"
    )

    form = response.context["form"]
    assert [form[name].value() for name in ("title", "system", "occurred", "context")] == [
        "A title",
        [("X", "2")],
        "2024",
        "Ward",
    ]


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"title": ""}, "title", "This field is required."),
        ({"title": "Short"}, "title", "Ensure this value has at least 6 characters (it has 5)."),
        ({"title": "x" * 201}, "title", "Ensure this value has at most 200 characters (it has 201)."),
        ({"title": "A title\x00"}, "title", "Null characters are not allowed."),
        ({"observed_behaviour": ""}, "observed_behaviour", "Say what you saw."),
        ({"observed_behaviour": "a\x00b"}, "observed_behaviour", "Null characters are not allowed."),
        (
            {"observed_behaviour": "x" * 50_001},
            "observed_behaviour",
            "Ensure this value has at most 50000 characters (it has 50001).",
        ),
        ({"system": [""], "version": [""]}, "system", "Name the system, or tick “The system is unknown”."),
        ({"system": [""]}, "system", "Name the system this version belongs to."),
        ({"system": ["a\x00"]}, "system", "Null characters are not allowed."),
        ({"occurred": ""}, "occurred", "Say when it happened, or choose Unknown."),
        (
            {"occurred": "31 November 2026"},
            "occurred",
            "November has 30 days. Correct the day, or choose Month if you are not sure.",
        ),
        ({"occurred": "yesterday"}, "occurred", when.HOW),
        ({"occurred": "\x0012 Nov 2026"}, "occurred", "Null characters are not allowed."),
        ({"occurred_until": "2025"}, "occurred_until", "The last day cannot lie before the first."),
        ({"kind": ""}, "kind", "Choose what kind of case it is."),
        ({"kind": "rumour"}, "kind", "Select a valid choice. rumour is not one of the available choices."),
        ({"visibility": "team"}, "visibility", "Select a valid choice. team is not one of the available choices."),
        ({"readers": ["999999"]}, "readers", "Select a valid choice. 999999 is not one of the available choices."),
        ({"readers": ["\x00"]}, "readers", "Null characters are not allowed."),
        ({"potential_severity": "99"}, "potential_severity", None),
        ({"warning_url": "javascript:alert(1)"}, "warning_url", "Enter a valid URL."),
        (
            {"sources": ["javascript:alert(1)"]},
            "sources",
            "“javascript:alert(1)” is no web address; it starts with https://.",
        ),
        ({"developers": "x" * 201}, "developers", "A name has at most 200 characters."),
        ({"human_gap": "wide"}, "human_gap", "Select a valid choice. wide is not one of the available choices."),
    ],
)
def test_a_bad_answer_is_refused_at_its_field_and_nothing_is_written(reporter, changes, field, message):
    response = signed_in(reporter).post("/cases/new", answers(context="Kept as typed.", **changes))

    assert response.status_code == 422
    assert list(errors_of(response)) == [field]
    if message:
        assert errors_of(response)[field] == [message]
    assert response.context["form"]["context"].value() == "Kept as typed."
    assert not Case.objects.exists()
    assert not System.objects.exists()
    assert not Organisation.objects.exists()


def test_errors_stand_in_a_linked_summary_and_at_the_field(reporter):
    response = signed_in(reporter).post("/cases/new", answers(kind=""))

    page = response.content.decode()
    assert 'href="#id_kind"' in page
    assert 'id="id_kind"' in page
    assert page.count("Choose what kind of case it is.") == 2


def test_blocks_that_hold_something_or_an_error_are_open(reporter):
    client = signed_in(reporter)

    empty = client.post("/cases/new", answers(kind="", sources=[""], source_title=[""]))
    filled = client.post("/cases/new", answers(kind="", sources=["https://example.org"], warning_url="nonsense"))

    assert empty.context["open_blocks"] == set()
    assert filled.context["open_blocks"] == {"c", "e"}


def test_bytes_that_are_no_text_are_stored_as_replacement_characters(reporter):
    body = "title=Half+a+character+%ed%a0%80&visibility=everyone&keep=draft"

    signed_in(reporter).post("/cases/new", body, content_type="application/x-www-form-urlencoded")

    assert Draft.objects.get().answers["title"] == ["Half a character ���"]


def test_script_in_every_text_shows_as_text(reporter):
    script = "<script>alert('x')</script>"
    texts = dict.fromkeys(("title", "observed_behaviour", "context", "root_cause", "developers"), f"{script} again")
    client = signed_in(reporter)

    client.post("/cases/new", answers(**texts, system=[script], sources=["https://example.org"], source_title=[script]))

    case = Case.objects.get()
    for address in (f"/cases/{case.reference}/", f"/cases/{case.reference}/edit", "/cases/", "/"):
        assert script.encode() not in client.get(address).content


def test_a_draft_that_a_tool_left_is_finished_on_the_edit_page(reporter):
    draft = make_case(status=Status.DRAFT, reporter=reporter, reported_at=None)
    client = signed_in(reporter)
    address = f"/cases/{draft.reference}/edit"

    kept = client.post(address, answers(version_read=1, title="A better title", kind="", keep="draft"))
    refused = client.post(address, answers(version_read=2, title="A better title", kind=""))
    submitted = client.post(address, answers(version_read=2, title="A better title"))

    draft.refresh_from_db()
    assert (kept.status_code, kept["Location"]) == (302, address)
    assert errors_of(refused) == {"kind": ["Choose what kind of case it is."]}
    assert (draft.status, draft.title) == (Status.TRIAGE, "A better title")
    assert submitted["Location"] == f"/cases/{draft.reference}/receipt"


def test_nobody_else_opens_a_draft(reporter, administrator):
    draft = make_case(status=Status.DRAFT, reporter=reporter, reported_at=None)

    assert signed_in(administrator).get(f"/cases/{draft.reference}/edit").status_code == 404


def test_named_people_only(reporter, reader):
    other = make_person(role="reader")

    signed_in(reporter).post("/cases/new", answers(visibility="named", readers=[reader.pk]))

    case = Case.objects.get()
    assert case.visibility == Visibility.NAMED
    assert signed_in(reader).get(f"/cases/{case.reference}/").status_code == 200
    assert signed_in(other).get(f"/cases/{case.reference}/").status_code == 404


def test_submit_and_add_details_goes_on_to_the_rest_of_the_questions(reporter):
    response = signed_in(reporter).post("/cases/new", answers(details="details"))

    case = Case.objects.get()
    assert (case.status, response["Location"]) == (Status.TRIAGE, f"/cases/{case.reference}/edit")


def test_one_team_only(reporter, analyst, reader):
    team = make_team(reporter, analyst, name="Clinical tools")
    other = make_team(reader, name="Another team")
    client = signed_in(reporter)

    words = [word for _, word in client.get("/cases/new").context["form"].fields["visibility"].choices]
    refused = client.post("/cases/new", answers(visibility=f"team:{other.pk}"))
    client.post("/cases/new", answers(visibility=f"team:{team.pk}"))

    case = Case.objects.get()
    assert words == ["everyone signed in", "the team “Clinical tools”", "named people only"]
    assert list(errors_of(refused)) == ["visibility"]
    assert (case.visibility, case.team) == (Visibility.TEAM, team)
    assert signed_in(analyst).get(f"/cases/{case.reference}/").status_code == 200
    assert signed_in(reader).get(f"/cases/{case.reference}/").status_code == 404


def test_each_answer_to_who_may_see_it_names_the_people(reporter, analyst, reader):
    team = make_team(analyst, make_person(is_active=False))

    context = signed_in(reporter).get(f"/cases/new?visibility=team:{team.pk}").context

    assert [(audience.value, audience.people, audience.n_others) for audience in context["audiences"]] == [
        ("everyone", [analyst, reader, reporter], 0),
        ("named", [reporter], 0),
    ]


def test_a_team_names_its_members_and_counts_those_beyond_eight(reporter):
    members = [make_person(name=f"Member {n}") for n in range(9)]
    team = make_team(*members)
    make_team(reporter, make_person(is_active=False), name="Mine")
    TeamMember.objects.create(team=team, person=reporter)

    audiences = signed_in(reporter).get(f"/cases/new?visibility=team:{team.pk}").context["audiences"]

    shown = {audience.words: (audience.people, audience.n_others, audience.chosen) for audience in audiences}
    assert shown["the team “Mine”"] == ([reporter], 0, False)
    assert shown[f"the team “{team}”"] == ([reporter, *members[:7]], 2, True)


def test_the_edit_page_keeps_a_team_its_editor_is_not_in(reporter, analyst):
    team = make_team(reporter)
    case = make_case(visibility=Visibility.TEAM, team=team, reporter=reporter, owner=analyst)
    client = signed_in(analyst)
    form = client.get(f"/cases/{case.reference}/edit").context["form"]

    response = client.post(
        f"/cases/{case.reference}/edit", answers(version_read=1, visibility=form["visibility"].value(), context="Ward")
    )

    case.refresh_from_db()
    assert response.status_code == 302
    assert (case.context, case.team) == ("Ward", team)


def test_labels_chosen_in_the_form_are_recorded_with_the_case(analyst):
    node, unsaid = make_node("red"), make_node("green")
    chosen = {
        "label": [node.key],
        f"confidence:{node.key}": "70",
        f"grounds:{node.key}": "documented",
        f"quote:{node.key}": "It said so.",
        f"grounds:{unsaid.key}": "inferred",
    }

    signed_in(analyst).post("/cases/new", answers(**chosen))

    label = Label.objects.get()
    assert (label.case, label.node, label.rater) == (Case.objects.get(), node, analyst)
    assert (label.stance, label.confidence, label.grounds, label.quote) == ("present", 70, "documented", "It said so.")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"confidence:colours:red": "101"}, "Red: Confidence is a whole number from 0 to 100."),
        ({"confidence:colours:red": "³"}, "Red: Confidence is a whole number from 0 to 100."),
        ({"grounds:colours:red": "hearsay"}, "Red: Choose one of the grounds."),
        ({"quote:colours:red": "a\x00b"}, "Red: Null characters are not allowed."),
        ({"quote:colours:red": "x" * 10_001}, "Red: A quote has at most 10,000 characters (this has 10,001)."),
        ({"label": ["colours:grey"]}, "There is no label “colours:grey” any more."),
    ],
)
def test_a_label_that_cannot_be_recorded_holds_the_whole_case_back(analyst, changes, message):
    make_node("red")

    response = signed_in(analyst).post("/cases/new", answers(**{"label": ["colours:red"]} | changes))

    assert response.status_code == 422
    assert errors_of(response) == {"__all__": [message]}
    assert not Case.objects.exists()


def test_two_labels_that_exclude_one_another_hold_the_whole_case_back(analyst):
    make_node("red", exclusive_group="hue")
    make_node("green", exclusive_group="hue")

    response = signed_in(analyst).post("/cases/new", answers(label=["colours:red", "colours:green"]))

    assert errors_of(response) == {"__all__": ["“Red” and “Green” exclude one another; take the other back first."]}
    assert not Case.objects.exists()


def test_who_does_not_label_is_not_asked_for_labels_and_cannot_sneak_them_in(reporter):
    make_node("red")
    client = signed_in(reporter)

    response = client.post("/cases/new", answers(label=["colours:red"]))

    assert client.get("/cases/new").context["labels"] is None
    assert errors_of(response) == {
        "__all__": ["This draft holds labels. Somebody who labels cases submits it, or takes them out."]
    }
    assert not Label.objects.exists()


def test_how_it_stands_to_other_cases_is_kept_and_a_hidden_case_passed_over(reporter):
    seen, hidden = make_case(), make_case(visibility=Visibility.NAMED)
    said = {
        f"likeness:{seen.reference}": "same",
        f"likeness:{hidden.reference}": "same",
        "likeness:AIR-999999": "variant",
    }

    response = signed_in(reporter).post("/cases/new", answers(**said))

    case = Case.objects.exclude(pk__in=[seen.pk, hidden.pk]).get()
    assert response.status_code == 302
    assert list(case.links.values_list("other", "kind")) == [(seen.pk, "duplicate")]


def test_an_address_from_a_source_fills_the_source_in(reporter):
    form = signed_in(reporter).get("/cases/new?source=https://example.org/a").context["form"]

    assert form["sources"].value() == [("https://example.org/a", "")]


@pytest.mark.usefixtures("shipped_taxonomy")
@pytest.mark.parametrize("n", [1, 30])
def test_the_page_asks_the_database_no_more_with_many_drafts_people_and_teams(analyst, n, django_assert_num_queries):
    for _ in range(n):
        make_draft(analyst)
        make_team(analyst, make_person())
    client = signed_in(analyst)

    with django_assert_num_queries(11):
        response = client.get("/cases/new")

    assert len(response.context["audiences"]) == n + 2


@pytest.mark.parametrize(
    ("text", "first", "last", "precision"),
    [
        ("12 Nov 2026", date(2026, 11, 12), date(2026, 11, 12), "day"),
        ("2026-11-12", date(2026, 11, 12), date(2026, 11, 12), "day"),
        ("12/11/2026", date(2026, 11, 12), date(2026, 11, 12), "day"),
        ("November 12, 2026", date(2026, 11, 12), date(2026, 11, 12), "day"),
        ("29 February 2024", date(2024, 2, 29), date(2024, 2, 29), "day"),
        ("Feb 2024", date(2024, 2, 1), date(2024, 2, 29), "month"),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29), "month"),
        ("2016", date(2016, 1, 1), date(2016, 12, 31), "year"),
    ],
)
def test_a_date_is_read_as_exactly_as_it_is_written(text, first, last, precision):
    assert when.parse(text) == when.Written(first, last, precision)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("30 February 2026", "February 2026 has 28 days"),
        ("2026-13-01", "There is no month 13"),
        ("12 Nuvember 2026", "There is no month “nuvember”"),
        ("0 May 2026", "May has 31 days"),
        ("12 May 0026", "The year lies between 1900 and 2100"),
        ("١٢ May 2026", "Write it like"),
    ],
)
def test_a_date_that_cannot_be_is_refused_in_words(text, message):
    with pytest.raises(ValidationError, match=message):
        when.parse(text)


@pytest.mark.parametrize(
    ("precision", "occurred", "until", "stored"),
    [
        ("day", "November 2026", "", (date(2026, 11, 1), None, "month")),
        ("month", "12 Nov 2026", "", (date(2026, 11, 1), None, "month")),
        ("year", "2024", "2026", (date(2024, 1, 1), date(2026, 12, 31), "year")),
        ("unknown", "12 Nov 2026", "", (None, None, "unknown")),
        ("", "2024", "", (date(2024, 1, 1), None, "year")),
    ],
)
def test_a_date_is_stored_no_more_exactly_than_chosen_and_written(reporter, precision, occurred, until, stored):
    signed_in(reporter).post("/cases/new", answers(precision=precision, occurred=occurred, occurred_until=until))

    case = Case.objects.get()
    assert (case.occurred_from, case.occurred_to, case.occurred_precision) == stored
