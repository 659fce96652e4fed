"""Bringing back an earlier value of a field from the history."""

from datetime import date

import pytest

from registry.actions import cases
from registry.choices import Precision, Status, Visibility
from registry.models import Case
from registry.web.history import history_of
from taxonomy.models import SeverityTier
from tests.factories import NOW, make_case
from tests.registry.web.pages import signed_in, text_of

pytestmark = pytest.mark.django_db
FIRST, SECOND = "The reward could be edited.", "The tests could be edited."


@pytest.fixture
def case():
    return make_case(status=Status.ANALYSIS, root_cause=FIRST)


@pytest.fixture
def edited(case, analyst):
    return cases.edit_case(
        case=case,
        by=analyst,
        at=NOW,
        version=1,
        root_cause=SECOND,
        potential_severity=SeverityTier.objects.get(slug="high"),
        occurred_from=date(2025, 1, 1),
        occurred_precision=Precision.YEAR,
    )


def first_event(case):
    return case.events.order_by("pgh_id").first().pgh_id


def address(case, field, event=None):
    return f"/cases/{case.reference}/history/{event or first_event(case)}/{field}"


def send(person, case, field="root_cause", *, event=None, version=2, reason=""):
    return signed_in(person).post(address(case, field, event), {"version_read": version, "reason": reason})


def test_the_page_shows_what_would_change(edited, analyst):
    page = signed_in(analyst).get(address(edited, "root_cause"))

    assert (page.context["now"], page.context["then"]) == (SECOND, FIRST)
    assert page.context["difference"] == "The <del>tests</del> <ins>reward</ins> could be edited."
    assert page.context["label"] == "Root cause"


@pytest.mark.parametrize(
    ("field", "now", "then"),
    [("potential_severity", "High", ""), ("occurred_from", "2025", "12 November 2026"), ("kind", None, None)],
)
def test_values_read_as_on_the_case_page(edited, analyst, field, now, then):
    page = signed_in(analyst).get(address(edited, field))

    if now is None:
        assert "there is nothing to restore" in text_of(page)
    else:
        assert (page.context["now"], page.context["then"]) == (now, then)


def test_restoring_changes_this_field_only_and_keeps_the_reason(edited, analyst, reader):
    response = send(analyst, edited, reason="The first was right.")

    case = Case.objects.get(pk=edited.pk)
    assert response["Location"] == case.get_absolute_url()
    assert (case.root_cause, case.potential_severity.slug, case.version) == (FIRST, "high", 3)
    entry = history_of(case, reader=reader, blind=False)[0][0]
    assert (entry.person, entry.did, entry.reason) == (analyst.name, "restored root cause", "The first was right.")


def test_the_days_come_back_together_with_how_exact_they_were(edited, analyst):
    send(analyst, edited, "occurred_precision")

    case = Case.objects.get(pk=edited.pk)
    assert (case.occurred_from, case.occurred_precision) == (date(2026, 11, 12), Precision.DAY)


def test_somebody_elses_save_meanwhile_is_never_overwritten(edited, analyst):
    page = send(analyst, edited, version=1)

    assert page.status_code == 409
    assert "Somebody else saved the case since you opened this page" in text_of(page)
    assert Case.objects.get(pk=edited.pk).root_cause == SECOND
    assert page.context["form"]["version_read"].value() == 2


@pytest.mark.parametrize("field", ["owner", "visibility", "status", "version", "node_path", "nonsense"])
def test_what_is_not_restored_is_not_found(edited, analyst, field):
    assert send(analyst, edited, field).status_code == 404


def test_events_of_another_case_are_not_found(edited, analyst):
    other = make_case(status=Status.ANALYSIS, visibility=Visibility.NAMED, root_cause="Canary cause")

    for event in (first_event(other), 2**70):
        page = signed_in(analyst).get(address(edited, "root_cause", event))
        assert page.status_code == 404
        assert "Canary" not in page.content.decode()


def test_a_hidden_case_answers_like_a_missing_one(analyst):
    hidden = make_case(status=Status.ANALYSIS, visibility=Visibility.NAMED, root_cause="Canary cause")

    pages = [signed_in(analyst).get(address(hidden, "root_cause", event)) for event in (first_event(hidden), 1)]

    assert [page.status_code for page in pages] == [404, 404]


def test_readers_and_closed_cases_are_refused(edited, reader, analyst):
    Case.objects.filter(pk=edited.pk).update(status=Status.CLOSED, closed_at=NOW)

    assert send(reader, edited).status_code == 403
    assert send(analyst, edited).status_code == 403
    assert Case.objects.get(pk=edited.pk).root_cause == SECOND


@pytest.mark.parametrize("sent", [{"version_read": 2, "reason": "a\x00b"}, {"version_read": "x"}, {}])
def test_what_cannot_be_read_changes_nothing(edited, analyst, sent):
    page = signed_in(analyst).post(address(edited, "root_cause"), sent)

    assert page.status_code == 422
    assert Case.objects.get(pk=edited.pk).root_cause == SECOND


def test_the_history_offers_it_to_those_who_may_edit(edited, analyst, reader):
    offered = f'href="{address(edited, "root_cause")}"'

    pages = [signed_in(person).get(f"/cases/{edited.reference}/history") for person in (analyst, reader)]

    assert [offered in page.content.decode() for page in pages] == [True, False]
    assert f"/history/{first_event(edited)}/owner" not in pages[0].content.decode()
