"""The analysis part of the case form: boxes and arrows, the warning, and what a review will ask for."""

from datetime import date

import pytest

from registry.actions import cases
from registry.choices import TEMPLATE_FIELDS, Gap, Status
from registry.models import Case
from registry.web.case_page import gap_of
from registry.web.forms.words import GAPS
from registry.web.gaps import VERDICTS
from taxonomy.models import Node
from tests.factories import NOW, agree, make_case
from tests.factories import label as put_label
from tests.registry.web.pages import signed_in, text_of
from tests.registry.web.test_case_edit import form_of, save

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(analyst):
    return make_case(status=Status.ANALYSIS, owner=analyst, intended_objective="Stack red on blue.", outer_gap="holds")


def edit_page(person, case):
    return signed_in(person).get(f"/cases/{case.reference}/edit")


def test_each_field_has_its_help_and_a_worked_example(case, analyst):
    form = edit_page(analyst, case).context["form"]

    asked = [name for name in TEMPLATE_FIELDS if name not in ("title", "observed_behaviour")]
    assert [name for name in asked if not (form[name].help_text and form.fields[name].example)] == []


def test_boxes_and_arrows_stand_in_the_order_of_the_picture(case, analyst):
    steps = edit_page(analyst, case).context["gap_form"]

    assert [(step["name"], step["box"].value(), step["arrow"] and step["arrow"].value()) for step in steps] == [
        ("Goal people should have", "", ""),
        ("Intended objective", "Stack red on blue.", "holds"),
        ("Specified objective", "", ""),
        ("What it learned to optimise", "", None),
    ]


def test_the_choices_say_what_the_picture_says():
    assert [words.lower() for _, words in GAPS] == [VERDICTS[value] for value, _ in GAPS]


def test_what_is_marked_is_what_the_picture_shows(case, analyst):
    client = signed_in(analyst)

    save(client, case, form_of(client, case) | {"outer_gap": "broken", "inner_gap": "unknown"})

    case = Case.objects.get(pk=case.pk)
    assert (case.human_gap, case.outer_gap, case.inner_gap) == ("", Gap.BROKEN, Gap.UNKNOWN)
    assert [label["verdict"] for label in gap_of(case, [])["labels"]] == ["not assessed", "broken", "not known"]


def test_an_agreed_cause_that_breaks_a_gap_is_named(case, analyst):
    agree(case, Node.objects.get(scheme__slug="misalignment-causes", slug="volition-based"))

    steps = edit_page(analyst, case).context["gap_form"]

    assert [step["agreed"] for step in steps] == ["", "Volition-based misalignment", "", ""]


def test_an_agreed_cause_that_rests_on_raters_stays_hidden_from_the_blind(case, analyst, other_analyst):
    put_label(case, Node.objects.get(scheme__slug="misalignment-causes", slug="volition-based"), by=other_analyst)

    page = edit_page(analyst, case)

    assert {step["agreed"] for step in page.context["gap_form"]} == {""}
    assert "marks it broken" not in text_of(page)


def test_the_day_of_the_warning_is_kept_and_told(case, analyst):
    client = signed_in(analyst)

    save(client, case, form_of(client, case) | {"predictability": "warned", "warned_on": "2027-01-01"})

    assert Case.objects.get(pk=case.pk).warned_on == date(2027, 1, 1)
    assert "nobody could have heeded it" in text_of(edit_page(analyst, case))


@pytest.mark.parametrize("sent", ["31.02.2026", "soon", "\x00"])
def test_what_is_no_day_is_refused_at_its_field(case, analyst, sent):
    client = signed_in(analyst)

    response = save(client, case, form_of(client, case) | {"warned_on": sent})

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["warned_on"]


def test_two_tabs_merge_the_gaps_and_the_day_of_the_warning(case, analyst, other_analyst):
    client = signed_in(analyst)
    mine = form_of(client, case) | {"outer_gap": "broken", "human_gap": "holds"}
    cases.edit_case(
        case=case,
        by=other_analyst,
        at=NOW,
        version=1,
        outer_gap="unknown",
        warned_on=date(2025, 1, 1),
        inner_gap="holds",
    )

    conflict = save(client, case, mine)

    merged = conflict.context["conflict"]
    clash = merged.clashes[0]
    assert [(clash.name, clash.mine, clash.theirs, clash.base)] == [("outer_gap", "Broken", "Not known", "Holds")]
    assert merged.taken == ["When it was published", "Inner gap"]
    form = conflict.context["form"]
    assert (form["human_gap"].value(), form["inner_gap"].value()) == ("holds", "holds")
    assert 'value="2025-01-01"' in str(form["warned_on"])


def test_a_script_typed_into_a_box_is_shown_as_text(case, analyst):
    Case.objects.filter(pk=case.pk).update(specified_objective="<script>alert(1)</script>")

    assert "<script>alert(1)" not in edit_page(analyst, case).content.decode()
