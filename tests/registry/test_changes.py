"""What the feed tells to whom, and in which order."""

import pytest
from django.db import connection

from registry import changes
from registry.actions import cases, comments, evidence, links, merges, mitigations, ratings
from registry.choices import LinkKind, Role, Visibility
from registry.models import CaseReader, Change, Classification, Label, TeamMember
from registry.paging import BadCursor
from taxonomy.models import Node
from tests import analysed
from tests.factories import NOW, label, log, make_case, make_node, make_person, make_team

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quiet():
    """Tests begin with an empty feed: the vocabularies that ship are in it."""
    Change.objects.all().delete()


def heard(person, *, since=0, limit=200, **options):
    """What `person` is told, as (what, action, number of the case)."""
    changes.place()
    page = changes.page_for(person, since=since, limit=limit, **options)
    return [(told.row.what, str(told.action), told.row.case_number) for told in page.rows]


def end():
    changes.place()
    return changes.latest_position()


def test_a_new_case_and_what_stands_beside_it_are_told_in_order(analyst, reader):
    case = log(by=analyst)
    note = evidence.add_note(case=case, by=analyst, at=NOW, title="The log", note="It says so.")
    evidence.remove_evidence(evidence=note, by=analyst, at=NOW)

    assert heard(reader) == [
        ("case", "made", case.pk),
        ("evidence", "made", case.pk),
        ("evidence", "removed", case.pk),
    ]


def test_a_change_says_what_changed_by_whom_in_which_version(analyst, reader):
    case = log(by=analyst)
    cases.edit_case(case=case, by=analyst, at=NOW, version=1, context="It was given a shell.", root_cause="A reward.")
    changes.place()

    told = changes.page_for(reader, since=0, limit=9).rows[-1]

    facts = changes.facts_of(told)
    assert (facts["by"], facts["version"], facts["fields"]) == (analyst.username, 2, ["context", "root_cause"])
    assert (facts["reference"], facts["case"]) == (case.reference, case.reference)


def test_what_only_counts_or_follows_by_itself_is_no_change(analyst):
    case = make_case()
    since = end()

    type(case).objects.filter(pk=case.pk).update(updated_at=NOW, text_bands=[1])

    assert heard(analyst, since=since) == []


def test_a_hidden_case_is_told_to_those_who_see_it_and_moves_nothing_for_others(reader):
    keeper, confidant = make_person(), make_person()
    before = [changes.last_seen_by(reader), heard(reader)]

    case = log(by=keeper, visibility=Visibility.NAMED)
    CaseReader.objects.create(case=case, person=confidant)

    assert [changes.last_seen_by(reader), heard(reader)] == before
    assert heard(confidant) == [("case", "made", case.pk), ("case", "changed", case.pk)]


def test_a_case_that_leaves_their_sight_is_told_once_as_gone_with_nothing_else(analyst, reader):
    case = log(by=analyst)
    since = end()

    cases.edit_case(case=case, by=analyst, at=NOW, version=1, visibility=Visibility.NAMED, context="Now confidential.")
    cases.edit_case(case=case, by=analyst, at=NOW, version=2, context="Still confidential.")

    assert heard(reader, since=since) == [("case", "gone", case.pk)]
    (told,) = changes.page_for(reader, since=since, limit=9).rows
    facts = changes.facts_of(told)
    assert (facts["version"], facts["fields"], facts["by"], facts["request_id"]) == (None, [], None, None)


def test_whoever_came_later_is_not_told_of_a_case_that_had_gone(analyst):
    case = log(by=analyst)
    cases.edit_case(case=case, by=analyst, at=NOW, version=1, visibility=Visibility.NAMED)
    Change.objects.update(at=NOW)

    assert heard(make_person(role=Role.READER)) == []


def test_whoever_is_named_no_more_is_told_that_it_is_gone_and_nobody_else_is(analyst, reader):
    case = log(by=analyst, visibility=Visibility.NAMED)
    named = CaseReader.objects.create(case=case, person=reader)
    since = end()

    named.delete()

    assert heard(reader, since=since) == [("case", "gone", case.pk)]
    assert heard(analyst, since=since) == []


def test_joining_and_leaving_a_team_brings_and_takes_its_cases(analyst, reader):
    team = make_team(analyst)
    case = make_case(reporter=analyst, visibility=Visibility.TEAM, team=team)
    since = end()

    TeamMember.objects.create(team=team, person=reader)
    joined = heard(reader, since=since)
    TeamMember.objects.filter(person=reader).delete()

    assert joined == [("case", "changed", case.pk)]
    assert heard(reader, since=since) == [("case", "gone", case.pk)]


def test_a_case_that_opens_comes_into_everybodys_sight(analyst, reader):
    case = log(by=analyst, visibility=Visibility.NAMED)
    since = end()

    cases.edit_case(case=case, by=analyst, at=NOW, version=1, visibility=Visibility.EVERYONE)

    assert heard(reader, since=since) == [("case", "changed", case.pk)]


def test_a_held_label_is_told_to_its_rater_alone(analyst, reader, reviewer):
    case, node = make_case(), make_node()
    since = end()

    label(case, node, by=analyst, hold=True)

    assert heard(analyst, since=since) == [("label", "made", case.pk)]
    assert heard(reader, since=since) == heard(reviewer, since=since) == []


def test_a_blind_raters_feed_does_not_move_when_others_label(analyst, other_analyst, reader):
    case, node = make_case(), make_node()
    since = end()

    label(case, node, by=other_analyst)

    assert heard(analyst, since=since) == []
    assert heard(reader, since=since) == [("label", "made", case.pk), ("classification", "made", case.pk)]


def test_a_rater_who_submits_is_told_that_labels_are_open_to_them(analyst, other_analyst):
    case, node = make_case(), make_node()
    label(case, node, by=other_analyst)
    since = end()

    ratings.stand_aside(case=case, by=analyst, at=NOW)

    assert heard(analyst, since=since) == [("case", "changed", case.pk)]
    (told,) = changes.page_for(analyst, since=since, limit=9).rows
    assert told.row.fields == ["labels"]
    assert heard(other_analyst, since=since) == []


def test_a_label_that_is_taken_back_is_removed_for_those_who_knew_it(reader, other_analyst):
    case, node = make_case(), make_node()
    label(case, node, by=other_analyst)
    since = end()

    Label.objects.get().delete()

    assert heard(reader, since=since) == [("label", "removed", case.pk)]


def test_published_classifications_are_told_to_the_blind_too(analyst):
    case, node, other = make_case(), make_node(), make_node()
    since = end()

    Classification.objects.create(case=case, node=node, method="imported", decided_at=NOW)
    Classification.objects.create(case=case, node=other, method="majority", decided_at=NOW)

    assert heard(analyst, since=since) == [("classification", "made", case.pk)]


def test_a_link_is_told_to_whoever_sees_both_its_cases(analyst, reader):
    one, other = make_case(reporter=analyst), make_case(reporter=analyst, visibility=Visibility.NAMED)
    since = end()

    links.answer(case=one, other=other, kind=LinkKind.RELATED, by=analyst, at=NOW)

    assert heard(reader, since=since) == []
    assert heard(analyst, since=since) == [("link", "made", one.pk)]
    assert heard(analyst, since=since, case=other.pk) == [("link", "made", one.pk)]


def test_a_mitigation_is_told_to_whoever_sees_a_case_it_answers(analyst, reader):
    seen, hidden = make_case(), make_case(reporter=analyst, visibility=Visibility.NAMED)
    since = end()
    mitigation = mitigations.propose_mitigation(cases=[hidden], by=analyst, at=NOW, title="Read-only tests")
    before = heard(reader, since=since)

    mitigations.answer_case(mitigation=mitigation, case=seen, by=analyst, at=NOW, version=1)

    assert before == []
    assert heard(reader, since=since) == [("mitigation", "made", None), ("mitigation", "made", seen.pk)]


def test_a_hidden_case_that_a_mitigation_answers_too_is_not_told_by_it(analyst, reader):
    seen, hidden = make_case(), make_case(reporter=analyst, visibility=Visibility.NAMED)
    mitigation = mitigations.propose_mitigation(cases=[seen], by=analyst, at=NOW, title="Read-only tests")
    since = end()

    mitigations.answer_case(mitigation=mitigation, case=hidden, by=analyst, at=NOW, version=1)

    assert heard(reader, since=since) == []


def test_safeguards_comments_nodes_and_schemes_are_told(analyst, reader):
    case = make_case()
    since = end()
    technique = Node.objects.select_related("scheme").get(slug="rlhf")
    analysed.safeguard(case=case, technique=technique)
    comments.add_comment(case=case, by=analyst, at=NOW, text="Look at the log.")
    Node.objects.filter(pk=technique.pk).update(definition="Otherwise.")
    type(technique.scheme).objects.filter(pk=technique.scheme_id).update(name="Otherwise")

    assert [(what, action) for what, action, _ in heard(reader, since=since)] == [
        ("safeguard", "made"),
        ("comment", "made"),
        ("node", "changed"),
        ("scheme", "changed"),
    ]


def test_a_merged_case_is_gone_and_says_where_it_went_to_whoever_sees_that(reader):
    reviewer = make_person(role=Role.REVIEWER)
    kept, merged = make_case(status="analysis"), make_case(status="analysis")
    since = end()

    merge = merges.merge_cases(kept=kept, merged=merged, by=reviewer, at=NOW, reason="The same.")

    changes.place()
    told = [told for told in changes.page_for(reader, since=since, limit=99).rows if told.row.case_number == merged.pk]
    assert [(one.action, one.into) for one in told] == [("gone", kept.pk)]

    since = end()
    merges.unmerge_cases(merge=merge, by=reviewer, at=NOW)

    assert ("case", "changed", merged.pk) in heard(reader, since=since)


def test_a_case_merged_into_a_hidden_one_does_not_say_where(reader, analyst):
    kept, merged = make_case(visibility=Visibility.NAMED), make_case()
    since = end()
    type(merged).objects.filter(pk=merged.pk).update(status="withdrawn", merged_into=kept)
    changes.place()

    (told,) = changes.page_for(reader, since=since, limit=9).rows

    assert (told.action, told.into) == ("gone", None)


def test_a_draft_is_told_to_its_reporter_alone(analyst, reader):
    case = log(by=analyst, submit=False)

    assert heard(reader) == []
    assert ("case", "made", case.pk) in heard(analyst)


def test_kinds_and_a_case_narrow_the_feed(analyst, reader):
    case, other = make_case(), make_case()
    evidence.add_note(case=case, by=analyst, at=NOW, title="The log", note="It says so.")

    assert heard(reader, what=["evidence"]) == [("evidence", "made", case.pk)]
    assert heard(reader, case=other.pk) == [("case", "made", other.pk)]


def test_nobody_who_may_not_sign_in_is_told_anything():
    make_case()
    changes.place()

    assert heard(make_person(is_active=False)) == []


def test_pages_follow_one_another_and_say_whether_more_waits(reader):
    numbers = [make_case().pk for _ in range(5)]
    changes.place()

    first = changes.page_for(reader, since=0, limit=3)
    second = changes.page_for(reader, since=first.position, limit=3)
    third = changes.page_for(reader, since=second.position, limit=3)

    assert [told.row.case_number for page in (first, second) for told in page.rows] == numbers
    assert [first.more, second.more, third.more] == [True, False, False]
    assert (third.rows, third.position) == ([], second.position)


def test_a_page_goes_past_any_number_of_hidden_rows(reader, monkeypatch):
    monkeypatch.setattr(changes, "FIRST_BLOCK", 1)
    monkeypatch.setattr(changes, "LARGEST_BLOCK", 3)
    first = make_case()
    for _ in range(9):
        make_case(visibility=Visibility.NAMED)
    last = make_case()

    assert [number for _, _, number in heard(reader)] == [first.pk, last.pk]
    assert changes.last_seen_by(reader) == end()


def test_positions_are_given_once_in_the_order_of_the_changes():
    first = [make_case(), make_case()]
    end()
    second = make_case()
    end()

    told = Change.objects.filter(what="case").order_by("position").values_list("case_number", "position")

    assert [number for number, _ in told] == [*(case.pk for case in first), second.pk]
    assert [position for _, position in told] == [1, 2, 3]


@pytest.mark.parametrize("position", [0, 1, 2**31, 2**40 + 7, 2**62])
def test_a_cursor_names_its_position_the_same_way_every_time(position):
    cursor = changes.cursor_of(position)

    assert changes.position_in(cursor) == position
    assert changes.cursor_of(position) == cursor


@pytest.mark.parametrize("cursor", ["", "x", "0000000000000001", "00.00", "\x00", "é" * 50])
def test_what_is_none_of_our_cursors_is_refused(cursor):
    with pytest.raises(BadCursor):
        changes.position_in(cursor)


def test_a_statement_that_brings_many_rows_tells_of_each(reader, django_assert_num_queries):
    case = make_case()
    nodes = [make_node() for _ in range(30)]
    since = end()

    with django_assert_num_queries(1):
        Classification.objects.bulk_create(
            Classification(case=case, node=node, method="imported", decided_at=NOW) for node in nodes
        )

    assert heard(reader, since=since) == [("classification", "made", case.pk)] * 30


def test_a_row_of_a_case_that_moves_to_another_leaves_the_one_and_comes_to_the_other(analyst, reader):
    one, other = make_case(), make_case()
    note = evidence.add_note(case=one, by=analyst, at=NOW, title="The log", note="It says so.")
    since = end()

    with connection.cursor() as cursor:
        cursor.execute("UPDATE registry_evidence SET case_id = %s WHERE id = %s", [other.pk, note.pk])

    assert heard(reader, since=since) == [("evidence", "removed", one.pk), ("evidence", "made", other.pk)]
