"""What a case still lacks says nothing to the blind of the causes that others see in it."""

import re

import pytest
from django.utils import timezone

from registry.actions import labels
from registry.actions.cases import RATE_FIRST
from registry.choices import TEMPLATE_FIELDS, Role, Stance, Status
from registry.models import Case, Label
from taxonomy.models import Node
from tests.factories import adjudicate, agree, label, make_case, make_node, make_person, seen_by_standing_aside
from tests.registry.web.pages import errors_of, signed_in, text_of

pytestmark = pytest.mark.django_db
CHANGING = re.compile(rb'csrfmiddlewaretoken" value="[^"]+|x-csrftoken": "[^"]+|nonce="[^"]+', re.IGNORECASE)
OPEN = "Rate the case; you see then whether a cause is agreed."
MISSING = "Agree on at least one cause of misalignment."


@pytest.fixture
def cause(db):
    return Node.objects.get(scheme__slug="misalignment-causes", slug="volition-based")


@pytest.fixture
def case(db, other_analyst):
    """A case whose one open question is the cause, and which somebody else has begun to rate."""
    written = dict.fromkeys(TEMPLATE_FIELDS[1:], "Written.")
    case = make_case(
        status=Status.ANALYSIS,
        reported_at=timezone.now(),
        realised_severity_id=1,
        potential_severity_id=3,
        predictability="unknown",
        **written,
    )
    label(case, make_node(), by=other_analyst, stance=Stance.ABSENT)
    return case


def pages_of(person, case):
    client = signed_in(person)
    addresses = ["", "steps/request-review", *(["debt"] if person.may_review else [])]
    found = [client.get(f"/cases/{case.reference}/{address}") for address in addresses]
    assert [each.status_code for each in found] == [200] * len(found)
    return [CHANGING.sub(b"", each.content) for each in found]


def checklist_of(person, case):
    response = signed_in(person).get(f"/cases/{case.reference}/")
    listed = response.context["checklist"]
    words = [item["message"] for item in listed.todo]
    return words, listed.done, listed.refusal, response.context["owing"].missing


@pytest.mark.parametrize("status", [Status.TRIAGE, Status.ANALYSIS, Status.REVIEW])
@pytest.mark.parametrize("role", [Role.ANALYST, Role.REVIEWER])
def test_the_pages_of_the_blind_stay_as_they_were_when_a_cause_is_agreed_and_when_no_longer(
    case, cause, other_analyst, role, status
):
    Case.objects.filter(pk=case.pk).update(status=status)
    blind = make_person(role=role)
    before = pages_of(blind, case)

    label(case, cause, by=other_analyst)
    agreed = pages_of(blind, case)
    labels.take_back_label(label=Label.objects.get(node=cause), by=other_analyst, at=timezone.now())

    assert agreed == before
    assert pages_of(blind, case) == before


def test_to_the_blind_the_cause_is_open_in_neutral_words(case, cause, analyst, other_analyst):
    label(case, cause, by=other_analyst)

    assert checklist_of(analyst, case) == ([OPEN], 12, RATE_FIRST, 1)


@pytest.mark.parametrize("published", ["imported", "decided"])
def test_the_blind_see_a_cause_that_is_for_all_to_see_as_agreed(case, cause, analyst, published):
    if published == "imported":
        agree(case, cause)
    else:
        adjudicate(case, cause)

    assert checklist_of(analyst, case) == ([], 13, RATE_FIRST, 0)


def test_who_sees_the_labels_and_who_never_rates_read_what_is_so(case, cause, analyst, reader, other_analyst):
    seen_by_standing_aside(case, analyst)

    assert [checklist_of(each, case) for each in (analyst, reader)] == [([MISSING], 12, "", 1)] * 2
    label(case, cause, by=other_analyst)
    assert [checklist_of(each, case) for each in (analyst, reader)] == [([], 13, "", 0)] * 2


def test_asking_for_review_tells_the_blind_nothing_either(case, cause, analyst, other_analyst):
    client, address = signed_in(analyst), f"/cases/{case.reference}/steps/request-review"
    before = client.post(address)

    label(case, cause, by=other_analyst)
    after = client.post(address)

    assert RATE_FIRST in text_of(client.get(address))
    assert errors_of(before) == errors_of(after) == {"__all__": [RATE_FIRST]}
    assert CHANGING.sub(b"", before.content) == CHANGING.sub(b"", after.content)
