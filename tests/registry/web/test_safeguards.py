"""The safeguards of a case on its page, and the grid they are recorded in."""

import pytest

from registry.actions.safeguards import techniques
from registry.choices import Status, Visibility
from registry.models import Safeguard
from registry.web.safeguards_page import reference_of, safeguards_of, summary_of
from taxonomy.models import Node, ReferenceCell
from tests.analysed import safeguard
from tests.factories import make_case
from tests.registry.web.pages import errors_of, signed_in, text_of

pytestmark = pytest.mark.django_db


def node(slug):
    return Node.objects.get(scheme__kind__in=["technique", "failure mode"], slug=slug)


def typed(**rows):
    """What the grid sends: every technique untouched but those in `rows` (slug → answers)."""
    data = {}
    for technique in techniques():
        answers = {
            "deployed": "",
            "expected": "unknown",
            "outcome": "unknown",
            "failure_mode": "",
            "how": "",
            "order": "",
        }
        answers |= {"version": "0"} | rows.get(technique.slug.replace("-", "_"), {})
        data |= {f"{technique.pk}-{cell}": value for cell, value in answers.items()}
    return data


def address(case):
    return f"/cases/{case.reference}/safeguards"


def recorded(case):
    return list(
        Safeguard.objects.filter(case=case)
        .order_by("order")
        .values_list("technique__slug", "deployed", "expected", "outcome", "failure_mode__slug", "how")
    )


def test_the_grid_is_saved_in_the_order_that_was_typed(analyst):
    case, mode = make_case(), Node.objects.filter(scheme__kind="failure mode").first()
    rows = typed(
        rlhf={"deployed": "yes", "outcome": "missed", "failure_mode": str(mode.pk), "order": "2", "how": "Too late."},
        red_team={"deployed": "unknown", "expected": "no"},
        filter={"deployed": "no", "outcome": "not-exercised", "order": "1"},
    )

    response = signed_in(analyst).post(address(case), rows)

    assert response["Location"] == f"{case.get_absolute_url()}#safeguards"
    assert recorded(case) == [
        ("filter", "no", "unknown", "not-exercised", None, ""),
        ("rlhf", "yes", "unknown", "missed", mode.slug, "Too late."),
        ("red-team", "unknown", "no", "unknown", None, ""),
    ]


def test_unknown_and_no_and_not_recorded_are_three_things(analyst):
    case = make_case()
    signed_in(analyst).post(address(case), typed(rlhf={"deployed": "unknown"}, filter={"deployed": "no"}))

    form = signed_in(analyst).get(address(case)).context["form"]

    chosen = {slug: form[f"{node(slug).pk}-deployed"].value() for slug in ("rlhf", "filter", "review")}
    assert chosen == {"rlhf": "unknown", "filter": "no", "review": ""}


def test_emptying_a_row_takes_it_out(analyst):
    case = make_case()
    safeguard(case=case, technique=node("rlhf"), deployed="yes")

    signed_in(analyst).post(address(case), typed(rlhf={"version": "1"}))

    assert recorded(case) == []


def test_errors_stand_at_their_cells_and_in_a_linked_summary_and_nothing_typed_is_lost(analyst):
    case, rlhf, review = make_case(), node("rlhf").pk, node("review").pk
    rows = typed(
        rlhf={"deployed": "no", "outcome": "caught", "how": "By luck."},
        review={"how": "Nobody looked."},
        filter={"deployed": "yes", "order": "0"},
    )

    response = signed_in(analyst).post(address(case), rows)

    assert response.status_code == 422
    assert recorded(case) == []
    assert errors_of(response) == {
        f"{rlhf}-outcome": ["What was not deployed neither caught nor missed anything."],
        f"{review}-deployed": ["Say whether it was in place; “unknown” is an answer. Or clear the row."],
        f"{node('filter').pk}-order": ["Ensure this value is greater than or equal to 1."],
    }
    page = response.content.decode()
    assert f'href="#id_{rlhf}-outcome"' in page
    assert f'id="id_{rlhf}-outcome_error"' in page
    assert ">By luck.</textarea>" in page.replace("\n", "")


def test_two_people_at_the_same_rows(analyst, other_analyst):
    case, rlhf = make_case(), node("rlhf").pk
    first, second = signed_in(analyst), signed_in(other_analyst)
    first.post(address(case), typed(rlhf={"deployed": "yes", "outcome": "missed", "how": "Theirs."}))

    clash = second.post(address(case), typed(rlhf={"deployed": "yes", "outcome": "caught", "how": "Mine."}))

    assert clash.status_code == 409
    assert recorded(case)[0][-1] == "Theirs."
    assert clash.context["form"][f"{rlhf}-how"].value() == "Mine."
    assert "now says: deployed yes, expected unknown, missed: “Theirs.”" in text_of(clash)

    again = clash.context["form"].data
    second.post(address(case), again)

    assert recorded(case) == [("rlhf", "yes", "unknown", "caught", None, "Mine.")]


def test_a_row_taken_out_while_somebody_wrote_in_it(analyst):
    case = make_case()

    clash = signed_in(analyst).post(address(case), typed(rlhf={"deployed": "yes", "version": "3"}))

    assert clash.status_code == 409
    assert "RLHF is not recorded any more" in text_of(clash)


@pytest.mark.parametrize("junk", ["\x00", "a" * 10_001, "<script>alert(1)</script>"])
def test_whatever_is_pasted_is_kept_as_text_or_refused(analyst, junk):
    case = make_case()

    response = signed_in(analyst).post(address(case), typed(rlhf={"deployed": "yes", "how": junk}))

    assert response.status_code == (302 if junk.startswith("<") else 422)
    page = signed_in(analyst).get(f"/cases/{case.reference}/").content.decode()
    assert ("&lt;script&gt;alert(1)" in page) == junk.startswith("<")
    assert "<script>alert(1)" not in page


def test_a_choice_of_nowhere_is_refused(analyst):
    case = make_case()
    cause = Node.objects.get(scheme__slug="misalignment-causes", slug="gradient")
    row = {"deployed": "perhaps", "outcome": "missed", "failure_mode": str(cause.pk), "version": "x"}

    response = signed_in(analyst).post(address(case), typed(rlhf=row))

    assert sorted(name.split("-")[1] for name in errors_of(response)) == ["deployed", "failure_mode", "version"]
    assert recorded(case) == []


def test_only_who_may_edit_opens_the_grid(reader, analyst):
    hidden = make_case(visibility=Visibility.NAMED)

    assert signed_in(reader).get(address(make_case())).status_code == 403
    assert signed_in(analyst).get(address(make_case(status=Status.CLOSED))).status_code == 403
    assert signed_in(analyst).get(address(hidden)).status_code == 404
    assert signed_in(analyst).post(address(hidden), typed(rlhf={"deployed": "yes"})).status_code == 404
    assert recorded(hidden) == []


@pytest.mark.parametrize("n", [1, 13])
def test_grid_query_count(analyst, django_assert_num_queries, n):
    client, case = signed_in(analyst), make_case()
    for technique in [found for found in techniques() if found.parent_id or found.scheme.slug == "control"][:n]:
        safeguard(case=case, technique=technique)

    with django_assert_num_queries(7):
        response = client.get(address(case))

    assert len(response.context["form"].recorded) == n


def test_the_matrix_is_compared_with_the_case(analyst):
    case, rlhf = make_case(), node("rlhf")
    cells = {cell.verdict: cell.failure_mode for cell in ReferenceCell.objects.filter(technique__slug="debate")}
    for technique, mode, outcome in (
        ("debate", cells["vulnerable"], "missed"),
        ("filter", None, "missed"),
        ("w2s", None, "partial"),
    ):
        safeguard(case=case, technique=node(technique), failure_mode=mode, outcome=outcome)
    safeguard(case=case, technique=rlhf, outcome="caught")

    found = reference_of(safeguards_of(case))

    assert {row["safeguard"].technique.slug: (row["word"], row["why"]) for row in found.rows} == {
        "rlhf": ("Not comparable", "no failure of it is recorded"),
        "debate": ("Agrees", "the matrix calls it vulnerable to this"),
        "w2s": ("Not comparable", "it failed, and no failure mode is recorded"),
    }
    assert [len(row["cells"]) for row in found.rows] == [7, 7, 7]
    assert [row["safeguard"].technique.slug for row in found.rows for entry in row["cells"] if entry["met"]] == [
        "debate"
    ]
    assert all("secondary transcription" in source for source in found.sources)


@pytest.mark.parametrize(("verdict", "word"), [("resistant", "Differs"), ("uncertain", "Open")])
def test_a_case_may_differ_from_the_matrix(verdict, word):
    cell = ReferenceCell.objects.filter(verdict=verdict).first()
    row = safeguard(technique=cell.technique, failure_mode=cell.failure_mode, outcome="missed")

    assert [found["word"] for found in reference_of([row]).rows] == [word]


def test_controls_stand_in_no_matrix():
    assert reference_of([safeguard(technique=node("filter"))]) is None


def test_the_section_of_the_case_page(reader):
    case = make_case()
    safeguard(case=case, technique=node("filter"), deployed="yes", outcome="caught", how="It read the change.", order=1)
    safeguard(case=case, technique=node("red-team"), deployed="yes", outcome="not-exercised", order=2)

    shown = text_of(signed_in(reader).get(f"/cases/{case.reference}/"))

    assert "1 of 2 caught it. Left out of the picture as not exercised: Red team" in shown
    assert "One safeguard in the order the behaviour met them. Filter: caught it." in shown
    assert "It read the change." in shown


def test_none_recorded_says_so(reader):
    assert summary_of([]) == "What stood between the system and harm"
    assert "None recorded yet." in text_of(signed_in(reader).get(f"/cases/{make_case().reference}/"))
