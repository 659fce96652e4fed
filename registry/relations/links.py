"""The links of a case and the merges into it, as one person may see them."""

from dataclasses import dataclass

from django.db.models import Q

from registry import access
from registry.actions.merges import why_not_undone
from registry.choices import SEEN_FROM_THE_OTHER
from registry.models import CaseLink, CaseMerge

# Not what it moved, nor what the merged case says: neither is small.
SHOWN_OF_A_MERGE = (
    *("kept", "reason", "merged_at", "undone_at"),
    *("merged_by__name", "merged_by__username", "merged__title", "merged__visibility", "merged__team"),
)


@dataclass
class LinkRow:
    """One link as it reads from the case at hand."""

    words: str
    other: object
    link: CaseLink


@dataclass
class MergeRow:
    """One merge into the case at hand: why it cannot be taken back, and the title of the other case; or empty."""

    merge: CaseMerge
    why_not: str
    title: str


def links_of(person, case):
    """The links of a case both ways, never one whose other end `person` may not see."""
    links = list(
        CaseLink.objects.filter(Q(case=case) | Q(other=case)).select_related("answered_by").order_by("kind", "pk")
    )
    others = access.visible_to(person).filter(pk__in=[link.other_than(case) for link in links])
    visible = others.select_related("potential_severity").only("title", "status", "potential_severity").in_bulk()
    return [
        LinkRow(words_of(link, case), visible[number], link)
        for link in links
        if (number := link.other_than(case)) in visible
    ]


def words_of(link, case):
    if link.case_id == case.pk:
        return link.get_kind_display()
    return SEEN_FROM_THE_OTHER.get(link.kind, link.get_kind_display())


def merges_of(person, case):
    """The merges into a case that stand, the latest first.

    Where different people may see the two by now, only who sees both reads what the merged one was called.
    """
    merges = case.merges.filter(undone_at=None).select_related("merged_by", "merged").order_by("-pk")
    merges = list(merges.only(*SHOWN_OF_A_MERGE))
    seen = set(access.seen_by(person).filter(pk__in=[merge.merged_id for merge in merges]).values_list("pk", flat=True))
    rows = zip(merges, why_not_undone(*merges), strict=True)
    return [MergeRow(merge, why_not, title_for(case, merge.merged, seen)) for merge, why_not in rows]


def title_for(case, merged, seen):
    alike = (merged.visibility, merged.team_id) == (case.visibility, case.team_id)
    return merged.title if alike or merged.pk in seen else ""
