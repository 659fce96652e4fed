"""How two cases cannot stand to one another."""

import pytest

from registry.models import CaseLink, CaseMerge
from tests.factories import NOW, make_case, make_person
from tests.registry.models.refusal import refused_by

pytestmark = pytest.mark.django_db


def link(case, other, **values):
    values = {"kind": "related", "answered_by": make_person(), "answered_at": NOW} | values
    return CaseLink.objects.create(case=case, other=other, **values)


def merge(kept, merged, **values):
    values = {"reason": "The same event.", "moved": [], "merged_by": make_person(), "merged_at": NOW} | values
    return CaseMerge.objects.create(kept=kept, merged=merged, **values)


def test_two_cases_stand_to_one_another_in_one_way_whichever_is_named_first():
    one, other = make_case(), make_case()
    link(one, other)

    with refused_by("registry_caselink_once"):
        link(other, one, kind="variant")


def test_a_case_is_not_linked_to_itself():
    case = make_case()

    with refused_by("registry_caselink_of_two_cases"):
        link(case, case)


def test_a_link_leads_from_either_case_to_the_other():
    one, other = make_case(), make_case()
    said = link(one, other)

    assert (said.other_than(one), said.other_than(other)) == (other.pk, one.pk)


def test_a_link_is_of_a_known_kind():
    with refused_by("registry_caselink_kind_known"):
        link(make_case(), make_case(), kind="cousin")


def test_a_case_is_merged_into_one_other_until_that_is_taken_back():
    one, other, third = make_case(), make_case(), make_case()
    merge(one, third, undone_by=make_person(), undone_at=NOW)
    merge(one, third)

    with refused_by("registry_casemerge_into_one_case"):
        merge(other, third)


def test_a_case_is_not_merged_into_itself():
    case = make_case()

    with refused_by("registry_casemerge_of_two_cases"):
        merge(case, case)


def test_a_merge_that_was_taken_back_says_who_did_it():
    with refused_by("registry_casemerge_undone_by_somebody"):
        merge(make_case(), make_case(), undone_at=NOW)
