import re
from time import monotonic

import pytest

from taxonomy.models import Certainty, Node, ReferenceCell, Scheme, Verdict
from tests.factories import make_node
from tests.registry.web.defence_pages import chosen, kept_run, read_file, record, section

pytestmark = pytest.mark.django_db


@pytest.fixture
def full(db):
    record()
    return kept_run()


@pytest.mark.parametrize(
    ("portfolio", "heading"),
    [
        (["rlhf", "rlaif", "w2s", "repe"], "2 of 7 failure modes stay open: DEC-AL and AL-GEN"),
        (["debate", "repe"], "1 of 7 failure modes stays open: AL-GEN"),
        (["scientist-ai", "repe"], "No failure mode stays open"),
        ([], "7 of 7 failure modes stay open"),
        (["no-such"], "7 of 7 failure modes stay open"),
    ],
)
def test_a_portfolio_leaves_open_what_the_matrix_says(client, analyst, portfolio, heading):
    client.force_login(analyst)

    response = client.get(f"/defence/?{chosen(*portfolio)}")

    assert heading in section(response, "what-if")


def test_what_one_more_would_close_leads_to_the_portfolio_with_it(client, analyst):
    client.force_login(analyst)

    response = client.get(f"/defence/?{chosen('rlhf', 'rlaif', 'w2s', 'repe')}")

    said = section(response, "what-if")
    assert "Add Scientist AI leaves none open closes DEC-AL and AL-GEN" in said
    assert "Add AI debate leaves AL-GEN closes DEC-AL" in said
    assert "Only Representation engineering with Scientist AI survives reading “uncertain” as vulnerable." in said
    scientist = next(row for row in response.context["what_if"]["one_more"] if row["node"].slug == "scientist-ai")
    after = client.get("/defence/" + scientist["url"])
    assert after.context["what_if"]["heading"] == "No failure mode stays open"


def test_a_mode_that_only_the_second_reading_opens_is_marked(client, analyst):
    client.force_login(analyst)

    response = client.get(f"/defence/?{chosen('rlhf', 'scientist-ai')}")

    states = {row["mode"].code: row["state"] for row in response.context["what_if"]["rows"]}
    assert {code for code, state in states.items() if state == "unsure"} == {"CAP-DEV"}
    assert set(states.values()) == {"unsure", "covered"}
    assert "If “uncertain” is read as vulnerable, CAP-DEV stays open too." in section(response, "what-if")


def techniques_of(n, modes):
    """`n` more techniques, each vulnerable to all of `modes` but one, in turn."""
    scheme = Scheme.objects.get(slug="technique")
    for place in range(n):
        node = make_node(f"more-{place}", scheme=scheme, name=f"More {place}", order=100 + place)
        ReferenceCell.objects.bulk_create(
            ReferenceCell(
                technique=node,
                failure_mode=mode,
                verdict=Verdict.RESISTANT if at == place % len(modes) else Verdict.VULNERABLE,
                certainty=Certainty.MEDIUM,
                source="A longer table.",
            )
            for at, mode in enumerate(modes)
        )


def test_a_matrix_of_sixty_techniques_is_worked_out_at_once(client, analyst):
    techniques_of(60, list(Node.objects.filter(scheme__slug="failure-mode", children=None)[:7]))
    client.force_login(analyst)
    began = monotonic()

    said = section(client.get("/defence/?" + chosen("rlhf", "rlaif", "w2s")), "what-if")

    assert monotonic() - began < 5
    assert "The smallest portfolio that leaves nothing open is two techniques" in said
    assert "more close something, and leave as much open or more." in said


def test_of_more_failure_modes_than_can_be_compared_the_page_says_so(client, analyst):
    scheme = Scheme.objects.get(slug="failure-mode")
    techniques_of(1, [make_node(f"mode-{place}", scheme=scheme, name=f"M{place}: new") for place in range(8)])
    client.force_login(analyst)

    response = client.get("/defence/")

    assert "this matrix has 8 and 15." in section(response, "what-if")
    assert response.context["what_if"]["chosen"] == []
    assert response.context["lead"] == ""


def test_every_table_is_a_file(client, analyst, full):
    client.force_login(analyst)
    links = re.findall(r'href="(\?[^"]*format=csv[^"]*)"', client.get("/defence/").content.decode())

    files = {link: read_file(client.get("/defence/" + link.replace("&amp;", "&"))) for link in links}

    sizes = {re.search(r"table=(\w+)", link)[1]: len(rows) for link, rows in files.items()}
    assert sizes == {"outcomes": 13, "matrix": 49, "joint": 6, "fails": 3, "portfolio": 7}


def test_files_hold_what_the_page_says_and_leave_empty_what_is_not_known(client, analyst, full):
    client.force_login(analyst)

    outcomes = {row["Technique"]: row for row in read_file(client.get("/defence/?format=csv&table=outcomes"))}
    joint = read_file(client.get("/defence/?format=csv&table=joint"))
    fails = read_file(client.get("/defence/?format=csv&table=fails&fails=technique:rlhf"))
    open_ = read_file(client.get(f"/defence/?format=csv&table=portfolio&{chosen('repe')}"))

    mode = "EVAL-DIFF: evaluating is not easier than doing"
    rlhf, debate = outcomes["RLHF"], outcomes["AI debate"]
    assert (rlhf["Missed"], rlhf["Outcome known"], rlhf[f"Missed: {mode}"]) == ("13", "19", "13")
    assert (debate["Missed"], debate["Outcome known"], debate[f"Missed: {mode}"], debate["Low"]) == ("", "0", "", "")
    first = next(row for row in joint if (row["First"], row["Both missed"]) == ("RLHF", "11"))
    assert [round(float(first[name]), 4) for name in ("Ratio", "Phi", "p", "q")] == [1.2692, 0.6139, 0.0217, 0.1303]
    assert first["Flagged"] == "no"
    assert (fails[0]["Missed too"], fails[0]["Of"]) == ("11", "6")
    assert [row["State"] for row in open_].count("Open") == 2


def test_a_table_that_does_not_exist_is_not_found(client, analyst):
    client.force_login(analyst)

    assert client.get("/defence/?format=csv&table=secrets").status_code == 404
