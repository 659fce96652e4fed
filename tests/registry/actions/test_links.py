"""One answer for each pair of cases."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404

from registry.actions import links
from registry.choices import LinkKind, Status, Visibility
from registry.models import CaseLink
from tests.factories import make_case, make_person

pytestmark = pytest.mark.django_db


def answer(case, other, by, now, kind=LinkKind.VARIANT):
    return links.answer(case=case, other=other, kind=kind, by=by, at=now)


def said():
    return sorted(CaseLink.objects.values_list("case_id", "other_id", "kind"))


def test_an_answer_is_signed_and_kept(analyst, now):
    case, other = make_case(), make_case()

    link = answer(case, other, analyst, now)

    assert (link.case, link.other, link.kind, link.answered_by, link.answered_at) == (
        case,
        other,
        LinkKind.VARIANT,
        analyst,
        now,
    )
    assert link.events.get().pgh_context.metadata["person"] == analyst.pk


def test_there_is_one_answer_for_a_pair_whichever_way_round(analyst, other_analyst, now):
    case, other = make_case(), make_case()
    answer(case, other, analyst, now, LinkKind.RELATED)

    answer(other, case, other_analyst, now, LinkKind.DUPLICATE)

    assert said() == [(other.pk, case.pk, "duplicate")]
    assert CaseLink.objects.get().answered_by == other_analyst


def test_the_same_answer_again_leaves_the_first_one_standing(analyst, other_analyst, now):
    case, other = make_case(), make_case()
    first = answer(case, other, analyst, now)

    again = answer(case, other, other_analyst, now)

    assert (again.pk, again.answered_by) == (first.pk, analyst)


def test_an_answer_is_taken_back_from_either_side(analyst, now):
    case, other = make_case(), make_case()
    answer(case, other, analyst, now)

    links.take_back(case=other, other=case, by=analyst, at=now)

    assert said() == []


def test_a_case_is_not_linked_to_itself(analyst, now):
    case = make_case()

    with pytest.raises(ValidationError, match="not linked to itself"):
        answer(case, case, analyst, now)


def test_a_case_one_may_not_see_is_no_case(analyst, now):
    case, hidden = make_case(), make_case(visibility=Visibility.NAMED)

    with pytest.raises(Http404):
        answer(case, hidden, analyst, now)
    with pytest.raises(Http404):
        answer(hidden, case, analyst, now)

    assert said() == []


def test_its_reporter_answers_for_an_early_case_only(reporter, now):
    early, late, other = (
        make_case(reporter=reporter),
        make_case(reporter=reporter, status=Status.ANALYSIS),
        make_case(),
    )

    answer(early, other, reporter, now)

    with pytest.raises(PermissionDenied):
        answer(late, other, reporter, now)
    with pytest.raises(PermissionDenied):
        answer(other, early, reporter, now)
    assert said() == [(early.pk, other.pk, "variant")]


def test_a_reader_answers_nothing(reader, now):
    with pytest.raises(PermissionDenied):
        answer(make_case(), make_case(), reader, now)


def test_an_answer_of_no_known_kind_is_refused(analyst, now):
    with pytest.raises(ValidationError):
        answer(make_case(), make_case(), analyst, now, kind="cousin")


def test_answers_given_while_logging_pass_over_what_cannot_be_seen(reporter, now):
    case, other, hidden = make_case(reporter=make_person()), make_case(), make_case(visibility=Visibility.NAMED)
    told = [(other, LinkKind.DUPLICATE), (hidden, LinkKind.RELATED), (case, LinkKind.VARIANT)]

    links.answer_while_logging(case=case, likenesses=told, by=reporter, at=now)

    assert said() == [(case.pk, other.pk, "duplicate")]
