"""Labels that might fit a case, each with its reasons: read from what is known of it, never from others' labels of it.

Three things are asked, and each can be checked by whoever reads the reason:

    mappings    what the case is known to carry is mapped to the node by a published source (failure types only)
    likeness    the most similar cases carry it, as far as their labels are for the reader to see
    patterns    a flagged pair of the latest run ties it to what the case is known to carry, in other cases

The case itself is never counted, and what hangs on raters the reader is blind to is read of no case.
"""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Q

from registry import access, similar
from registry.blind import PUBLIC, is_open_to, seen_classifications
from registry.choices import Stance
from registry.models import Classification, Label, PatternPair, PatternRun
from taxonomy.models import Mapping, Node, SeverityTier

SHOWN, NAMED = 3, 3
SIMILAR = 10
# A pair seen in fewer other cases than this may be chance.
FEWEST_TOGETHER = 3
MOST_READ = 200
# Mapped by definition counts about as much as two of five similar cases.
MAPPED = 0.4
GROUPS = (
    # Left out one by one, mappings found the catalogue's failure types, but not its Goodhart types or categories.
    ("goodhart", "Goodhart type", Q(scheme__slug="goodhart"), False),
    ("type", "Failure type", Q(scheme__slug="case-framework", slug__startswith="type-"), True),
    ("category", "Failure category", Q(scheme__slug="case-framework", slug__startswith="cat-"), False),
)
LEVELS = {"type-behavioral": "moderate", "type-objective": "high", "type-strategic": "critical"}


@dataclass(frozen=True)
class Reason:
    """Why a label might fit, in a sentence, with the cases and the pair it rests on."""

    words: str
    cases: tuple = ()
    pair: object = None
    weight: float = 0.0
    # Whether `cases` names but a few of those it rests on.
    some: bool = False


@dataclass
class Proposal:
    """One label that might fit, and why. Never without a reason."""

    node: Node
    reasons: list = field(default_factory=list)

    @property
    def weight(self):
        return sum(reason.weight for reason in self.reasons)


@dataclass(frozen=True)
class Group:
    """The proposals for one question, best first, and what the reader knows to be the answer already."""

    slug: str
    name: str
    proposals: list
    known: list


@dataclass(frozen=True)
class Level:
    """The potential severity that a failure type starts from."""

    tier: SeverityTier
    words: str


@dataclass(frozen=True)
class Known:
    """What one reader knows of one case: the nodes it carries, and those they have judged either way."""

    carried: dict
    judged: frozenset


def known_of(person, case):
    carried = {row.node_id: row.node for row in seen_classifications(person).filter(case=case)}
    own = Label.objects.filter(case=case, rater=person).select_related("node__scheme")
    carried |= {label.node_id: label.node for label in own if label.stance == Stance.PRESENT}
    refused = {label.node_id for label in own if label.stance != Stance.PRESENT}
    kept = {number: node for number, node in carried.items() if number not in refused}
    return Known(kept, frozenset(carried) | refused)


def proposals_for(person, case):
    """A Group for each of GROUPS that has something to propose or is answered."""
    known = known_of(person, case)
    reasons = defaultdict(list)
    candidates = {}
    for _, _, condition, mapped in GROUPS:
        nodes = Node.objects.filter(condition, retired_at=None).select_related("scheme").in_bulk()
        candidates |= nodes
        if mapped:
            by_mappings(known.carried, nodes, reasons)
    by_likeness(person, case, candidates, reasons)
    by_patterns(person, case, known.carried, candidates, reasons)
    groups = [group_of(group, known, candidates, reasons) for group in GROUPS]
    return [group for group in groups if group.proposals or group.known]


def group_of(group, known, candidates, reasons):
    slug, name, _, _ = group
    inside = [node for node in candidates.values() if slug_of(node) == slug]
    answers = [node for node in inside if node.pk in known.carried]
    exclusive = any(node.exclusive_group or not node.scheme.allows_several for node in answers)
    fitting = [
        Proposal(node, sorted(reasons[node.pk], key=lambda reason: -reason.weight))
        for node in inside
        if reasons[node.pk] and node.pk not in known.judged and not exclusive
    ]
    fitting.sort(key=lambda proposal: (-proposal.weight, proposal.node.order, proposal.node.pk))
    return Group(slug, name, fitting[:SHOWN], answers)


def slug_of(node):
    if node.scheme.slug == "goodhart":
        return "goodhart"
    return "type" if node.slug.startswith("type-") else "category"


def by_mappings(carried, nodes, reasons):
    rows = Mapping.objects.filter(
        Q(from_node__in=carried, to_node__in=nodes) | Q(from_node__in=nodes, to_node__in=carried)
    ).order_by("pk")
    for row in rows:
        number, other = (row.to_node_id, row.from_node_id)
        if other not in carried:
            number, other = other, number
        node = carried[other]
        words = (
            f"“{node.name}” ({node.scheme.name}) is mapped to it ({row.get_relation_display().lower()}): {row.source}"
        )
        reasons[number].append(Reason(words, weight=MAPPED))


def by_likeness(person, case, candidates, reasons):
    """Of the most similar cases, those that are known to the reader to carry a candidate."""
    hits = similar.alike(person, similar.sought_of(person, case), limit=SIMILAR)
    labels = seen_classifications(person).filter(case__in=[hit.case.pk for hit in hits], node__in=candidates)
    carrying = defaultdict(set)
    for number, case_number in labels.values_list("node", "case"):
        carrying[number].add(case_number)
    # Cases whose labels say nothing of the question are no vote against an answer.
    answered = {slug: set() for slug, *_ in GROUPS}
    for number, numbers in carrying.items():
        answered[slug_of(candidates[number])] |= numbers
    scores = {hit.case.pk: hit.score for hit in hits}
    for number, numbers in carrying.items():
        asked = answered[slug_of(candidates[number])]
        cases = tuple(hit.case for hit in hits if hit.case.pk in numbers)
        words = f"{len(cases)} of the {len(asked)} most similar cases with an answer carry it"
        if len(asked) == 1:
            words = "The most similar case with an answer carries it"
        share = sum(scores[pk] for pk in numbers) / sum(scores[pk] for pk in asked)
        reasons[number].append(Reason(words, cases[:NAMED], weight=share, some=len(cases) > NAMED))


def by_patterns(person, case, carried, candidates, reasons):
    run = PatternRun.objects.standard().first()
    if run is None or not carried:
        return
    tied = Q(node_a__in=carried, node_b__in=candidates) | Q(node_a__in=candidates, node_b__in=carried)
    pairs = list(PatternPair.objects.filter(tied, run=run, flagged=True).order_by("pk"))
    others = Others.behind(pairs, person=person, case=case)
    best = {}
    for pair in pairs:
        number, node, k = (pair.node_b_id, carried.get(pair.node_a_id), pair.k_a)
        if pair.node_b_id in carried and pair.node_a_id in candidates:
            number, node, k = pair.node_a_id, carried[pair.node_b_id], pair.k_b
        cases = others.carrying(pair)
        if len(cases) < FEWEST_TOGETHER:
            continue
        more = " or more" if len(pair.case_ids) > MOST_READ else ""
        words = f"{len(cases)}{more} other cases carry it together with “{node.name}”, more than chance would give"
        weight = min(len(cases) / max(k - 1, 1), 1.0)
        reason = Reason(words, tuple(cases[:NAMED]), pair, weight, some=len(cases) > NAMED)
        best[number] = max(best.get(number, reason), reason, key=lambda one: one.weight)
    for number, reason in best.items():
        reasons[number].append(reason)


@dataclass(frozen=True)
class Others:
    """Cases behind pairs: those the reader may see, which of them are open to them, and what was published of each."""

    cases: dict
    opened: frozenset
    published: dict

    @classmethod
    def behind(cls, pairs, *, person, case):
        numbers = {number for pair in pairs for number in pair.case_ids[:MOST_READ]} - {case.pk}
        seen = access.visible_to(person).filter(pk__in=numbers)
        opened = frozenset(seen.filter(is_open_to(person)).values_list("pk", flat=True))
        published = defaultdict(set)
        rows = Classification.objects.filter(case__in=numbers - opened, method__in=PUBLIC)
        for number, node in rows.values_list("case", "node"):
            published[number].add(node)
        return cls(seen.only("pk", "title").in_bulk(), opened, published)

    def carrying(self, pair):
        """Those known to the reader to carry both nodes, the newest first."""
        both = {pair.node_a_id, pair.node_b_id}
        known = (pk for pk in pair.case_ids[:MOST_READ] if pk in self.opened or both <= self.published.get(pk, set()))
        return [self.cases[pk] for pk in known if pk in self.cases]


def level_of(groups):
    """The Level of the failure type that is known, else of the first proposed one; None without either."""
    types = next((group for group in groups if group.slug == "type"), None)
    if types is None:
        return None
    nodes = [node for node in types.known if node.slug in LEVELS]
    known = max(nodes, key=lambda node: list(LEVELS).index(node.slug), default=None)
    node = known or next((one.node for one in types.proposals if one.node.slug in LEVELS), None)
    tier = SeverityTier.objects.filter(slug=LEVELS[node.slug]).first() if node else None
    if tier is None:
        return None
    says = "carries" if known else "may carry"
    return Level(tier, f"{tier.name}, because the case {says} “{node.name}”, whose risk starts there.")
