"""What waits for the reader of a digest."""

from zoneinfo import ZoneInfo

from django.db.models import Count, Min, Q

from registry import access
from registry.choices import Status
from registry.digests.wording import counted


def queue_of(person, *, time_zone):
    """One sentence for each kind of work that waits; one that says so when none does."""
    mine, waiting = Q(owner=person), Q(status=Status.TRIAGE, owner=None)
    review, drafts = Q(status=Status.REVIEW) & ~Q(owner=person), Q(status=Status.DRAFT, reporter=person)
    analysed = mine & Q(status=Status.ANALYSIS)
    found = (
        access.visible_to(person)
        .open()
        .aggregate(
            analysis=Count("pk", filter=analysed),
            oldest=Min("updated_at", filter=analysed),
            review=Count("pk", filter=review),
            triage=Count("pk", filter=waiting),
            drafts=Count("pk", filter=drafts),
        )
    )
    said = []
    if found["analysis"]:
        since = f"{found['oldest'].astimezone(ZoneInfo(time_zone)):%-d %B}"
        longest = "" if found["analysis"] == 1 else "the longest "
        said.append(f"To analyse: {counted(found['analysis'], 'case')} of yours, {longest}untouched since {since}.")
    if found["review"] and person.may_review:
        said.append(f"To review: {counted(found['review'], 'case')}.")
    if found["triage"] and person.may_label:
        said.append(f"In triage without an owner: {counted(found['triage'], 'case')}.")
    if found["drafts"]:
        said.append(f"Not submitted yet: {counted(found['drafts'], 'draft')} of yours.")
    return tuple(said) or ("Nothing waits for you.",)
