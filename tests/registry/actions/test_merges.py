"""Two cases become one, and two again."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404

from registry import access, fingerprint
from registry.actions import cases, links, merges, rows
from registry.actions.signing import Conflict, StepRefused
from registry.choices import Gap, LinkKind, Method, Precision, Stance, Status, Visibility
from registry.models import (
    Case,
    CaseMerge,
    CaseReader,
    CaseSystem,
    EventGroup,
    Evidence,
    ExternalId,
    Job,
    Label,
)
from taxonomy.models import SeverityTier
from tests import analysed
from tests.factories import adjudicate, label, log, make_case, make_node, make_person
from tests.registry.actions.dumping import dump

pytestmark = pytest.mark.django_db


def merge(kept, merged, by, now, **options):
    return merges.merge_cases(kept=kept, merged=merged, by=by, at=now, reason="One event.", **options)


def evidence(case, by, now, text="a"):
    return Evidence.objects.create(
        case=case, kind="note", title="Note", note=text, sha256=fingerprint_of(text), added_by=by, added_at=now
    )


def fingerprint_of(text):
    return f"{ord(text[0]):064x}"


def full(by, now, **values):
    """A case with a row in every table that can move."""
    case = log(
        systems=[("brief-writer", "1.8"), ("digest-writer", "")],
        developers=["Acme"],
        affected=["Patients"],
        sources=[{"url": "https://example.org/a", "title": "A report"}],
        root_cause="The grader never read the leaflet.",
        predictability="warned",
        predictability_reason="It was in the tracker.",
        realised_severity=SeverityTier.objects.get(slug="low"),
        event_group=EventGroup.objects.create(name="Leaflets"),
        **values,
    )
    ExternalId.objects.create(case=case, source="aiid", value="93", imported={"title": "x"})
    evidence(case, by, now)
    label(case, make_node("red"), by=by, at=now)
    adjudicate(case, make_node("blue"), at=now)
    links.answer(case=case, other=make_case(), kind=LinkKind.VARIANT, by=by, at=now)
    analysed.safeguard(case=case)
    analysed.mitigation(case)
    analysed.accepted_debt(case=case)
    analysed.comment(case=case)
    analysed.watch(case=case)
    analysed.relabel(case=case)
    return case


def test_everything_moves_and_the_merged_case_is_withdrawn(analyst, now):
    kept, merged = log(title="Leaflets lose warnings"), full(analyst, now)

    made = merge(kept, merged, analyst, now)

    kept.refresh_from_db()
    merged.refresh_from_db()
    assert (merged.status, merged.merged_into, made.reason) == (Status.WITHDRAWN, kept, "One event.")
    assert sorted(str(row) for row in kept.case_systems.all()) == [
        "brief-writer 1.8",
        "code-agent 2.1",
        "digest-writer",
    ]
    assert [str(row.organisation) for row in kept.case_parties.order_by("pk")] == ["Acme", "Patients"]
    assert [row.source.url for row in kept.case_sources.all()] == ["https://example.org/a"]
    assert [row.value for row in kept.external_ids.all()] == ["93"]
    assert [row.title for row in kept.evidence.all()] == ["Note"]
    assert [row.node.slug for row in kept.labels.all()] == ["red"]
    assert sorted(row.node.slug for row in kept.classifications.all()) == ["blue", "red"]
    assert [row.kind for row in kept.links.all()] == ["variant"]
    assert (kept.root_cause, kept.predictability, kept.event_group) == (
        "The grader never read the leaflet.",
        "warned",
        merged.event_group,
    )
    assert (kept.title, kept.observed_behaviour) == ("Leaflets lose warnings", merged.observed_behaviour)
    assert sorted(kept.node_path) == sorted(row.node_id for row in kept.classifications.all())
    assert merged.node_path == []


def test_taking_a_merge_back_restores_every_row(analyst, other_analyst, now):
    kept, merged = log(title="Leaflets lose warnings"), full(analyst, now)
    label(kept, merged.labels.get().node, by=other_analyst, at=now, stance=Stance.ABSENT)
    versions = kept.version, merged.version
    before = dump()
    made = merge(kept, merged, analyst, now)
    assert dump() != before

    undone = merges.unmerge_cases(merge=made, by=other_analyst, at=now)

    assert (dump(), undone.told) == (before, [])
    made.refresh_from_db()
    assert (made.undone_by, made.undone_at) == (other_analyst, now)
    assert (undone.kept.version, undone.merged.version) == (versions[0] + 2, versions[1] + 2)


def test_statistics_count_a_merged_case_once(analyst, now):
    kept, merged = make_case(), make_case()
    Job.objects.all().delete()

    made = merge(kept, merged, analyst, now)

    assert list(access.counted_cases()) == [kept]
    assert [job.kind for job in Job.objects.all()] == ["recompute"]
    merges.unmerge_cases(merge=made, by=analyst, at=now)
    assert access.counted_cases().count() == 2


def test_labels_of_both_settle_anew(analyst, other_analyst, now):
    kept, merged, node = log(), log(), make_node()
    label(kept, node, by=analyst, at=now)
    label(merged, node, by=other_analyst, at=now)

    merge(kept, merged, analyst, now)

    assert kept.classifications.get().method == Method.MAJORITY


def test_raters_who_differ_agree_on_nothing(analyst, other_analyst, now):
    kept, merged, node = log(), log(), make_node()
    label(kept, node, by=analyst, at=now)
    label(merged, node, by=other_analyst, at=now, stance=Stance.ABSENT)
    before = dump()

    made = merge(kept, merged, analyst, now)

    assert kept.classifications.count() == 0
    merges.unmerge_cases(merge=made, by=analyst, at=now)
    assert dump() == before


def test_an_adjudication_stands_above_a_majority(analyst, reviewer, now):
    kept, merged, node = log(), log(), make_node()
    label(kept, node, by=analyst, at=now)
    adjudicate(merged, node, by=reviewer, at=now)
    before = dump()

    made = merge(kept, merged, analyst, now)

    assert kept.classifications.get().method == Method.ADJUDICATED
    merges.unmerge_cases(merge=made, by=analyst, at=now)
    assert dump() == before


def test_a_filled_field_never_replaces_what_was_said(analyst, now):
    low, high = (SeverityTier.objects.get(slug=slug) for slug in ("low", "high"))
    kept = log(root_cause="Ours.", potential_severity=low, occurred_from=None, occurred_precision=Precision.UNKNOWN)
    merged = log(
        root_cause="Theirs.",
        potential_severity=high,
        potential_rationale="Theirs.",
        outer_gap=Gap.BROKEN,
        occurred_from=date(2026, 5, 1),
        occurred_precision=Precision.MONTH,
    )

    merge(kept, merged, analyst, now)

    kept.refresh_from_db()
    assert (kept.root_cause, kept.potential_severity, kept.potential_rationale) == ("Ours.", low, "")
    assert (kept.outer_gap, kept.occurred_from, kept.occurred_precision) == ("broken", date(2026, 5, 1), "month")


def test_a_filled_text_is_signed(analyst, now):
    kept, merged = log(observed_behaviour="", submit=False, by=analyst), log()
    cases.edit_case(case=kept, by=analyst, at=now, version=1, observed_behaviour="")
    Case.objects.filter(pk=kept.pk).update(status=Status.TRIAGE, reported_at=now)

    merge(kept, merged, analyst, now)

    kept.refresh_from_db()
    assert kept.text_bands == fingerprint.bands(kept.title, merged.observed_behaviour)


def test_what_people_changed_since_stays(analyst, now):
    kept, merged = log(), full(analyst, now)
    made = merge(kept, merged, analyst, now)
    kept.refresh_from_db()
    cases.edit_case(case=kept, by=analyst, at=now, version=kept.version, root_cause="Better said.")
    CaseSystem.objects.get(case=kept, version="1.8").delete()
    moved = Label.objects.get(case=kept)
    label(kept, moved.node, by=analyst, at=now, confidence=12)

    undone = merges.unmerge_cases(merge=made, by=analyst, at=now)

    assert undone.told == [
        f"Root cause of {kept.reference} was edited since and stays as edited.",
        "A system was removed since and stays removed.",
    ]
    assert (undone.kept.root_cause, undone.merged.root_cause) == ("Better said.", "The grader never read the leaflet.")
    assert (undone.merged.labels.get().confidence, undone.merged.status) == (12, Status.TRIAGE)


def test_a_date_that_was_corrected_since_stays_whole(analyst, now):
    kept = log(occurred_from=None, occurred_precision=Precision.UNKNOWN)
    merged = log()
    made = merge(kept, merged, analyst, now)
    kept.refresh_from_db()
    cases.edit_case(case=kept, by=analyst, at=now, version=kept.version, occurred_precision=Precision.MONTH)

    undone = merges.unmerge_cases(merge=made, by=analyst, at=now)

    assert (undone.kept.occurred_from, undone.kept.occurred_precision) == (date(2026, 11, 12), "month")


def test_labels_given_since_settle_in_their_own_case(analyst, other_analyst, now):
    kept, merged, node = log(), log(), make_node()
    label(merged, node, by=analyst, at=now)
    made = merge(kept, merged, analyst, now)
    label(kept, node, by=other_analyst, at=now)

    merges.unmerge_cases(merge=made, by=analyst, at=now)

    assert [row.rater for row in kept.labels.all()] == [other_analyst]
    assert [case.classifications.get().method for case in (kept, merged)] == [Method.SINGLE_RATER] * 2


def test_readers_are_united_and_nobody_loses_a_case_of_theirs(analyst, reporter, now):
    one, other = make_person(), make_person()
    kept = make_case(visibility=Visibility.NAMED)
    merged = make_case(visibility=Visibility.NAMED, reporter=reporter)
    for case, person in ((kept, analyst), (merged, analyst), (kept, one), (merged, other)):
        CaseReader.objects.create(case=case, person=person)
    before = dump()

    made = merge(kept, merged, analyst, now)

    assert {row.person for row in kept.readers.all()} == {analyst, one, other, reporter}
    merges.unmerge_cases(merge=made, by=analyst, at=now)
    assert dump() == before


def test_a_case_is_merged_once_and_never_into_itself(analyst, now):
    kept, merged, third = make_case(), make_case(), make_case()
    merge(kept, merged, analyst, now)

    for into, case in ((third, merged), (merged, third), (kept, kept)):
        with pytest.raises(StepRefused):
            merge(into, case, analyst, now)


def test_a_reason_is_needed(analyst, now):
    with pytest.raises(ValidationError, match="Give a reason"):
        merges.merge_cases(kept=make_case(), merged=make_case(), by=analyst, at=now, reason=" ")


def test_a_hidden_case_is_merged_with_nothing(analyst, now):
    hidden = make_case(visibility=Visibility.NAMED)

    for pair in ((make_case(), hidden), (hidden, make_case())):
        with pytest.raises(Http404):
            merge(*pair, analyst, now)


def test_reporters_merge_nothing(reporter, now):
    kept, merged = make_case(reporter=reporter), make_case(reporter=reporter)

    with pytest.raises(PermissionDenied):
        merge(kept, merged, reporter, now)


def test_reporters_take_no_merge_back(analyst, reporter, now):
    made = merge(make_case(reporter=reporter), make_case(), analyst, now)

    with pytest.raises(PermissionDenied):
        merges.unmerge_cases(merge=made, by=reporter, at=now)


def test_a_stale_preview_is_refused(analyst, other_analyst, now):
    kept, merged, node = make_case(), make_case(), make_node()
    seen = rows.state({kept.pk, merged.pk})
    label(merged, node, by=other_analyst, at=now)

    with pytest.raises(Conflict):
        merge(kept, merged, analyst, now, state=seen)

    merge(kept, merged, analyst, now, state=rows.state({kept.pk, merged.pk}))


def test_the_latest_merge_is_taken_back_first(analyst, now):
    first, second, third = make_case(), make_case(), make_case()
    inner = merge(second, first, analyst, now)
    outer = merge(third, second, analyst, now)
    beside = merge(third, make_case(), analyst, now)

    for made in (inner, outer):
        with pytest.raises(StepRefused, match="Take that back first"):
            merges.unmerge_cases(merge=made, by=analyst, at=now)

    for made in (beside, outer, inner):
        merges.unmerge_cases(merge=made, by=analyst, at=now)
    assert Case.objects.filter(merged_into=None).count() == 4


def test_several_merges_are_judged_each_by_what_came_after_it(analyst, now):
    first, second, third, fourth = (make_case() for _ in range(4))
    inner = merge(second, first, analyst, now)
    outer = merge(third, second, analyst, now)
    beside = merge(third, fourth, analyst, now)
    elsewhere = merge(make_case(), make_case(), analyst, now)

    why_not = merges.why_not_undone(inner, outer, beside, elsewhere)

    assert why_not == [
        f"{second.reference} was merged into {third.reference} later. Take that back first.",
        f"{fourth.reference} was merged into {third.reference} later. Take that back first.",
        "",
        "",
    ]


def test_a_merge_is_taken_back_once(analyst, now):
    made = merge(make_case(), make_case(), analyst, now)
    merges.unmerge_cases(merge=made, by=analyst, at=now)

    with pytest.raises(StepRefused, match="taken back already"):
        merges.unmerge_cases(merge=made, by=analyst, at=now)


def test_a_closed_case_is_reopened_before_its_merge_is_taken_back(analyst, now):
    kept = make_case()
    made = merge(kept, make_case(), analyst, now)
    Case.objects.filter(pk=kept.pk).update(status=Status.CLOSED, closed_at=now, owner=analyst)

    with pytest.raises(StepRefused, match="is closed"):
        merges.unmerge_cases(merge=CaseMerge.objects.get(pk=made.pk), by=analyst, at=now)


def test_an_old_number_leads_along_every_merge(analyst, now):
    first, second, third = make_case(), make_case(), make_case()
    merge(second, first, analyst, now)
    merge(third, second, analyst, now)

    with pytest.raises(access.Merged) as raised:
        access.case_for(analyst, first.reference)

    assert raised.value.into == third


def test_an_old_number_leads_nobody_to_a_hidden_case(analyst, reader, now):
    kept, merged = (make_case(visibility=Visibility.NAMED, reporter=analyst) for _ in range(2))
    merge(kept, merged, analyst, now)

    with pytest.raises(Http404) as raised:
        access.case_for(reader, merged.reference)

    assert type(raised.value) is Http404


def test_nothing_is_half_merged(analyst, now, monkeypatch):
    kept, merged = log(), full(analyst, now)
    before = dump()

    class Killed(Exception):
        pass

    def fall(**arguments):
        raise Killed

    monkeypatch.setattr(merges.jobs, "leave_recompute", fall)
    with pytest.raises(Killed):
        merge(kept, merged, analyst, now)

    assert (dump(), CaseMerge.objects.count()) == (before, 0)
