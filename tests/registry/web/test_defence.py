import re
from itertools import count

import pytest

from registry.choices import Role, Visibility
from registry.models import Population
from taxonomy.models import Node, ReferenceCell
from tests.analysed import safeguard
from tests.factories import NOW, make_case, make_person, make_run
from tests.registry.patterns.safeguards import ROWS
from tests.registry.web.defence_pages import TECHNIQUES, chosen, kept_run, listed, record, row_of, section
from tests.registry.web.pages import signed_in, text_of

pytestmark = pytest.mark.django_db

QUERIES = 9


@pytest.fixture
def full(db):
    record()
    return kept_run()


def test_without_any_run_the_matrix_and_the_what_if_are_there_and_cases_say_nothing(client, analyst):
    client.force_login(analyst)

    response = client.get("/defence/")

    assert "Nothing has been computed yet" in text_of(response)
    assert 'href="/patterns/"' in response.content.decode()
    assert "Vulnerable (27) Resistant (19) Uncertain (3)" in section(response, "matrix").replace("  ", " ")
    assert "5 of 7 failure modes stay open" in section(response, "what-if")
    assert row_of(response, "RLHF").endswith("no case yet " + "not recorded " * 7 + "– –")
    assert response.context["joint"] is None


def test_a_run_without_safeguards_says_so_and_names_the_next_action(client, analyst):
    make_case()
    run = kept_run()
    client.force_login(analyst)

    response = client.get("/defence/")

    assert f"run {run.pk} of" in text_of(response)
    assert "No event of the 1 counted says what a safeguard made of it." in text_of(response)
    assert "No case says yet what its safeguards did" in text_of(response)
    assert "Choose a case to record them" in text_of(response)


def test_a_reader_is_not_asked_to_record(client, full):
    person = make_person(role=Role.READER)

    response = signed_in(person).get("/defence/")

    assert "Edit the matrix" not in text_of(response)
    assert response.context["may_edit"] is False


def test_miss_rates_stand_beside_the_matrix(client, analyst, full):
    client.force_login(analyst)

    response = client.get("/defence/")

    assert "20 of the 20 events counted say what a safeguard made of them." in text_of(response)
    assert "13 of 19 68 %, 46–85 0 0 0 0 0 13 0 0 –" in row_of(response, "RLHF")
    assert row_of(response, "Monitoring").startswith("Monitoring Control not part of the published matrix 7 of 20 35 %")


def test_a_zero_is_printed_only_where_it_is_known(client, analyst):
    record(["1111", "1110", "1100", "1100", "0000", "0001"], times=2)
    record(["1---"])
    run = kept_run()
    client.force_login(analyst)

    response = client.get("/defence/")

    assert "8 of 12" in row_of(response, "RLAIF / Constitutional AI")
    assert row_of(response, "RLAIF / Constitutional AI").endswith("not recorded " * 7 + "8 –")
    assert row_of(response, "RLHF").endswith("0 0 0 0 0 9 0 0 –")
    assert row_of(response, "AI debate").endswith("no case yet " + "not recorded " * 7 + "– –")
    assert run.layers.count() == 6


def test_a_technique_that_never_missed_has_known_zeros_and_too_few_outcomes_no_rate(client, analyst):
    record(["0---"] * 4)
    kept_run()
    client.force_login(analyst)

    response = client.get("/defence/")

    assert row_of(response, "RLHF").endswith("0 of 4 too few for a rate 0 0 0 0 0 0 0 0 –")


def test_what_was_absent_though_expected_is_counted_apart(client, analyst):
    review = Node.objects.get(slug="review")
    case = make_case()
    safeguard(case=case, technique=review, deployed="no", expected="yes")
    kept_run()
    client.force_login(analyst)

    response = client.get("/defence/")

    assert row_of(response, "Review by a person").endswith("– 1")
    address = re.findall(r'href="(/cases/\?miss=[0-9]+)"', response.content.decode())
    assert [listed(client, each) for each in address] == [[case.pk]]


def test_joint_misses_print_what_the_worked_example_says(client, analyst, full):
    client.force_login(analyst)

    said = section(client.get("/defence/"), "together")

    assert "RLHF and RLAIF / Constitutional AI 11 of 18 complete rows" in said
    assert "61 % against 48 % 1.27×, φ 0.61, q = 0.13" in said
    assert "No pair is flagged: the smallest q is 0.13 over 6 tests." in said
    assert "17 % against 11 % 1.46×, bounds 0–39 %" in said
    assert "Monitoring and Red team 3 of 20 complete rows 15 % against 21 % 0.71×, φ −0.26, q = 0.93" in said


def test_effective_layers_are_those_of_the_layers_chosen(client, analyst):
    record([row for row in ROWS if "-" not in row])
    kept_run()
    client.force_login(analyst)

    chosen = "&".join(f"l={Node.objects.get(slug=slug).key}" for slug in TECHNIQUES[:3])
    response = client.get(f"/defence/?{chosen}")

    assert [round(each["layers"], 4) for each in response.context["layers"]["measures"]] == [1.9657, 2.2286]
    assert "39 % against 29 % 1.32×, bounds 0–61 %" in section(response, "together")
    assert "2.0 of 3, Kish" in section(response, "together")
    assert "three layers behave like about 2.0 independent ones" in text_of(response)


def test_opposed_layers_count_in_full_and_are_no_finding(client, analyst):
    record(["10--", "01--"], times=6)
    record(["11--"])
    kept_run()
    client.force_login(analyst)

    response = client.get("/defence/")

    assert [each["layers"] for each in response.context["layers"]["measures"]] == [2.0, 2.0]
    assert "not above zero, so all 2 count. That is no finding." in section(response, "together")
    assert "flagged" not in section(response, "together").replace("No pair is flagged", "")


def test_layers_never_recorded_together_are_not_compared(client, analyst):
    record(["1-0-", "-1-1"], times=6)
    kept_run()
    client.force_login(analyst)
    both = "&".join(f"l={Node.objects.get(slug=slug).key}" for slug in ("rlhf", "rlaif"))

    response = client.get(f"/defence/?{both}")

    assert "No event has a known outcome of all 2 layers." in section(response, "together")


def test_every_number_opens_the_cases_behind_it(client, analyst):
    cases = record()
    kept_run()
    client.force_login(analyst)
    page = client.get("/defence/").content.decode()

    def behind(*signs):
        """The cases in whose row each of `signs` stands, and how often the page leads to exactly these."""
        return sorted(case.pk for case, row in zip(cases, ROWS, strict=True) if all(row[at] in x for at, x in signs))

    both = re.search(r'<a href="([^"]+)">11</a> of <a href="([^"]+)">18</a> complete', page)
    missed = re.search(r'<a href="([^"]+)"><b>13</b></a> of <a href="([^"]+)">19</a>', page)
    mode = re.search(r'href="(/cases/\?miss=[0-9]+)" title="13 by this mode"', page)
    else_ = re.search(r'else <a href="([^"]+)">1</a> of <a href="([^"]+)">5</a>', page)

    assert [listed(client, each) for each in both.groups()] == [
        behind((0, "1"), (1, "1")),
        behind((0, "10"), (1, "10")),
    ]
    assert [listed(client, each) for each in missed.groups()] == [behind((0, "1")), behind((0, "10"))]
    assert listed(client, mode[1]) == behind((0, "1"))
    assert [listed(client, each) for each in else_.groups()] == [
        behind((1, "0"), (0, "1")),
        behind((1, "0"), (0, "10")),
    ]


def test_what_the_others_did_where_one_failed(client, analyst, full):
    client.force_login(analyst)

    said = section(client.get(f"/defence/?fails={Node.objects.get(slug='rlhf').key}"), "fails")

    assert "misses, as in 13 events" in said
    assert "RLAIF / Constitutional AI missed too: 11 of 12" in said
    assert "92 %, 65–99 else 2 of 6 : 33 %, 10–70" in said


def test_choices_of_one_form_outlive_the_other_forms(client, analyst, full):
    client.force_login(analyst)

    page = client.get(f"/defence/?{chosen('repe')}&fails=technique:rlhf&l=technique:rlhf&l=technique:rlaif")

    fields = re.findall(r'<input type="hidden" name="(fails|l|portfolio|t)" value="([^"]+)">', page.content.decode())
    assert sorted(set(fields)) == [
        ("fails", "technique:rlhf"),
        ("l", "technique:rlaif"),
        ("l", "technique:rlhf"),
        ("portfolio", "1"),
        ("t", "technique:repe"),
    ]


def test_without_a_matrix_the_page_stands_on_cases_alone(client, analyst, full):
    ReferenceCell.objects.all().delete()
    client.force_login(analyst)

    response = client.get("/defence/")

    assert "The matrix: none is recorded" in text_of(response)
    assert response.context["what_if"] is None
    assert "13 of 19" in row_of(response, "RLHF")


def test_administrators_are_led_to_the_matrix(client, full):
    page = signed_in(make_person(role=Role.ADMINISTRATOR)).get("/defence/").content.decode()

    assert 'href="/admin/taxonomy/referencecell/"' in page


def test_an_older_run_keeps_its_numbers(client, analyst, full):
    record(["1111"] * 5)
    kept_run()
    client.force_login(analyst)

    older, latest = client.get(f"/patterns/runs/{full.pk}/defence/"), client.get("/defence/")

    assert "13 of 19" in row_of(older, "RLHF")
    assert "18 of 24" in row_of(latest, "RLHF")
    assert f"You are reading run {full.pk}, kept as it was" in text_of(older)
    assert "kept as it was" not in text_of(latest)


def test_a_run_of_some_cases_is_never_the_latest(client, analyst, full):
    population = Population.objects.create(query="kind=incident", asked_by=make_person(), created_at=NOW)
    other = make_run(population=population)
    client.force_login(analyst)

    assert client.get("/defence/").context["run"] == full
    assert "It counts some of the cases." in text_of(client.get(f"/patterns/runs/{other.pk}/defence/"))


def test_a_run_that_does_not_exist_is_not_found(client, analyst):
    client.force_login(analyst)

    assert client.get("/patterns/runs/999/defence/").status_code == 404


def test_a_stranger_reads_no_case_that_is_not_theirs(client, analyst):
    cases = record()
    kept_run()
    cases[0].visibility = Visibility.NAMED
    cases[0].save()
    client.force_login(analyst)

    page = client.get("/defence/").content.decode()

    address = re.search(r'<a href="([^"]+)"><b>13</b></a>', page)[1]
    assert len(listed(client, address)) == 12


@pytest.mark.parametrize("parameter", ["t", "l", "fails", "portfolio", "table", "format"])
def test_nonsense_in_the_address_changes_nothing(client, analyst, full, parameter):
    client.force_login(analyst)

    for value in ("a%00b", "%00", "technique:rlhf%00", "x" * 4000, "-1"):
        response = client.get(f"/defence/?{parameter}={value}")
        assert response.status_code == 200
        assert b"\x00" not in response.content


@pytest.mark.parametrize("times", [0, 1, 3])
def test_query_count_does_not_grow_with_what_is_recorded(client, analyst, django_assert_num_queries, times):
    record(times=times)
    kept_run()
    client.force_login(analyst)

    with django_assert_num_queries(QUERIES):
        client.get("/defence/")


def test_many_combinations_are_drawn_in_part_and_listed_in_full(client, analyst):
    nodes = [node for node in Node.objects.filter(scheme__kind="technique") if not node.children.exists()]
    signs = count()
    for _ in range(12):
        case = make_case()
        for node in nodes:
            outcome = "missed" if next(signs) % 3 else "caught"
            safeguard(case=case, technique=node, deployed="yes", outcome=outcome)
    kept_run()
    client.force_login(analyst)

    response = client.get("/defence/")

    assert len(response.context["joint"]["rows"]) == 78
    assert response.content.decode().count('<li class="oe">') == 10 + 12
    assert "All 78 pairs as a table" in section(response, "together")
