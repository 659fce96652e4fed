"""The steps in the life of a case, one page each."""

import pytest

from registry.actions import owning
from registry.choices import TEMPLATE_FIELDS, Status
from registry.web.forms.triage_words import SCOPE, TRIAGE
from taxonomy.models import Node, SeverityTier
from tests.factories import NOW, agree, log, make_case, make_person, seen_by_standing_aside
from tests.registry.web.pages import errors_of, signed_in, text_of

pytestmark = pytest.mark.django_db


SORTED = {"triage": "specification-gaming", "scope": "core"}


def step(person, case, slug, **data):
    return signed_in(person).post(f"/cases/{case.reference}/steps/{slug}", data)


def high():
    return SeverityTier.objects.get(slug="high")


def finished(case):
    """The case with everything a review asks for."""
    for name in TEMPLATE_FIELDS[1:]:
        setattr(case, name, "Written.")
    case.predictability, case.realised_severity, case.potential_severity = "unknown", high(), high()
    case.save()
    return agree(case, Node.objects.get(slug="volition-based"))


def test_accepting_names_an_owner_and_the_potential_severity(analyst, other_analyst):
    case = make_case()

    response = step(analyst, case, "accept", owner=other_analyst.pk, potential_severity=high().pk, **SORTED)

    case.refresh_from_db()
    assert (case.status, case.owner, case.potential_severity) == (Status.ANALYSIS, other_analyst, high())
    assert response["Location"] == f"/cases/{case.reference}/"


def test_accepting_offers_oneself_as_owner(analyst):
    form = signed_in(analyst).get(f"/cases/{make_case().reference}/steps/accept").context["form"]

    assert form["owner"].value() == analyst.pk


def test_accepting_asks_what_it_is_and_whether_it_belongs_here(analyst):
    case = make_case()
    values = {"owner": analyst.pk, "potential_severity": high().pk}

    refused = step(analyst, case, "accept", **values)
    assert errors_of(refused) == {
        "triage": ["Say what it is; “unclear” is an answer."],
        "scope": ["Say whether it belongs here."],
    }

    step(analyst, case, "accept", **values, **SORTED)
    case.refresh_from_db()
    assert (case.status, case.triage, case.scope) == (Status.ANALYSIS, "specification-gaming", "core")


def test_each_answer_of_triage_says_when_it_applies_when_not_and_gives_an_example(analyst):
    page = signed_in(analyst).get(f"/cases/{make_case().reference}/steps/accept")

    form = page.context["form"]
    for name, meanings in (("triage", TRIAGE), ("scope", SCOPE)):
        assert [value for value, _ in form.fields[name].choices] == list(meanings)
        for meaning in meanings.values():
            assert f"{meaning.applies} But {meaning.but} Example {meaning.example}" in text_of(page)
    assert "As bad as A health score takes cost for need" in text_of(page)
    assert "It changed the assertion instead of the code." in text_of(page)


def test_accepting_without_a_severity_is_refused_at_the_field(analyst):
    case = make_case()

    response = step(analyst, case, "accept", owner=analyst.pk, **SORTED)

    assert errors_of(response) == {"potential_severity": ["Say how bad it could have been."]}
    case.refresh_from_db()
    assert case.status == Status.TRIAGE


def test_what_a_review_still_needs_is_listed_and_the_button_is_off(analyst):
    case = seen_by_standing_aside(make_case(status=Status.ANALYSIS, owner=analyst), analyst)

    response = signed_in(analyst).get(f"/cases/{case.reference}/steps/request-review")

    assert "Agree on at least one cause of misalignment." in text_of(response)
    assert "disabled" in response.content.decode()


def test_a_review_is_refused_while_something_is_missing(analyst):
    case = seen_by_standing_aside(make_case(status=Status.ANALYSIS, owner=analyst), analyst)

    response = step(analyst, case, "request-review")

    assert response.status_code == 422
    assert "Write the context." in errors_of(response)["__all__"]


def test_from_analysis_to_closed(analyst, reviewer):
    case = seen_by_standing_aside(finished(make_case(status=Status.ANALYSIS, owner=analyst)), analyst)

    step(analyst, case, "request-review")
    step(reviewer, case, "approve")

    case.refresh_from_db()
    assert (case.status, case.reviewer) == (Status.CLOSED, reviewer)


def test_nobody_approves_their_own(reviewer):
    case = finished(make_case(status=Status.REVIEW, owner=reviewer))

    shown = signed_in(reviewer).get(f"/cases/{case.reference}/steps/approve")
    refused = step(reviewer, case, "approve")

    assert "Somebody else has to approve it." in text_of(shown)
    assert refused.status_code == 422
    case.refresh_from_db()
    assert case.status == Status.REVIEW


def test_who_handed_a_case_over_in_review_reads_why_they_cannot_approve_it(reviewer, analyst):
    case = finished(make_case(status=Status.REVIEW, owner=reviewer))
    owning.assign_case(case=case, by=reviewer, at=NOW, owner=analyst)

    shown = signed_in(reviewer).get(f"/cases/{case.reference}/steps/approve")
    refused = step(reviewer, case, "approve")

    assert "You owned this case while it was analysed. Somebody else has to approve it." in text_of(shown)
    assert "You owned this case while it was analysed." in text_of(signed_in(reviewer).get(case.get_absolute_url()))
    case.refresh_from_db()
    assert (refused.status_code, case.status) == (422, Status.REVIEW)


@pytest.mark.parametrize(
    ("slug", "status", "then"),
    [
        ("return", Status.REVIEW, Status.ANALYSIS),
        ("withdraw", Status.TRIAGE, Status.WITHDRAWN),
        ("reopen", Status.CLOSED, Status.ANALYSIS),
    ],
)
def test_steps_back_need_a_reason(reviewer, slug, status, then):
    case = make_case(status=status)

    silent = step(reviewer, case, slug, reason="  ")
    given = step(reviewer, case, slug, reason="Say which evaluation should have seen it.")

    assert errors_of(silent) == {"reason": ["This field is required."]}
    case.refresh_from_db()
    assert (given.status_code, case.status) == (302, then)


@pytest.mark.parametrize(
    ("role", "slug", "status"),
    [
        ("reporter", "accept", Status.TRIAGE),
        ("reporter", "withdraw", Status.TRIAGE),
        ("analyst", "approve", Status.REVIEW),
        ("analyst", "return", Status.REVIEW),
        ("reader", "reopen", Status.CLOSED),
    ],
)
def test_a_step_one_may_not_take_is_forbidden(role, slug, status):
    case, person = make_case(status=status), make_person(role=role)

    assert signed_in(person).get(f"/cases/{case.reference}/steps/{slug}").status_code == 403
    assert step(person, case, slug, reason="Because.").status_code == 403


def test_a_step_that_does_not_lead_on_says_so(analyst):
    case = make_case(status=Status.CLOSED)

    response = step(analyst, case, "accept", owner=analyst.pk, potential_severity=high().pk, **SORTED)

    assert "“Accept for analysis” does not lead on from there" in text_of(response)
    case.refresh_from_db()
    assert case.status == Status.CLOSED


def test_a_step_that_does_not_exist_is_not_found(analyst):
    assert signed_in(analyst).get(f"/cases/{make_case().reference}/steps/explode").status_code == 404


def test_a_step_from_an_old_version_is_not_taken(analyst, reviewer):
    case = make_case(status=Status.REVIEW)
    step(reviewer, case, "return", reason="First.", version_read=1)

    response = step(analyst, case, "withdraw", reason="Second.", version_read=1)

    case.refresh_from_db()
    assert (response.status_code, case.status) == (409, Status.ANALYSIS)
    assert response.context["form"]["reason"].value() == "Second."


def test_a_reporter_submits_their_draft(reporter):
    draft = log(by=reporter, submit=False)

    step(reporter, draft, "submit")

    draft.refresh_from_db()
    assert draft.status == Status.TRIAGE


def test_whoever_reported_a_case_reads_why_they_cannot_approve_it(reviewer, analyst):
    case = finished(make_case(status=Status.REVIEW, owner=analyst, reporter=reviewer))

    page = signed_in(reviewer).get(f"/cases/{case.reference}/steps/approve")
    response = step(reviewer, case, "approve")

    assert "You reported this case. Somebody else has to approve it." in text_of(page)
    assert "You reported this case." in text_of(signed_in(reviewer).get(f"/cases/{case.reference}/"))
    case.refresh_from_db()
    assert (response.status_code, case.status) == (422, Status.REVIEW)
