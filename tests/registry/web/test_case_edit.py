"""Editing a case: who may, what is kept, and two people at once."""

import pytest

from registry.actions import cases
from registry.choices import Status, Visibility
from registry.models import System
from tests.factories import NOW, log, make_case, make_person
from tests.registry.web.pages import answers, errors_of, signed_in, text_of

pytestmark = pytest.mark.django_db


def form_of(client, case):
    """What the edit form would send if nothing were changed."""
    form = client.get(f"/cases/{case.reference}/edit").context["form"]
    data = {name: form[name].value() for name in form.fields}
    data = {name: "" if value is None else value for name, value in data.items()}
    data["system"], data["version"] = [pair[0] for pair in data["system"]], [pair[1] for pair in data["system"]]
    data["sources"], data["source_title"] = (
        [pair[0] for pair in data["sources"]],
        [pair[1] for pair in data["sources"]],
    )
    return data


def save(client, case, data):
    return client.post(f"/cases/{case.reference}/edit", data)


def test_saving_unchanged_changes_no_field(analyst, reporter):
    case = log(
        by=reporter,
        developers=["Platform ML", "Second lab"],
        sources=[{"url": "https://example.org/a", "title": "A report"}, {"title": "A talk"}],
        systems=[("code-agent", "2.1"), ("judge", "")],
    )
    client = signed_in(analyst)
    before = form_of(client, case)

    response = save(client, case, before)

    assert response["Location"] == f"/cases/{case.reference}/"
    assert form_of(client, case) | {"version_read": 0} == before | {"version_read": 0}


def test_an_analyst_saves_and_the_reason_is_kept(analyst):
    case = make_case(status=Status.ANALYSIS, owner=analyst)
    client = signed_in(analyst)

    save(client, case, form_of(client, case) | {"context": "A build farm.", "reason": "Asked the team."})

    case.refresh_from_db()
    event = case.events.order_by("-pgh_id").first()
    assert (case.context, case.version) == ("A build farm.", 2)
    assert event.pgh_context.metadata["reason"] == "Asked the team."


@pytest.mark.parametrize(("role", "status"), [("reader", 403), ("reporter", 403), ("analyst", 200)])
def test_who_may_edit(role, status):
    assert signed_in(make_person(role=role)).get(f"/cases/{make_case().reference}/edit").status_code == status


def test_a_closed_case_is_not_edited(analyst):
    case = make_case(status=Status.CLOSED)

    assert signed_in(analyst).post(f"/cases/{case.reference}/edit", answers()).status_code == 403


def test_two_people_on_different_fields_lose_nothing(analyst, other_analyst):
    case = make_case(status=Status.ANALYSIS, owner=analyst)
    client = signed_in(analyst)
    mine = form_of(client, case) | {"context": "My context."}
    cases.edit_case(case=case, by=other_analyst, at=NOW, version=1, root_cause="Their cause.")

    conflict = save(client, case, mine)
    merged = conflict.context["conflict"]
    case.refresh_from_db()

    assert (conflict.status_code, merged.clashes, merged.taken) == (409, [], ["Root cause"])
    assert (case.context, case.root_cause) == ("", "Their cause.")
    form = conflict.context["form"]
    again = mine | {"version_read": form["version_read"].value(), "root_cause": form["root_cause"].value()}
    save(client, case, again)
    case.refresh_from_db()
    assert (case.context, case.root_cause, case.version) == ("My context.", "Their cause.", 3)


def test_two_people_on_one_field_see_both_versions_and_what_both_started_from(analyst, other_analyst):
    case = make_case(status=Status.ANALYSIS, owner=analyst, context="The start.")
    client = signed_in(analyst)
    mine = form_of(client, case) | {"context": "My context."}
    cases.edit_case(case=case, by=other_analyst, at=NOW, version=1, context="Their context.")

    conflict = save(client, case, mine)

    clash = conflict.context["conflict"].clashes[0]
    assert (clash.mine, clash.theirs, clash.base) == ("My context.", "Their context.", "The start.")
    assert conflict.context["form"]["context"].value() == "My context."
    assert "Nothing is saved yet and nothing you typed is lost" in text_of(conflict)
    case.refresh_from_db()
    assert case.context == "Their context."


def test_two_people_on_the_systems_are_told(analyst, other_analyst):
    case = make_case(status=Status.ANALYSIS, owner=analyst)
    client = signed_in(analyst)
    mine = form_of(client, case)
    cases.edit_case(case=case, by=other_analyst, at=NOW, version=1, systems=[("judge", "1")])

    conflict = save(client, case, mine)

    clash = conflict.context["conflict"].clashes[0]
    assert (clash.name, clash.mine, clash.theirs) == ("system", "code-agent", "judge 1")


@pytest.mark.parametrize("version", ["", "0", "99", "abc", "-1", "²"])
def test_a_form_without_the_version_it_read_saves_nothing(analyst, version):
    case = make_case(status=Status.ANALYSIS, owner=analyst)
    client = signed_in(analyst)

    response = save(client, case, form_of(client, case) | {"version_read": version, "context": "Overwritten."})

    case.refresh_from_db()
    assert response.status_code in (409, 422)
    assert (case.context, case.version) == ("", 1)


def test_what_the_action_refuses_stands_at_its_field(analyst):
    gone = make_person(is_active=True)
    case = make_case(status=Status.ANALYSIS, owner=gone)
    client = signed_in(analyst)
    data = form_of(client, case)
    gone.is_active = False
    gone.save()

    response = save(client, case, data)

    assert response.status_code == 422
    assert list(errors_of(response)) == ["owner"]


def test_a_reporter_does_not_set_the_owner(reporter):
    case = log(by=reporter)
    client = signed_in(reporter)

    save(client, case, form_of(client, case) | {"owner": reporter.pk, "context": "More."})

    case.refresh_from_db()
    assert (case.owner, case.context) == (None, "More.")


def test_known_systems_are_suggested_from_cases_one_may_see(analyst):
    System.objects.create(name="in-no-case")
    make_case(visibility=Visibility.NAMED).case_systems.update(system=System.objects.create(name="hidden-system"))
    case = make_case(title="Open, about code-agent")

    names = list(signed_in(analyst).get(f"/cases/{case.reference}/edit").context["known_systems"])

    assert names == ["code-agent"]
