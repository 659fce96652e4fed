"""A case to take along, on paper and as Markdown: all that its reader may see, and nothing else."""

import pytest
import time_machine

from registry.actions import evidence, labels
from registry.choices import Stance, Status, Visibility
from registry.models import CaseSource, Source
from tests.factories import NOW, label, make_case, make_node, make_person
from tests.registry.web.pages import signed_in, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(analyst):
    case = make_case(
        title="The boat circles the lagoon",
        status=Status.ANALYSIS,
        context="Trained on **score**.",
        potential_rationale="A ferry could do the same.",
        warning_url="https://example.org/warning",
    )
    evidence.add_note(by=analyst, at=NOW, case=case, note="```\nnot the end", title="Where the runs are")
    source = Source.objects.create(title="Faulty rewards", url="https://example.org/a", publisher="Example Press")
    CaseSource.objects.create(case=case, source=source)
    return case


def printed(person, case):
    return signed_in(person).get(f"/cases/{case.reference}/print")


def markdown(person, case):
    return signed_in(person).get(f"/cases/{case.reference}/case.md")


def test_the_sheet_holds_everything(reader, case):
    node = make_node("greed", name="Greed")
    label(case, node, by=make_person(name="Jonas Weber"), rationale="It says so.", confidence=80)
    sheet = text_of(printed(reader, case))

    parts = ("The boat circles the lagoon", "Trained on score .", "A ferry could do the same.", "Greed", "Jonas Weber")
    parts += ("It says so.", "Where the runs are", "not the end", "Faulty rewards", "https://example.org/a", "History")
    assert [part for part in parts if part not in sheet] == []


@time_machine.travel(NOW, tick=False)
def test_markdown_is_a_file_to_keep(reader, case):
    response = markdown(reader, case)

    text = response.content.decode()
    assert (response["Content-Type"], response["Content-Disposition"], response["Cache-Control"]) == (
        "text/markdown; charset=utf-8",
        f'attachment; filename="{case.reference}.md"',
        "private, no-store",
    )
    assert text.startswith(f"# {case.reference} The boat circles the lagoon\n\n- **Status:** In analysis\n")
    assert "### Context\n\n```markdown\nTrained on **score**.\n```" in text
    assert "````markdown\n```\nnot the end\n````" in text
    assert "- Faulty rewards (Example Press, secondary source, not seen by us) <https://example.org/a>" in text
    assert "20 Nov 2026, 09:30 UTC by Rena Reader" in text


@pytest.mark.parametrize("form", [printed, markdown])
def test_a_rater_who_has_not_rated_takes_nobody_elses_labels_along(analyst, case, form):
    node, other = make_node("greed", name="Greed"), make_person(name="Jonas Weber")
    label(case, node, by=other, rationale="Canary of Jonas")

    blind = form(analyst, case).content.decode()
    label(case, make_node("other"), by=analyst, stance=Stance.UNSURE)
    seeing = form(analyst, case).content.decode()

    assert [word for word in ("Greed", "Jonas Weber", "Canary of Jonas") if word in blind] == []
    assert [word for word in ("Greed", "Jonas Weber", "Canary of Jonas") if word not in seeing] == []


@pytest.mark.parametrize("tail", ["print", "case.md"])
def test_a_hidden_case_answers_like_a_missing_one(reviewer, tail):
    hidden, client = make_case(visibility=Visibility.NAMED, title="Hidden canary"), signed_in(reviewer)

    hidden, missing = client.get(f"/cases/{hidden.reference}/{tail}"), client.get(f"/cases/AIR-999999/{tail}")

    assert hidden.status_code == missing.status_code == 404
    assert text_of(hidden) == text_of(missing)


def test_removed_evidence_is_left_behind(analyst, case):
    row = evidence.add_note(by=analyst, at=NOW, case=case, note="Removed canary", title="Removed canary")
    evidence.remove_evidence(evidence=row, by=analyst, at=NOW)

    parts = text_of(printed(analyst, case)).partition("Evidence")[2].partition("Sources")[0]

    assert "Removed canary" not in parts


def test_a_sheet_for_named_people_says_so(analyst, case):
    case.visibility, case.owner = Visibility.NAMED, analyst
    case.save()

    assert "named people only : keep this copy to them" in text_of(printed(analyst, case))


@pytest.mark.parametrize("n", [1, 30])
def test_printed_case_query_count(reader, case, django_assert_num_queries, n):
    client = signed_in(reader)
    for _ in range(n):
        labels.label_case(case=case, node=make_node(), by=make_person(), at=NOW, stance=Stance.PRESENT)

    with django_assert_num_queries(16):
        response = client.get(f"/cases/{case.reference}/print")

    assert len(response.context["labels"]) == n


def test_the_case_page_offers_all_three(reader, case):
    page = signed_in(reader).get(case.get_absolute_url()).content.decode()

    for address in ("print", "case.md"):
        assert f'href="/cases/{case.reference}/{address}"' in page
    assert f'href="/api/v1/cases/{case.reference}/"' in page
