"""“Have we seen this before?” finds what is near, says why, and shows nothing that is hidden."""

import random
import re

import pytest

from registry import fingerprint, similar
from registry.actions import links
from registry.choices import LinkKind, Role, Status, Visibility
from registry.models import Case, CaseSource, CaseSystem, Evidence, Source, System
from tests import planting
from tests.factories import NOW, label, make_case, make_node, make_person

pytestmark = pytest.mark.django_db

TITLE = "Leaflet summariser leaves out warnings when asked to be brief"
TEXT = "The summary kept the dose and left out the interaction with blood thinners in seven of twenty leaflets."


N_OTHERS = 600


def alike(person, **sought):
    return similar.alike(person, similar.Sought(**{"title": TITLE, "text": TEXT} | sought))


def cases_in(hits):
    return [hit.case for hit in hits]


def reasons_in(hits):
    return [[reason.what for reason in hit.reasons] for hit in hits]


def near(**values):
    return make_case(**{"title": "Summariser leaves out leaflet warnings", "observed_behaviour": TEXT} | values)


def unlike():
    return make_case(title="Boat circles a lagoon", observed_behaviour="It knocked over targets and caught fire.")


def test_near_wording_is_found_with_the_words_both_use(reader):
    case = near()
    unlike()

    hits = alike(reader)

    assert cases_in(hits) == [case]
    assert reasons_in(hits) == [["Near in wording"]]
    words = re.findall("“(.+?)”", hits[0].reasons[0].detail)
    assert len(words) == 3
    assert set(words) <= set(fingerprint.words(f"{TITLE} {TEXT}"))


def test_nothing_typed_finds_nothing(reader):
    near()

    assert alike(reader, title="", text="") == []
    assert alike(reader, title="of the", text="a") == []


def test_the_same_source_comes_first_whatever_was_written(reader):
    close, other = near(), unlike()
    CaseSource.objects.create(case=other, source=Source.objects.create(url="https://example.org/a", title="A"))

    hits = alike(reader, urls=frozenset(["https://example.org/a"]))

    assert cases_in(hits)[0] in (close, other)
    assert {hit.case: [reason.what for reason in hit.reasons] for hit in hits}[other] == ["Same source"]


def test_the_same_evidence_is_a_reason_unless_it_was_removed(reader, analyst, now):
    for case, removed in ((unlike(), None), (unlike(), now)):
        Evidence.objects.create(
            case=case,
            kind="note",
            title="Note",
            note="a",
            sha256="a" * 64,
            added_by=analyst,
            added_at=now,
            removed_at=removed,
            removed_by=analyst if removed else None,
        )

    hits = alike(reader, title="Something else", text="", hashes=frozenset(["a" * 64]))

    assert reasons_in(hits) == [["Same evidence"]]


def test_the_same_system_is_a_further_reason_and_none_by_itself(reader):
    case = near()
    unlike()

    hits = alike(reader, systems=frozenset([System.objects.get(name="code-agent").pk]))

    assert cases_in(hits) == [case]
    assert [(reason.what, reason.detail) for reason in hits[0].reasons][1] == ("Same system", "code-agent")


def test_a_case_is_compared_by_its_agreed_labels_as_well(reader):
    one, two = make_node("red"), make_node("blue")
    case, other, third = (
        make_case(title=title, observed_behaviour="", nodes=nodes)
        for title, nodes in (("A first thing", [one, two]), ("Quite another", [one, two]), ("Unrelated one", []))
    )
    CaseSystem.objects.all().delete()

    hits = similar.alike(reader, similar.sought_of(reader, case))

    assert cases_in(hits) == [other]
    assert [(reason.what, reason.detail) for reason in hits[0].reasons] == [("Same labels", "Red, Blue")]
    assert third not in cases_in(hits)


def test_a_blind_rater_learns_no_label_from_what_is_similar(analyst, other_analyst):
    node = make_node("red")
    case, other = (make_case(title=title, observed_behaviour="") for title in ("A first thing", "Quite another"))
    for one in (case, other):
        label(one, node, by=other_analyst)

    assert similar.sought_of(analyst, case).labels == frozenset()
    label(case, node, by=analyst)
    assert cases_in(similar.alike(analyst, similar.sought_of(analyst, case))) == []
    label(other, node, by=analyst)
    assert cases_in(similar.alike(analyst, similar.sought_of(analyst, case))) == [other]


def test_hidden_cases_neither_show_nor_push_a_visible_one_out(reader):
    case = near()
    for _ in range(2 * similar.MOST_WITH_ONE_BAND):
        near(title=TITLE, visibility=Visibility.NAMED)

    assert cases_in(alike(reader)) == [case]
    assert similar.compared_with(reader) == 1


def test_drafts_of_others_merged_cases_and_the_case_itself_never_show(reader, reporter):
    kept = unlike()
    case = near()
    near(status=Status.WITHDRAWN, merged_into=kept)
    draft = near(status=Status.DRAFT, reported_at=None, owner=reporter, reporter=make_person(role=Role.REPORTER))

    assert cases_in(alike(reader)) == [case]
    assert draft not in cases_in(alike(reporter))
    assert similar.alike(reader, similar.sought_of(reader, case)) == []


def test_what_was_said_to_be_different_never_shows_again_for_that_pair(analyst):
    case, other, third = near(), near(), near()
    links.answer(case=other, other=case, kind=LinkKind.DIFFERENT, by=analyst, at=NOW)

    assert cases_in(similar.alike(analyst, similar.sought_of(analyst, case))) == [third]
    assert cases_in(similar.alike(analyst, similar.sought_of(analyst, third))) == [other, case]


def test_at_most_five_show(reader):
    for _ in range(7):
        near()

    assert len(alike(reader)) == 5


@pytest.mark.parametrize("text", ["<script>alert(1)</script> it's; DROP TABLE %s %% 100%", "\\ ' \" ‮ 😀", "x" * 50_000])
def test_hostile_texts_are_only_text(reader, text):
    near()

    assert alike(reader, title=text[:200], text=text) == []


@pytest.mark.parametrize("n", [1, 30])
def test_a_hint_asks_the_database_three_times(reader, django_assert_num_queries, n):
    for _ in range(n):
        near()
    systems = frozenset([System.objects.get(name="code-agent").pk])

    with django_assert_num_queries(3):
        hits = alike(reader, systems=systems)

    assert len(hits) == min(n, 5)


def test_nine_of_ten_planted_near_duplicates_are_among_the_first_five(reader):
    random_ = random.Random(20261120)
    published = planting.catalogue_texts()
    texts = [*published, *planting.others(N_OTHERS, random_)]
    originals = Case.objects.bulk_create([signed(title, text, reader) for title, text in texts])[: len(published)]

    found = 0
    for (title, text), original in zip(published, originals, strict=True):
        title, text = planting.near_duplicate(title, text, random_)
        found += original in cases_in(alike(reader, title=title, text=text))

    assert found / len(published) >= 0.9


def signed(title, text, reporter):
    times = {"created_at": NOW, "updated_at": NOW, "reported_at": NOW}
    case = Case(title=title, observed_behaviour=text, kind="incident", status=Status.TRIAGE, reporter=reporter, **times)
    fingerprint.sign(case)
    return case
