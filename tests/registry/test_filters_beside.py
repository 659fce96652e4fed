"""Filters about what stands beside a case, or is missing, and about who and whose."""

import pytest

from registry.choices import TEMPLATE_FIELDS, Status
from registry.filters import MISSING
from registry.models import (
    Case,
    CaseLink,
    CaseSource,
    Classification,
    EventGroup,
    Evidence,
    Source,
    System,
    Team,
)
from taxonomy.models import Node
from tests.factories import NOW, make_case, make_node, make_pair, make_person, make_run
from tests.factories import label as put_label
from tests.registry.test_filters import cases, errors, tier
from tests.registry.web.pages import signed_in

pytestmark = pytest.mark.django_db


class Written:
    """One case that has everything and one that lacks everything, for filters that ask what is there."""

    def __init__(self):
        self.person = make_person()
        self.bare = make_case(observed_behaviour="", occurred_from=None, occurred_precision="unknown")
        self.bare.case_systems.all().delete()
        cause = Node.objects.get(slug="precocious")
        narrative = dict.fromkeys(TEMPLATE_FIELDS[1:], "Written.")
        severities = {"potential_severity": tier("high"), "realised_severity": tier("low")}
        self.whole = make_case(nodes=[cause], owner=self.person, predictability="warned", **narrative, **severities)
        source = Source.objects.create(title="A paper", created_at=NOW)
        CaseSource.objects.create(case=self.whole, source=source)
        Evidence.objects.create(
            case=self.whole,
            kind="note",
            title="Note",
            note="Seen.",
            sha256="0" * 64,
            added_by=self.person,
            added_at=NOW,
        )


@pytest.mark.parametrize("name", [name for name, _ in MISSING])
def test_what_is_missing_can_be_asked_for(name):
    made = Written()

    assert cases(f"missing={name}") == [made.bare]


def test_several_things_missing_mean_or():
    made = Written()
    no_owner = make_case()

    assert cases("missing=owner&missing=source") == [made.bare, no_owner]


@pytest.mark.parametrize("name", ["evidence", "source"])
def test_what_is_there_can_be_asked_for(name):
    made = Written()

    assert cases(f"has={name}") == [made.whole]


def test_removed_evidence_is_missing():
    made = Written()
    Evidence.objects.update(removed_at=NOW, removed_by=made.person)

    assert cases("has=evidence") == []


def test_a_link_to_a_case_one_may_not_see_is_no_link():
    person = make_person(role="reader")
    seen, other = make_case(), make_case(visibility="named")
    CaseLink.objects.create(case=other, other=seen, kind="variant", answered_by=other.reporter, answered_at=NOW)

    assert seen not in cases("has=links", person=person)
    assert cases("has=links", person=other.reporter) == [seen, other]


def test_cases_answered_to_be_different_are_not_linked():
    case, other = make_case(), make_case()
    CaseLink.objects.create(case=case, other=other, kind="different", answered_by=other.reporter, answered_at=NOW)

    assert cases("has=links", person=other.reporter) == []


def test_people_are_found_by_user_name_by_name_and_as_me():
    olga, other = make_person(username="olga", name="Olga N"), make_person()
    case = make_case(owner=olga)
    make_case(owner=other)

    for query in ("owner=OLGA", "owner=olga n", "owner=me"):
        assert cases(query, person=olga) == [case]
    assert cases("owner=me") == []


def test_a_name_of_two_people_asks_for_a_user_name():
    make_person(name="Kim")
    make_person(name="Kim")

    assert errors("owner=Kim") == {"owner": ["Several people are called “Kim”: write a user name."]}
    assert errors("reporter=nobody") == {"reporter": ["Nobody is called “nobody”."]}


def test_several_systems_mean_or_and_commas_are_part_of_a_name():
    case, other = make_case(), make_case()
    comma = System.objects.create(name="Robot, small", created_at=NOW)
    other.case_systems.update(system=comma)

    assert cases("system=Robot, small") == [other]
    assert cases("system=Robot, small&system=code-agent") == [case, other]


def test_team_visibility_and_event_group():
    team, group = (
        Team.objects.create(name="Red team", created_at=NOW),
        EventGroup.objects.create(name="E", created_at=NOW),
    )
    kept = make_case(visibility="team", team=team, event_group=group)
    make_case()

    assert cases("visibility=team&visibility=named") == [kept]
    assert cases("team=red TEAM") == [kept]
    assert cases(f"event_group={group.pk}") == [kept]
    assert cases("team=no such team") == []


class TestBlind:
    """A rater learns nothing of others' labels on a case they have not rated, whatever they filter by."""

    @pytest.fixture
    def rated(self, analyst, other_analyst):
        """A case that two others agreed on, and one that `analyst` has rated as well."""
        node, other = make_node("warm"), make_node("cold")
        below = make_node("red", parent=node)
        secret, open_case = make_case(status=Status.ANALYSIS), make_case(status=Status.ANALYSIS)
        for case in (secret, open_case):
            put_label(case, below, by=other_analyst, confidence=90)
        put_label(open_case, other, by=analyst, confidence=10)
        return secret, open_case

    @pytest.mark.parametrize(
        "query",
        [
            "label=red",
            "label=warm",
            "label__under=warm",
            "label__all=red",
            "label__all=warm&label__all=red",
            "confidence__gte=70",
            "label_method=single-rater",
        ],
    )
    def test_a_label_of_others_finds_only_what_the_rater_may_know(self, rated, analyst, other_analyst, reader, query):
        secret, open_case = rated

        assert cases(query, person=analyst) == [open_case]
        assert cases(query, person=other_analyst) == [secret, open_case]
        assert cases(query, person=reader) == [secret, open_case]
        assert cases(query) == []

    @pytest.mark.parametrize("kept", [True, False], ids=["flagged", "not flagged"])
    def test_a_pair_opens_only_the_cases_of_which_the_rater_may_know_both_nodes(
        self, rated, analyst, other_analyst, kept
    ):
        secret, open_case = rated
        red, cold = Node.objects.get(slug="red"), Node.objects.get(slug="cold")
        put_label(secret, cold, by=other_analyst)
        row = make_pair(make_run(), red, cold, case_ids=[secret.pk, open_case.pk] if kept else [])
        found = [cases(f"pair={row.pk}", person=person) for person in (analyst, other_analyst)]
        half = Classification.objects.filter(case=secret, node=red).update(method="imported")
        half_known = cases(f"pair={row.pk}", person=analyst)
        Classification.objects.filter(case=secret).update(method="imported")

        assert half == 1
        assert found == [[open_case], [secret, open_case]]
        assert half_known == [open_case]
        assert cases(f"pair={row.pk}", person=analyst) == [secret, open_case]

    def test_a_pair_tells_a_blind_rater_nothing_on_the_page_nor_in_the_api(self, rated, analyst, other_analyst):
        secret, open_case = rated
        red, cold = Node.objects.get(slug="red"), Node.objects.get(slug="cold")
        put_label(secret, cold, by=other_analyst)
        row = make_pair(make_run(), red, cold, case_ids=[secret.pk, open_case.pk])
        client = signed_in(analyst)

        page = client.get(f"/cases/?pair={row.pk}").content.decode()
        listed = client.get(f"/api/v1/cases/?pair={row.pk}").json()["results"]

        assert (secret.title in page, open_case.title in page) == (False, True)
        assert [case["id"] for case in listed] == [open_case.pk]

    def test_what_lacks_a_label_is_all_that_the_rater_may_not_know_to_carry_it(self, rated, analyst):
        secret, open_case = rated

        assert cases("label__none=warm", person=analyst) == [secret]
        assert cases("missing=cause", person=analyst) == [secret, open_case]

    def test_what_was_published_or_decided_is_known_to_everybody(self, rated, analyst):
        secret, open_case = rated
        Classification.objects.filter(case=secret).update(method="imported")

        assert cases("label=warm", person=analyst) == [secret, open_case]
        assert cases("label_method=imported", person=analyst) == [secret]

    def test_once_a_case_is_closed_its_labels_are_known(self, rated, analyst):
        secret, open_case = rated
        Case.objects.filter(pk=secret.pk).update(status=Status.CLOSED, closed_at=NOW)

        assert cases("label=warm&confidence__gte=70", person=analyst) == [secret, open_case]

    def test_a_withdrawn_case_keeps_its_labels_from_who_has_not_rated_it(self, rated, analyst):
        secret, open_case = rated
        Case.objects.filter(pk=secret.pk).update(status=Status.WITHDRAWN)

        assert cases("label=warm&confidence__gte=70", person=analyst) == [open_case]
