"""How much systems are used, through the API."""

from datetime import date

import pytest

from registry.choices import Visibility
from registry.models import Exposure, SystemAlias
from tests.factories import make_case, make_exposure, make_system

pytestmark = pytest.mark.django_db


@pytest.fixture
def system():
    return make_system("Guide")


def body_of(**values):
    facts = {"system": "Guide", "month": "2026-10", "unit": "conversations", "amount": 12000, "source": "The report."}
    return facts | values


def ids(response):
    assert response.status_code == 200, response.content
    return [row["id"] for row in response.json()["results"]]


def hidden_system():
    return make_system("Hidden", make_case(visibility=Visibility.NAMED))


def test_an_analyst_records_reads_corrects_and_removes_a_month(as_analyst, system):
    made = as_analyst.send("POST", "exposures/", body_of())
    address = made["Location"]

    assert made.status_code == 201
    assert made.json() == as_analyst.get(address).json()
    assert {name: made.json()[name] for name in body_of()} == body_of()
    assert (made.json()["system_id"], made.json()["version"]) == (system.pk, 1)
    assert made.json()["html_url"].endswith(f"/systems/{system.pk}/")

    changed = as_analyst.send("PATCH", address, {"amount": 12500}, match=made["ETag"])
    assert (changed.status_code, changed.json()["amount"], changed.json()["version"]) == (200, 12500, 2)

    removed = as_analyst.send("DELETE", address, match=changed["ETag"])
    assert (removed.status_code, as_analyst.get(address).status_code) == (204, 404)


def test_a_change_needs_the_version_that_was_read(as_analyst):
    row = make_exposure()
    address = f"exposures/{row.pk}/"
    etag = as_analyst.get(address)["ETag"]
    as_analyst.send("PATCH", address, {"amount": 1}, match=etag)

    late = as_analyst.send("PATCH", address, {"amount": 2}, match=etag)
    blind = as_analyst.send("DELETE", address)

    assert (late.status_code, late.json()["changed"]) == (412, ["amount"])
    assert late.json()["etag"] == late["ETag"] == as_analyst.get(address)["ETag"]
    assert blind.status_code == 428
    assert Exposure.objects.get().amount == 1


def test_a_key_records_a_month_once(as_analyst, system):
    answers = [
        as_analyst.send("POST", "exposures/", body_of(), headers={"Idempotency-Key": "october-2026"}) for _ in range(2)
    ]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert Exposure.objects.count() == 1


def test_a_month_that_is_recorded_already_is_refused(as_analyst, system):
    as_analyst.send("POST", "exposures/", body_of())

    again = as_analyst.send("POST", "exposures/", body_of(amount=1))

    assert (again.status_code, again.json()["type"]) == (409, "/api/v1/problems/already-exists/")


@pytest.mark.parametrize(
    ("values", "pointer"),
    [
        ({"system": "Nobody"}, "#/system"),
        ({"system": None}, "#/system"),
        ({"month": "2026-13"}, "#/month"),
        ({"month": "2026-10-01"}, "#/month"),
        ({"month": "2027-01"}, "#/month"),
        ({"month": 202610}, "#/month"),
        ({"unit": "clicks"}, "#/unit"),
        ({"amount": -1}, "#/amount"),
        ({"amount": 2**63}, "#/amount"),
        ({"amount": 1.5}, "#/amount"),
        ({"amount": True}, "#/amount"),
        ({"source": ""}, "#/source"),
        ({"source": "s" * 501}, "#/source"),
        ({"source": "a\x00b"}, "#/source"),
        ({"more": 1}, "#/more"),
    ],
)
def test_what_cannot_be_recorded_says_where(as_analyst, system, values, pointer):
    refused = as_analyst.send("POST", "exposures/", body_of(**values))

    assert refused.status_code in (400, 422), refused.content
    assert [each["pointer"] for each in refused.json()["errors"]] == [pointer]
    assert not Exposure.objects.exists()


def test_a_system_goes_by_its_other_names(as_analyst, system):
    SystemAlias.objects.create(system=system, name="The Guide")

    made = as_analyst.send("POST", "exposures/", body_of(system="the guide", amount=2**63 - 1))

    assert (made.json()["system"], made.json()["amount"]) == ("Guide", 2**63 - 1)


def test_what_is_recorded_of_a_hidden_system_is_nowhere(as_analyst):
    row = make_exposure(hidden_system())
    missing = as_analyst.send("POST", "exposures/", body_of(system="Nowhere"))

    assert ids(as_analyst.get("exposures/")) == []
    assert ids(as_analyst.get("exposures/?system=Hidden")) == []
    assert as_analyst.get(f"exposures/{row.pk}/").status_code == 404
    assert as_analyst.send("PATCH", f"exposures/{row.pk}/", {"amount": 1}, match="*").status_code == 404
    assert as_analyst.send("DELETE", f"exposures/{row.pk}/", match="*").status_code == 404
    told = as_analyst.send("POST", "exposures/", body_of(system="Hidden"))
    assert told.status_code == missing.status_code
    assert told.json()["errors"][0]["detail"] == missing.json()["errors"][0]["detail"].replace("Nowhere", "Hidden")


def test_the_list_is_narrowed_and_ordered(as_reader, system):
    october = make_exposure(system)
    september = make_exposure(system, month=date(2026, 9, 1))
    other = make_exposure(unit="deployments", month=date(2026, 11, 1))

    assert ids(as_reader.get("exposures/")) == [other.pk, september.pk, october.pk]
    assert ids(as_reader.get("exposures/?ordering=month")) == [september.pk, october.pk, other.pk]
    assert ids(as_reader.get("exposures/?system=guide")) == [september.pk, october.pk]
    assert ids(as_reader.get("exposures/?unit=deployments")) == [other.pk]
    assert ids(as_reader.get("exposures/?month__gte=2026-10&month__lte=2026-10")) == [october.pk]
    first = as_reader.get("exposures/?ordering=-month&limit=1")
    assert ids(as_reader.get(first.json()["next"])) == [october.pk]


@pytest.mark.parametrize("query", ["month__gte=2026", "month__lte=2026-00", "unit=clicks", "system=%00", "sytem=a"])
def test_a_filter_that_cannot_be_read_is_refused(as_reader, query):
    assert as_reader.get(f"exposures/?{query}").status_code == 400


def test_a_number_beyond_the_column_is_not_found(as_reader):
    assert as_reader.get("exposures/99999999999999999999/").status_code == 404


@pytest.mark.parametrize("n", [1, 30])
def test_query_counts(as_reader, django_assert_num_queries, n):
    rows = [make_exposure() for _ in range(n)]
    as_reader.get("exposures/")

    with django_assert_num_queries(2):
        assert len(ids(as_reader.get("exposures/"))) == n
    with django_assert_num_queries(2):
        as_reader.get(f"exposures/{rows[0].pk}/")
