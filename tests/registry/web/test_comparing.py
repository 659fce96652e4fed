"""Two to five cases side by side."""

import pytest

from registry.choices import Status, Visibility
from registry.models import Safeguard
from taxonomy.models import Node
from tests import analysed
from tests.factories import agree, make_case, make_cases
from tests.factories import label as put_label
from tests.registry.web.pages import signed_in, text_of

pytestmark = pytest.mark.django_db


def compared(person, *cases):
    texts = [case if isinstance(case, str) else case.reference for case in cases]
    return signed_in(person).get("/cases/compare", {"case": texts})


def rows_of(page):
    """{row: (mark, texts or labels by case)}"""
    return {
        row.name: (row.mark, [cell.text or [words for words, _ in cell.parts] for _, cell in row.cells])
        for section in page.context["sections"]
        for row in section.rows
    }


@pytest.fixture
def pair():
    return [
        make_case(title="The boat circles the lagoon", root_cause="The score.", outer_gap="broken"),
        make_case(title="The arm flips the block", root_cause="the  score.", kind="near-miss"),
    ]


def test_each_field_says_whether_it_is_the_same(pair, reader):
    rows = rows_of(compared(reader, *pair))

    assert rows["Kind"] == ("Different", ["Incident", "Near miss"])
    assert rows["Root cause"] == ("Same in all", ["The score.", "the  score."])
    assert rows["Outer gap"] == ("Not said of all", ["Broken", []])
    assert "Locus" not in rows


def test_what_none_of_them_says_is_named_once(pair, reader):
    page = compared(reader, *pair)

    assert "Nothing in any of them: deployer, affected, stage" in text_of(page).replace("developer, ", "")


def test_cases_stand_in_the_order_asked_and_once(pair, reader):
    one, other = pair

    page = compared(reader, other, one, str(other.pk), one.reference.lower())

    assert page.context["asked"].cases == [other, one]


@pytest.mark.parametrize("n", [0, 1, 6])
def test_too_few_or_too_many_are_told(reader, n):
    page = compared(reader, *make_cases(n))

    assert page.status_code == 200
    assert page.context["sections"] == []
    words = {
        0: "Choose 2 to 5 cases to compare; there is none yet.",
        1: "Choose 2 to 5 cases to compare; there is one so far.",
        6: "You asked for 6 cases; 5 fit side by side. Take some away.",
    }
    assert words[n] in text_of(page)


def test_hidden_merged_and_invented_cases_answer_alike(pair, reader):
    hidden = make_case(visibility=Visibility.NAMED, title="Hidden canary")
    merged = make_case(status=Status.WITHDRAWN, merged_into=pair[0], title="Merged canary")
    asked = (hidden.reference, merged.reference, "AIR-999999", "nonsense")

    texts = [text_of(compared(reader, *pair, text)) for text in asked]

    answers = {text.replace(said, "X") for text, said in zip(texts, asked, strict=True)}
    assert len(answers) == 1
    assert "There is no case X that you may see." in answers.pop()
    assert "canary" not in str(texts)
    assert (
        len(
            {
                text.replace(case, "X")
                for text, case in zip(
                    texts, (hidden.reference, merged.reference, "AIR-999999", "nonsense"), strict=True
                )
            }
        )
        == 1
    )


@pytest.mark.parametrize("text", ["\x00", "<script>alert(1)</script>", "AIR-" + "9" * 5000, " "])
def test_what_is_no_reference_breaks_nothing(pair, reader, text):
    page = compared(reader, *pair, text)

    assert page.context["asked"].cases == pair
    assert "<script>alert" not in page.content.decode()


def test_labels_resting_on_raters_are_hidden_from_the_blind(pair, analyst, other_analyst):
    volition = Node.objects.get(scheme__slug="misalignment-causes", slug="volition-based")
    put_label(pair[0], volition, by=other_analyst)

    blind, seeing = (rows_of(compared(person, *pair)) for person in (analyst, other_analyst))

    assert "Misalignment causes" not in blind
    assert seeing["Misalignment causes"] == ("Not said of all", [["Volition-based misalignment"], []])
    assert blind["Outer gap"] == ("Not said of all", ["Broken", []])


def test_labels_all_carry_are_marked(pair, reader):
    common, single = Node.objects.filter(scheme__slug="goodhart").order_by("order", "pk")[:2]
    agree(pair[0], common, single)
    agree(pair[1], common)

    page = compared(reader, *pair)
    cells = next(row for section in page.context["sections"] for row in section.rows if row.name == common.scheme.name)

    assert [cell.parts for _, cell in cells.cells] == [
        ((common.name, True), (single.name, False)),
        ((common.name, True),),
    ]
    assert cells.mark == "Different"


def test_an_agreed_cause_breaks_the_same_arrow_as_on_the_case_page(pair, reader):
    agree(pair[1], Node.objects.get(scheme__slug="misalignment-causes", slug="volition-based"))

    assert rows_of(compared(reader, *pair))["Outer gap"] == ("Same in all", ["Broken", "Broken"])


def test_safeguards_stand_side_by_side(pair, reader):
    technique = Node.objects.get(scheme__slug="technique", slug="rlhf")
    for case, outcome in zip(pair, ("missed", "caught"), strict=True):
        analysed.safeguard(case=case, technique=technique, deployed="yes", outcome=outcome)

    rows = rows_of(compared(reader, *pair))

    assert rows[technique.name] == ("Different", ["Missed; deployed: yes", "Caught; deployed: yes"])
    assert Safeguard.objects.count() == 2


def test_what_is_ticked_in_the_list_leads_to_the_address(pair, reader):
    response = signed_in(reader).post("/cases/compare", {"case": [case.pk for case in pair], "query": "q=x"})

    assert response["Location"] == f"/cases/compare?case={pair[0].pk}&case={pair[1].pk}"


def test_the_list_and_the_case_page_lead_here(pair, reader):
    agree(pair[0])
    listed = signed_in(reader).get("/cases/").content.decode()

    assert 'formaction="/cases/compare"' in listed


@pytest.mark.parametrize("n", [2, 5])
def test_compare_query_count(reader, django_assert_num_queries, n):
    cases = make_cases(n)
    for case in cases:
        agree(case, *Node.objects.filter(scheme__slug="goodhart"))
        analysed.safeguard(case=case, technique=Node.objects.get(scheme__slug="technique", slug="rlhf"))
    client = signed_in(reader)

    with django_assert_num_queries(10):
        client.get("/cases/compare", {"case": [case.reference for case in cases]})
