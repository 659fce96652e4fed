"""Labels that might fit: each with its reasons, none of which tells what others said of the case."""

import pytest

from registry.choices import Role, Status, Visibility
from registry.models import PatternPair
from registry.web.proposals import GROUPS, level_of, proposals_for
from taxonomy.models import Mapping, Node
from tests.factories import agree, make_case, make_pair, make_person, make_run
from tests.factories import label as put_label
from tests.registry.web.pages import signed_in, text_of

pytestmark = pytest.mark.django_db
TEXT = "The boat circled the lagoon for hours and knocked over the same respawning targets."


def node(key):
    scheme, slug = key.split(":")
    return Node.objects.get(scheme__slug=scheme, slug=slug)


@pytest.fixture
def extremal():
    return node("goodhart:extremal")


@pytest.fixture
def gaming():
    return node("mechanism:specification-gaming")


@pytest.fixture
def case():
    return make_case(status=Status.ANALYSIS, title="The boat circles the lagoon", observed_behaviour=TEXT)


def proposed(person, case):
    """{group: {node's slug: its reasons in words}}"""
    return {
        group.slug: {one.node.slug: [reason.words for reason in one.reasons] for one in group.proposals}
        for group in proposals_for(person, case)
    }


def tied(person, case):
    """The reasons that rest on a pair."""
    reasons = (reason for group in proposals_for(person, case) for one in group.proposals for reason in one.reasons)
    return [reason for reason in reasons if reason.pair]


def put_run(pair_of, cases):
    run = make_run()
    make_pair(run, *pair_of, case_ids=[case.pk for case in cases], k_a=5, k_b=5, joint=len(cases))
    return run


def test_nothing_is_proposed_without_a_reason(case, analyst):
    assert proposals_for(analyst, case) == []


def test_similar_cases_propose_what_they_carry(case, analyst, extremal):
    other = make_case(title="The boat circles a lagoon", observed_behaviour=TEXT, nodes=[extremal])

    group = proposals_for(analyst, case)[0]

    reason = group.proposals[0].reasons[0]
    assert (group.slug, group.proposals[0].node) == ("goodhart", extremal)
    assert (reason.words, reason.cases) == ("The most similar case with an answer carries it", (other,))


def test_a_flagged_pair_proposes_what_goes_together_in_other_cases(case, analyst, gaming, extremal):
    agree(case, gaming)
    others = [make_case(nodes=[gaming, extremal], observed_behaviour=f"Quite another thing {n}.") for n in range(3)]
    put_run((gaming, extremal), [case, *others])

    reason = proposals_for(analyst, case)[0].proposals[0].reasons[-1]

    assert reason.words == ("3 other cases carry it together with “Specification gaming”, more than chance would give")
    assert (set(reason.cases), reason.pair) == (set(others), PatternPair.objects.get())


def test_the_case_itself_is_never_counted(case, analyst, gaming, extremal):
    """Two others and itself are no three."""
    agree(case, gaming)
    others = [make_case(nodes=[gaming, extremal], observed_behaviour=f"Quite another thing {n}.") for n in range(2)]
    put_run((gaming, extremal), [case, *others])

    assert tied(analyst, case) == []


def test_pairs_that_are_not_flagged_propose_nothing(case, analyst, gaming, extremal):
    agree(case, gaming)
    others = [make_case(nodes=[gaming, extremal], observed_behaviour=f"Quite another thing {n}.") for n in range(3)]
    make_pair(make_run(), gaming, extremal, case_ids=[other.pk for other in others], flagged=False)

    assert tied(analyst, case) == []


def test_a_mapping_proposes_failure_types_only(case, analyst, extremal):
    source, kind = Node.objects.filter(scheme__slug="concept").first(), node("case-framework:type-strategic")
    Mapping.objects.filter(from_node=source).delete()
    Mapping.objects.create(from_node=source, to_node=kind, relation="close", source="A paper of 2019")
    Mapping.objects.create(from_node=source, to_node=extremal, relation="close", source="A paper of 2019")
    agree(case, source)

    assert proposed(analyst, case) == {
        "type": {"type-strategic": [f"“{source.name}” ({source.scheme.name}) is mapped to it (close): A paper of 2019"]}
    }


def test_my_own_label_counts_as_known_and_what_i_judged_is_not_proposed(case, analyst, gaming, extremal):
    put_label(case, gaming, by=analyst, hold=True)
    put_label(case, extremal, by=analyst, hold=True, stance="absent")
    others = [make_case(nodes=[gaming, extremal], observed_behaviour=f"Quite another thing {n}.") for n in range(3)]
    put_run((gaming, extremal), others)

    assert proposed(analyst, case) == {}


def test_what_others_say_of_this_case_changes_nothing_for_the_blind(case, analyst, other_analyst, gaming, extremal):
    others = [make_case(nodes=[gaming, extremal], observed_behaviour=f"Quite another thing {n}.") for n in range(3)]
    put_run((gaming, extremal), [case, *others])
    before = signed_in(analyst).get(f"/cases/{case.reference}/edit").context["proposals"]

    for one in (gaming, extremal):
        put_label(case, one, by=other_analyst)

    assert before == []
    assert proposals_for(analyst, case) == []
    # Whoever sees the labels is told what they carry.
    assert [group.known for group in proposals_for(make_person(role=Role.READER), case)] == [[extremal]]


def test_cases_whose_labels_rest_on_raters_i_am_blind_to_are_no_reason(case, analyst, other_analyst, gaming, extremal):
    put_label(case, gaming, by=analyst, hold=True)
    others = [make_case(title=f"The boat circles lagoon {n}", observed_behaviour=TEXT) for n in range(3)]
    for other in others:
        put_label(other, gaming, by=other_analyst)
        put_label(other, extremal, by=other_analyst)
    put_run((gaming, extremal), others)

    assert proposed(analyst, case) == {}
    assert "goodhart" in proposed(
        other_analyst, make_case(title="The boat circles the lagoon", observed_behaviour=TEXT)
    )


def test_hidden_cases_are_no_reason(case, analyst, gaming, extremal):
    agree(case, gaming)
    others = [
        make_case(nodes=[gaming, extremal], visibility=Visibility.NAMED, title="The boat circles the lagoon canary")
        for _ in range(3)
    ]
    put_run((gaming, extremal), others)

    page = signed_in(analyst).get(f"/cases/{case.reference}/edit")

    assert proposed(analyst, case) == {}
    assert [other.reference for other in others if other.reference in page.content.decode()] == []


@pytest.mark.parametrize(
    ("slug", "tier"), [("type-behavioral", "Moderate"), ("type-objective", "High"), ("type-strategic", "Critical")]
)
def test_the_failure_type_suggests_the_potential_severity(case, analyst, slug, tier):
    agree(case, node(f"case-framework:{slug}"))

    level = level_of(proposals_for(analyst, case))

    assert level.tier.name == tier
    assert f"Suggested: {tier}, because the case carries" in text_of(
        signed_in(analyst).get(f"/cases/{case.reference}/edit")
    )


def test_no_failure_type_suggests_no_severity(case, analyst):
    assert level_of(proposals_for(analyst, case)) is None


def test_every_group_has_nodes(shipped_taxonomy):
    assert [slug for slug, _, condition, _ in GROUPS if not Node.objects.filter(condition).exists()] == []


def test_who_does_not_label_is_proposed_nothing(extremal):
    reporter = make_person(role=Role.REPORTER)
    case = make_case(title="The boat circles the lagoon", observed_behaviour=TEXT, reporter=reporter)
    make_case(title="The boat circles a lagoon", observed_behaviour=TEXT, nodes=[extremal])

    assert signed_in(reporter).get(f"/cases/{case.reference}/edit").context["proposals"] == []


@pytest.mark.parametrize("n", [1, 10])
def test_proposals_query_count(case, analyst, gaming, extremal, django_assert_num_queries, n):
    agree(case, gaming)
    others = [
        make_case(nodes=[gaming, extremal], title="The boat circles the lagoon", observed_behaviour=TEXT)
        for _ in range(n + 2)
    ]
    put_run((gaming, extremal), others)

    with django_assert_num_queries(21):
        proposals_for(analyst, case)
