"""What waits for the reader of a digest, and what their unfinished cases owe."""

from zoneinfo import ZoneInfo

from django.db.models import Count, Min, Q

from registry import access, owed
from registry.choices import Status
from registry.digests import links
from registry.digests.content import Debt
from registry.digests.wording import amount, counted


def queue_of(person, *, time_zone):
    """(one sentence for each kind of work that waits, or one that says so when none does; how much waits in all).

    What counts as waiting is what the home page lists.
    """
    analysed = Q(owner=person, status=Status.ANALYSIS)
    found = (
        access.visible_to(person)
        .open()
        .aggregate(
            analysis=Count("pk", filter=analysed),
            oldest=Min("updated_at", filter=analysed),
            review=Count("pk", filter=access.awaits_review_by(person)),
            rating=Count("pk", filter=access.is_begun_by(person)),
            claimed=Count("pk", filter=Q(owner=person, status=Status.TRIAGE)),
            triage=Count("pk", filter=Q(owner=None, status=Status.TRIAGE)),
            drafts=Count("pk", filter=Q(reporter=person, status=Status.DRAFT)),
        )
    )
    found["drafts"] += access.drafts_of(person).count()
    said = tuple(_sentences(found, person, time_zone))
    own = sum(found[kind] for kind in ("analysis", "review", "rating", "claimed", "drafts"))
    return said or ("Nothing waits for you.",), own


def _sentences(found, person, time_zone):
    if found["analysis"]:
        since = f"{found['oldest'].astimezone(ZoneInfo(time_zone)):%-d %B}"
        longest = "" if found["analysis"] == 1 else "the longest "
        yield f"To analyse: {counted(found['analysis'], 'case')} of yours, {longest}untouched since {since}."
    if found["review"]:
        yield f"To review: {counted(found['review'], 'case')}."
    if found["rating"]:
        yield f"To rate: {counted(found['rating'], 'case')} that you began."
    if found["claimed"]:
        yield f"To accept: {counted(found['claimed'], 'case')} that you claimed in triage."
    if found["triage"] and person.may_label:
        yield f"In triage without an owner: {counted(found['triage'], 'case')}."
    if found["drafts"]:
        yield f"Not submitted yet: {counted(found['drafts'], 'draft')}."


def debt_of(person, *, start, end):
    """What the cases of `person` owe at `end`, and how that differs from `start`; None where they owed nothing."""
    found = owed.of_owner_between(person, start=start, end=end)
    if not (found.before or found.now):
        return None
    said = f"Your debt is {amount(found.now)}{_difference(found.now - found.before)}."
    if found.cheapest is None:
        return Debt(said)
    case, step = found.cheapest.case, found.cheapest.step
    return Debt(
        said,
        reference=case.reference,
        url=links.absolute(case.get_absolute_url()),
        step=f"−{amount(found.cheapest.gain)}: {step[:1].lower()}{step[1:]}",
    )


def _difference(change):
    if amount(abs(change)) == "0":
        return ", as before"
    return f", {'up' if change > 0 else 'down'} {amount(abs(change))}"
