"""Telling people what happened in a case. What is told holds no text: pages and mails write their own."""

from django.db.models import Q

from registry import access
from registry.models import Notification


def tell(*, case, kind, by, at, comment=None, to=None, besides=()):
    """Tell whoever hears of `case`, or exactly the people in `to`, that `by` did `kind` at `at`.

    Reporter, owner, reviewer, commenters and watchers hear of it, less those who ignore it and those in `besides`,
    who were told in another way. Nobody is told of what they did themselves, of a case they may not see, or after
    they left. Belongs into the transaction of what is told; returns how many were told. `by` is None for the clock.
    """
    people = access.people_who_see(case).exclude(pk__in=[person.pk for person in (*besides, by) if person])
    people = hearing_of(case, people) if to is None else people.filter(pk__in=[person.pk for person in to])
    rows = [
        Notification(person_id=number, case=case, kind=kind, actor=by, comment=comment, at=at)
        for number in people.order_by("pk").values_list("pk", flat=True)
    ]
    Notification.objects.bulk_create(rows)
    return len(rows)


def hearing_of(case, people):
    """Those of `people` who hear of `case` without being addressed."""
    involved = [number for number in (case.reporter_id, case.owner_id, case.reviewer_id) if number]
    commenting = case.comments.filter(removed_at=None).values("author")
    asked = case.watches.filter(watching=True).values("person")
    ignoring = case.watches.filter(watching=False).values("person")
    hearing = Q(pk__in=involved) | Q(pk__in=commenting) | Q(pk__in=asked)
    return people.filter(hearing).exclude(pk__in=ignoring)


def is_involved(person, case):
    """Whether `person` hears of the case without having asked to."""
    if person.pk in (case.reporter_id, case.owner_id, case.reviewer_id):
        return True
    return case.comments.filter(author=person, removed_at=None).exists()


def told_to(person):
    """What `person` was told of cases they may see still."""
    return Notification.objects.filter(person=person, case__in=access.visible_to(person))


def mark_seen(*, person, at, case=None):
    """`person` has seen what they were told of `case`, or of every case; returns how many that were."""
    unseen = Notification.objects.filter(person=person, seen_at=None)
    if case is not None:
        unseen = unseen.filter(case=case)
    return unseen.update(seen_at=at)
