"""Drafts: what is saved stays, nothing is overwritten unseen, and one draft makes one case."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404

from registry import access
from registry.actions import drafts, evidence
from registry.actions.drafts import Clash, NotOpen
from registry.actions.signing import Conflict
from registry.choices import LinkKind, Role, Status, Visibility
from registry.models import Case, CaseLink, Draft, Evidence, Label
from tests.factories import NOW, case_values, make_case, make_draft, make_node, make_person, make_team
from tests.threads import at_once

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=5)


def save(draft, by=None, at=LATER, **changes):
    """Save `changes`, each field a pair of (base, mine)."""
    texts = {name: ([base] if base else [], [mine]) for name, (base, mine) in changes.items()}
    return drafts.save_changes(draft=draft, by=by or draft.author, at=at, changes=texts)


def stored(draft):
    return Draft.objects.get(pk=draft.pk).answers


def submit(draft, by=None, **arguments):
    draft = Draft.objects.get(pk=draft.pk)
    arguments = {"values": case_values(), "version": draft.version} | arguments
    return drafts.submit_draft(draft=draft, by=by or draft.author, at=LATER, **arguments)


def test_a_new_draft_holds_what_was_typed_exactly(reporter):
    saved = drafts.start_draft(
        by=reporter, at=NOW, changes={"title": ([], ["  Half a  "]), "occurred": ([], ["31 Nu"])}
    )

    draft = Draft.objects.get()
    assert draft.answers == {"title": ["  Half a  "], "occurred": ["31 Nu"]}
    assert (draft.author, draft.created_at, draft.updated_at) == (reporter, NOW, NOW)
    assert (saved.draft, saved.clashes) == (draft, {})


def test_starting_again_with_the_same_key_finds_the_draft_that_was_made(reporter):
    key = uuid4()
    first = drafts.start_draft(by=reporter, at=NOW, key=key, changes={"title": ([], ["One"])})

    again = drafts.start_draft(by=reporter, at=LATER, key=key, changes={"title": ([], ["One"])})

    assert (again.draft, again.clashes) == (first.draft, {})
    assert Draft.objects.count() == 1


def test_a_key_of_somebody_elses_draft_answers_like_none_at_all(reporter, analyst):
    draft = make_draft(analyst, title="Hers")

    with pytest.raises(Http404):
        drafts.start_draft(by=reporter, at=NOW, key=draft.pk, changes={"title": ([], ["Mine"])})

    assert stored(draft) == {"title": ["Hers"]}


def test_nobody_keeps_drafts_without_end(reporter, monkeypatch):
    monkeypatch.setattr(drafts, "MOST_DRAFTS", 1)
    make_draft(reporter)

    with pytest.raises(ValidationError, match="You have 1 drafts"):
        drafts.start_draft(by=reporter, at=NOW, changes={})


def test_a_field_is_set_where_it_still_holds_what_the_writer_read():
    draft = make_draft(title="First", context="Ward")

    saved = save(draft, title=("First", "Second"))

    assert stored(draft) == {"title": ["Second"], "context": ["Ward"]}
    assert (saved.version_before, saved.draft.version, saved.draft.updated_at) == (1, 2, LATER)


def test_a_field_somebody_changed_is_reported_and_left_while_the_others_are_set():
    draft = make_draft(title="First", context="")
    save(draft, title=("First", "Theirs"))

    saved = save(draft, title=("First", "Mine"), context=("", "Ward"))

    assert stored(draft) == {"title": ["Theirs"], "context": ["Ward"]}
    assert saved.clashes == {"title": Clash(base=["First"], mine=["Mine"], theirs=["Theirs"])}


def test_repeating_a_save_whose_answer_was_lost_is_no_clash_and_no_new_version():
    draft = make_draft(title="First")
    save(draft, title=("First", "Second"))

    again = save(draft, title=("First", "Second"))

    assert (again.clashes, again.draft.version) == ({}, 2)


def test_asking_without_a_change_tells_what_stands_and_ends_no_rest():
    draft = make_draft(title="First")

    asked = save(draft)

    assert (asked.draft.answers, asked.draft.version, asked.draft.updated_at) == ({"title": ["First"]}, 1, NOW)


def test_a_field_nobody_wrote_takes_any_base_as_pages_start_with_answers_of_their_own():
    draft = make_draft(title="First")

    saved = save(draft, visibility=("everyone", "named"))

    assert saved.clashes == {}
    assert stored(draft)["visibility"] == ["named"]


def test_a_field_that_was_emptied_counts_as_written():
    draft = make_draft(title="First")
    save(draft, title=("First", ""))

    saved = save(draft, title=("First", "Mine"))

    assert saved.clashes == {"title": Clash(base=["First"], mine=["Mine"], theirs=[""])}


@pytest.mark.parametrize(
    ("texts", "problem"),
    [
        (["x" * 60_001], "This has 60,001 characters; at most 60,000 are kept."),
        (["a\x00b"], "Null characters are not allowed."),
        (["a\ud800b"], "This holds half a character, which cannot be kept."),
        ([""] * 1001, "At most 1,000 rows are kept."),
    ],
)
def test_a_text_that_cannot_be_kept_is_refused_at_its_field_and_nothing_is_written(texts, problem):
    draft = make_draft(title="First")

    with pytest.raises(ValidationError) as refused:
        drafts.save_changes(
            draft=draft, by=draft.author, at=LATER, changes={"context": ([], texts), "title": (["First"], ["Second"])}
        )

    assert refused.value.message_dict == {"context": [problem]}
    assert stored(draft) == {"title": ["First"]}


def test_a_draft_does_not_grow_without_end():
    draft = make_draft(**{f"quote:s:n{n}": "x" * 60_000 for n in range(16)})

    with pytest.raises(ValidationError, match="at most 1,000,000 characters in all"):
        save(draft, context=("", "x" * 60_000))


def test_saving_everything_needs_the_version_it_was_read_at():
    draft = make_draft(title="First")
    save(draft, title=("First", "Theirs"))

    with pytest.raises(Conflict) as conflict:
        drafts.save_all(draft=draft, by=draft.author, at=LATER, version=1, answers={"title": ["Mine"]})

    assert conflict.value.current.answers == {"title": ["Theirs"]}


def test_submitting_makes_one_case_of_the_author_and_empties_the_draft():
    draft = make_draft(title="Something odd")

    case = submit(draft)

    draft.refresh_from_db()
    assert (case.status, case.reporter, case.reported_at) == (Status.TRIAGE, draft.author, LATER)
    assert (draft.case, draft.answers) == (case, {})


def test_submitting_twice_gives_the_same_case():
    draft = make_draft()

    first, second = submit(draft), submit(draft, version=1)

    assert first == second
    assert Case.objects.count() == 1


def test_an_editor_submits_for_the_author_and_the_history_names_the_editor(analyst):
    draft = make_draft()
    drafts.share_draft(draft=draft, by=draft.author, at=NOW, person=analyst)

    case = submit(draft, by=analyst)

    assert case.reporter == draft.author
    assert case.events.get().pgh_context.metadata["person"] == analyst.pk


def test_labels_likenesses_and_evidence_go_with_the_case(analyst):
    node, other, unseen = make_node("red"), make_case(), make_case(visibility=Visibility.NAMED)
    draft = make_draft(analyst)
    note = evidence.add_note(by=analyst, at=NOW, note="It said so.", draft=draft)

    case = submit(
        draft,
        ratings=[{"node": node, "confidence": 70, "grounds": "documented", "quote": "so"}],
        likenesses=[(other, LinkKind.DUPLICATE), (unseen, LinkKind.VARIANT)],
    )

    label = Label.objects.get()
    assert (label.case, label.node, label.rater, label.confidence, label.stance) == (case, node, analyst, 70, "present")
    assert list(CaseLink.objects.values_list("case", "other", "kind")) == [(case.pk, other.pk, "duplicate")]
    assert list(Evidence.objects.filter(case=case, draft=None)) == [note]


def test_a_label_that_is_refused_leaves_the_draft_and_no_case(analyst):
    retired = make_node("red", retired_at=NOW)
    draft = make_draft(analyst, title="Something odd")

    with pytest.raises(ValidationError, match="retired"):
        submit(draft, ratings=[{"node": retired}])

    assert not Case.objects.exists()
    assert stored(draft) == {"title": ["Something odd"]}


def test_a_draft_saved_meanwhile_is_not_submitted_unseen():
    draft = make_draft(title="First")
    save(draft, title=("First", "Theirs"))

    with pytest.raises(Conflict):
        submit(draft, version=1)

    assert not Case.objects.exists()


@pytest.mark.parametrize("closed", ["submitted", "discarded"])
def test_a_draft_that_is_submitted_or_discarded_takes_no_more(closed):
    draft = make_draft(title="First")
    if closed == "submitted":
        submit(draft)
    else:
        drafts.discard_draft(draft=draft, by=draft.author, at=LATER)

    with pytest.raises(NotOpen) as refused:
        save(draft, title=("First", "Second"))

    assert (refused.value.draft.case_id is not None) is (closed == "submitted")


def test_a_discarded_draft_comes_back_as_it_was_and_rests_anew():
    draft = make_draft(title="First")
    drafts.discard_draft(draft=draft, by=draft.author, at=LATER)

    drafts.restore_draft(draft=draft, by=draft.author, at=LATER)

    draft.refresh_from_db()
    assert (draft.answers, draft.discarded_at, draft.updated_at) == ({"title": ["First"]}, None, LATER)


def test_a_submitted_draft_is_not_discarded():
    draft = make_draft()
    submit(draft)

    with pytest.raises(NotOpen):
        drafts.discard_draft(draft=draft, by=draft.author, at=LATER)


def test_only_the_author_shares_discards_and_restores(analyst):
    draft = make_draft()
    drafts.share_draft(draft=draft, by=draft.author, at=NOW, person=analyst)

    for act in (drafts.discard_draft, drafts.restore_draft):
        with pytest.raises(PermissionDenied):
            act(draft=draft, by=analyst, at=NOW)
    for act in (drafts.share_draft, drafts.unshare_draft):
        with pytest.raises(PermissionDenied):
            act(draft=draft, by=analyst, at=NOW, person=analyst)


def test_a_draft_is_shared_with_people_who_may_log_only(reader):
    draft = make_draft()
    gone = make_person(is_active=False)

    for person in (reader, gone, draft.author):
        with pytest.raises(ValidationError):
            drafts.share_draft(draft=draft, by=draft.author, at=NOW, person=person)


def test_a_reader_writes_no_draft(reader):
    draft = make_draft(reader)

    with pytest.raises(PermissionDenied):
        drafts.start_draft(by=reader, at=NOW, changes={})
    with pytest.raises(PermissionDenied):
        save(draft, title=("", "Mine"))


def test_a_draft_is_found_by_those_who_write_in_it_only(reporter, analyst, administrator):
    draft = make_draft(reporter)
    drafts.share_draft(draft=draft, by=reporter, at=NOW, person=analyst)

    assert access.draft_for(reporter, draft.pk) == access.draft_for(analyst, draft.pk) == draft
    assert list(access.drafts_of(analyst)) == [draft]
    assert list(access.drafts_of(administrator)) == []
    with pytest.raises(Http404):
        access.draft_for(administrator, draft.pk)


def test_who_is_taken_off_a_draft_finds_it_no_more(analyst):
    draft = make_draft()
    drafts.share_draft(draft=draft, by=draft.author, at=NOW, person=analyst)

    drafts.unshare_draft(draft=draft, by=draft.author, at=NOW, person=analyst)

    with pytest.raises(Http404):
        access.draft_for(analyst, draft.pk)


def test_an_editor_learns_nothing_of_the_case_once_it_is_kept_from_them(analyst):
    draft = make_draft()
    drafts.share_draft(draft=draft, by=draft.author, at=NOW, person=analyst)
    submit(draft, values=case_values(visibility=Visibility.NAMED))

    with pytest.raises(Http404):
        access.draft_for(analyst, draft.pk)


def test_a_case_is_kept_to_ones_own_team_only(reporter, analyst):
    own, foreign = make_team(reporter), make_team(analyst)

    case = drafts.log_at_once(by=reporter, at=NOW, values=case_values(visibility=Visibility.TEAM, team=own))

    assert case.team == own
    with pytest.raises(ValidationError) as refused:
        drafts.log_at_once(by=reporter, at=NOW, values=case_values(visibility=Visibility.TEAM, team=foreign))
    assert refused.value.message_dict == {"team": ["You are not in this team."]}


@pytest.mark.django_db(transaction=True)
def test_two_tabs_that_save_different_fields_at_once_both_keep_theirs():
    draft = make_draft(**{f"quote:s:n{n}": "" for n in range(20)})

    at_once(
        lambda: [save(draft, **{f"quote:s:n{n}": ("", f"left {n}")}) for n in range(10)],
        lambda: [save(draft, **{f"quote:s:n{n}": ("", f"right {n}")}) for n in range(10, 20)],
    )

    assert stored(draft) == {f"quote:s:n{n}": [f"{'left' if n < 10 else 'right'} {n}"] for n in range(20)}


@pytest.mark.django_db(transaction=True)
def test_of_two_tabs_that_save_one_field_at_once_one_is_told_and_holds_both_texts():
    draft = make_draft(title="First")

    one, other = at_once(lambda: save(draft, title=("First", "Left")), lambda: save(draft, title=("First", "Right")))

    clashes = {**one.clashes, **other.clashes}
    assert sorted([bool(one.clashes), bool(other.clashes)]) == [False, True]
    assert {*clashes["title"].mine, *clashes["title"].theirs} == {"Left", "Right"}
    assert stored(draft) == {"title": clashes["title"].theirs}


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("shipped_taxonomy")
def test_a_double_click_makes_one_case():
    draft = make_draft(make_person(role=Role.REPORTER))
    values = case_values()

    one, other = at_once(lambda: submit(draft, values=dict(values)), lambda: submit(draft, values=dict(values)))

    assert one == other
    assert Case.objects.count() == 1
