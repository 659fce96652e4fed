"""Systems, organisations and event groups through the API."""

import pytest

from registry.choices import Visibility
from registry.models import CaseSystem, EventGroup, Organisation, System
from tests.factories import make_case, make_cases

pytestmark = pytest.mark.django_db


def name(case, system):
    row, _ = System.objects.get_or_create(name=system)
    CaseSystem.objects.create(case=case, system=row)
    return row


def names(tool, path):
    response = tool.get(path)
    assert response.status_code == 200, response.content
    return [row["name"] for row in response.json()["results"]]


def test_systems_are_found_by_name_alias_and_near_miss(as_reader):
    case = make_case()
    grader = name(case, "Grader Prime")
    grader.aliases.create(name="GP-1")

    assert names(as_reader, "systems/") == ["Grader Prime", "code-agent"]
    assert names(as_reader, "systems/?q=prime") == ["Grader Prime"]
    assert names(as_reader, "systems/?q=gp") == ["Grader Prime"]
    assert names(as_reader, "systems/?q=Grader Prine") == ["Grader Prime"]
    assert names(as_reader, "systems/?q=%25%25%25") == []
    assert names(as_reader, "systems/?ordering=-name&limit=1") == ["code-agent"]


def test_one_system_says_its_names_its_developer_and_its_cases(as_reader):
    case = make_case()
    lab, secret = (Organisation.objects.create(name=each) for each in ("Lagoon Labs", "Secret Labs"))
    case.case_parties.create(organisation=lab, role="deployer")
    grader = name(case, "Grader")
    System.objects.filter(pk=grader.pk).update(developer=lab)
    other = name(case, "Other")
    System.objects.filter(pk=other.pk).update(developer=secret)

    row = as_reader.get(f"systems/{grader.pk}/").json()

    assert (row["name"], row["developer"], row["n_cases"], row["more_cases"]) == ("Grader", "Lagoon Labs", 1, False)
    assert as_reader.get(row["cases_url"]).json()["results"][0]["reference"] == case.reference
    assert as_reader.get(f"systems/{other.pk}/").json()["developer"] is None
    assert as_reader.get(f"organisations/{lab.pk}/").json()["n_cases"] == 1
    assert as_reader.get(f"organisations/{secret.pk}/").status_code == 404


def test_what_only_hidden_cases_name_is_not_there_and_moves_nothing(as_reader):
    seen = make_case(event_group=EventGroup.objects.create(name="The lagoon"))
    lab = Organisation.objects.create(name="Lagoon Labs")
    seen.case_parties.create(organisation=lab, role="developer")
    shared = name(seen, "Shared")
    paths = ["systems/?count=exact", "organisations/?count=exact", "event-groups/?count=exact", "systems/?q=sec"]
    paths += [f"systems/{shared.pk}/", f"organisations/{lab.pk}/", f"event-groups/{seen.event_group_id}/"]
    before = [as_reader.get(path).content for path in paths]

    secret = EventGroup.objects.create(name="Secret event")
    for group in (secret, seen.event_group):
        hidden = make_case(visibility=Visibility.NAMED, event_group=group)
        system = name(hidden, "Secret system")
        CaseSystem.objects.create(case=hidden, system=shared)
        hidden.case_parties.create(organisation=lab, role="developer")

    assert [as_reader.get(path).content for path in paths] == before
    assert as_reader.get(f"systems/{system.pk}/").status_code == 404
    assert as_reader.get(f"event-groups/{secret.pk}/").status_code == 404


def test_a_list_counts_to_fifty_and_one_system_to_the_end(as_reader):
    make_cases(51)

    (row,) = as_reader.get("systems/").json()["results"]

    assert (row["n_cases"], row["more_cases"]) == (50, True)
    assert (as_reader.get(row["url"]).json()["n_cases"], as_reader.get(row["url"]).json()["more_cases"]) == (51, False)


@pytest.mark.parametrize("n", [1, 30])
def test_list_query_counts(as_reader, django_assert_num_queries, n):
    for number in range(n):
        case = make_case(event_group=EventGroup.objects.create(name=f"Event {number}"))
        CaseSystem.objects.filter(case=case).delete()
        name(case, f"System {number}").aliases.create(name=f"S{number}")
        lab = Organisation.objects.create(name=f"Lab {number}")
        case.case_parties.create(organisation=lab, role="developer")

    for path in ("systems/", "organisations/", "event-groups/"):
        with django_assert_num_queries(2):
            found = names(as_reader, path)
        assert len(found) == n


@pytest.mark.parametrize("number", ["0", "9999999999", "9" * 4300, "x"])
@pytest.mark.parametrize("noun", ["systems", "organisations", "event-groups"])
def test_what_does_not_exist_is_not_found(as_reader, noun, number):
    assert as_reader.get(f"{noun}/{number}/").status_code == 404
