"""Who may see less when a digest is sent than when it fell due is told of less: the raw mails are searched."""

import re
from datetime import date, timedelta

import pytest

from registry.actions import cases, evidence, merges
from registry.choices import DigestState, PartyRole, Role, Status, Visibility
from registry.digests import send
from registry.models import (
    Case,
    CaseParty,
    CaseReader,
    CaseSource,
    CaseSystem,
    Digest,
    Organisation,
    SavedView,
    Source,
    System,
    TeamMember,
)
from registry.models.case import NARRATIVE_FIELDS
from taxonomy.models import Node, SeverityTier
from tests import analysed
from tests.factories import label, make_person, make_team, make_view
from tests.registry.digests.builders import BEFORE, DURING, END, case_at, make_digest, make_subscription

pytestmark = pytest.mark.django_db

CANARY = "canary"
TEXT = f"{CANARY} text"
RATIONALES = ("predictability_reason", "realised_rationale", "potential_rationale")


def secret(at, *, kept_to, **values):
    """A case for few, with a canary in every field and in everything beside it."""
    texts = dict.fromkeys(
        (*NARRATIVE_FIELDS, "predictability_reason", "realised_rationale", "potential_rationale"), TEXT
    )
    critical = SeverityTier.objects.get(slug="critical")
    case = case_at(at, title=f"{CANARY} title", **texts | kept_to | {"potential_severity": critical} | values)
    CaseSystem.objects.create(case=case, system=System.objects.get_or_create(name=f"{CANARY} system")[0])
    party = Organisation.objects.get_or_create(name=f"{CANARY} developer")[0]
    CaseParty.objects.create(case=case, organisation=party, role=PartyRole.DEVELOPER)
    CaseSource.objects.create(case=case, source=Source.objects.create(title=TEXT, publisher=CANARY))
    label(case, Node.objects.get(slug="volition-based"), at=at, rationale=TEXT, quote=TEXT)
    analysed.comment(case=case, text=TEXT)
    analysed.mitigation(case, title=TEXT)
    evidence.add_note(case=case, by=case.reporter, at=at, title=TEXT, note=TEXT)
    return case


def secrets(analyst, *, kept_to, **values):
    """A new, a changed, a closed case, and one that another was merged into."""
    values = {"reporter": analyst} | values
    in_hand = {"status": Status.ANALYSIS, "owner": analyst} | values
    changed, kept = (secret(BEFORE, kept_to=kept_to, **in_hand) for _ in range(2))
    merged = secret(BEFORE, kept_to=kept_to, **in_hand)
    edit = {"title": f"{CANARY} retitled", "context": f"{CANARY} again", "occurred_from": date(2026, 11, 1)}
    cases.edit_case(case=changed, by=analyst, at=DURING, version=1, reason=TEXT, **edit)
    merges.merge_cases(kept=kept, merged=merged, by=analyst, at=DURING, reason=TEXT)
    closed = secret(BEFORE, kept_to=kept_to, status=Status.REVIEW, **{"owner": analyst} | values)
    Case.objects.filter(pk=closed.pk).update(status=Status.CLOSED, closed_at=DURING, updated_at=DURING)
    return [secret(DURING, kept_to=kept_to, **values), changed, kept, closed]


def mailed(subscription, mail_server):
    """Every byte of the one mail that this subscription brings, as sent and with its parts decoded."""
    digest = make_digest(subscription)
    state = send.send(digest_id=digest.pk, at=END + timedelta(minutes=1))
    mail = mail_server.mails.pop()

    kept = Digest.objects.values_list("subject", "text", "html").get(pk=digest.pk)
    parts = [part.get_payload(decode=True) for part in mail.walk() if not part.is_multipart()]
    headers = "\n".join(str(value) for value in mail.values())
    assert state == DigestState.SENT
    return b"\n".join([mail.as_bytes(), headers.encode(), *parts, *(text.encode() for text in kept)])


def told(raw, secret_cases):
    """Which of these cases a mail names; it never says more of them."""
    assert CANARY.encode() not in raw.lower()
    return [case for case in secret_cases if re.search(rb"\b%s\b" % case.reference.encode(), raw)]


@pytest.fixture
def keeper():
    return make_person(role=Role.REVIEWER, name="Keeper")


def subscribed(*people, **values):
    return [make_subscription(person=person, **values) for person in people]


def test_who_is_not_named_any_more_is_told_nothing(mail_server, noor, keeper, analyst):
    hidden = secrets(analyst, kept_to={"visibility": Visibility.NAMED})
    everyone = [*hidden, *Case.objects.exclude(merged_into=None)]
    CaseReader.objects.bulk_create(CaseReader(case=case, person=p) for case in everyone for p in (noor, keeper))
    lost, still = subscribed(noor, keeper)
    CaseReader.objects.filter(person=noor).delete()

    assert told(mailed(lost, mail_server), everyone) == []
    assert told(mailed(still, mail_server), hidden) == hidden


def test_who_left_the_team_is_told_nothing_nor_is_its_address(mail_server, noor, keeper, analyst):
    team = make_team(noor, keeper, analyst, name=f"{CANARY} team")
    hidden = secrets(analyst, kept_to={"visibility": Visibility.TEAM, "team": team})
    lost, still = subscribed(noor, keeper)
    others = make_team(keeper, name="Oversight")
    others.email = "oversight@example.org"
    others.save()
    (shared,) = subscribed(keeper, team=others)
    TeamMember.objects.filter(person=noor, team=team).delete()

    assert told(mailed(lost, mail_server), hidden) == []
    assert told(mailed(still, mail_server), hidden) == hidden
    assert told(mailed(shared, mail_server), hidden) == []


def test_who_owns_a_case_no_more_is_told_nothing_and_owes_nothing(mail_server, noor, keeper, analyst):
    hidden = secrets(analyst, kept_to={"visibility": Visibility.NAMED}, owner=noor)
    lost, queue = subscribed(noor), make_subscription(person=noor, about="queue")
    Case.objects.update(owner=keeper)

    raw = mailed(lost[0], mail_server) + mailed(queue, mail_server)

    assert told(raw, hidden) == []
    assert b"Your debt" not in raw


def test_what_was_restricted_since_is_a_number_to_those_who_may_and_nothing_to_others(
    mail_server, noor, keeper, analyst
):
    hidden = secrets(analyst, kept_to={"visibility": Visibility.EVERYONE})
    lost, still = subscribed(noor, keeper)
    CaseReader.objects.bulk_create(CaseReader(case=case, person=keeper) for case in hidden)
    Case.objects.update(visibility=Visibility.NAMED)

    assert told(mailed(lost, mail_server), hidden) == []
    assert told(mailed(still, mail_server), hidden) == hidden


def test_a_condition_that_a_restricted_case_meets_says_nothing_of_it(mail_server, noor, keeper, analyst):
    hidden = secrets(analyst, kept_to={"visibility": Visibility.NAMED})
    CaseReader.objects.bulk_create(CaseReader(case=case, person=keeper) for case in hidden)
    conditions = {"min_severity": SeverityTier.objects.get(slug="high"), "only_if_moved": True, "min_debt": 0}
    (still,) = subscribed(keeper, **conditions)

    raw = mailed(still, mail_server)

    assert told(raw, hidden) == hidden
    assert b"critical" not in raw.lower()


def test_who_was_made_a_rater_is_told_no_label_of_other_raters(mail_server, analyst):
    person = make_person(role=Role.READER)
    case = case_at(DURING)
    changed = case_at(BEFORE, status=Status.ANALYSIS, owner=analyst)
    for judged in (case, changed):
        label(judged, Node.objects.get(slug="volition-based"), at=DURING)
    (own,) = subscribed(person)
    before = mailed(own, mail_server)
    person.role = Role.ANALYST
    person.save()
    Digest.objects.all().delete()

    after = mailed(own, mail_server)

    name = Node.objects.get(slug="volition-based").name.encode()
    assert (name in before, name in after) == (True, False)
    assert changed.reference.encode() not in after


def test_who_may_not_review_any_more_is_not_told_what_waits_for_review(mail_server, noor, analyst):
    case_at(BEFORE, status=Status.REVIEW, owner=analyst)
    (own,) = subscribed(noor)
    noor.role = Role.REPORTER
    noor.save()

    assert b"To review" not in mailed(own, mail_server)


def test_a_view_that_is_kept_private_now_is_not_named(mail_server, noor, analyst):
    view = make_view(analyst, f"{CANARY} view", shared=True, query=f"q={CANARY}")
    (follower,) = subscribed(noor, about="view", view=view)
    SavedView.objects.update(shared=False)

    raw = mailed(follower, mail_server)

    assert CANARY.encode() not in raw.lower()
    assert b"The view you followed is gone" in raw
