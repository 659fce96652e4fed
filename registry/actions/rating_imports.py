"""Bringing in what raters elsewhere said of cases that were imported, over and over."""

from collections import defaultdict
from dataclasses import dataclass

from django.db import connection

from registry.actions import jobs
from registry.actions.settling import settle
from registry.actions.signing import check, signed
from registry.choices import Grounds, RatingState, Role, Stance, Status
from registry.models import Case, ExternalId, Label, Person, RatedScheme, Rating
from taxonomy.models import Node, Scheme, SchemeKind

OVER = (Status.CLOSED, Status.WITHDRAWN)


@dataclass
class RatingCounts:
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    elsewhere: int = 0  # of cases that are not in this registry
    settled: int = 0  # of closed or withdrawn cases, which stay as they are


@signed
def import_ratings(*, by, at, source, schemes, ratings):
    """Keep `ratings` (a list of `exchange.records.ImportedRating`) as submitted by people who cannot sign in.

    `schemes` are made where they are not there yet, with kind "imported"; what people changed of them since stays.
    Cases are those imported from `source`. What a rater said elsewhere replaces what they said at the last import;
    agreed labels follow as they do from any rater's.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"import ratings {source}"])
    nodes = _nodes(schemes, at=at)
    raters = {rating.rater: _rater(rating) for rating in ratings}
    cases = cases_imported_from(source, {rating.external_id for rating in ratings})
    before = _Before(raters.values())
    counts, touched = RatingCounts(), set()
    for rating in ratings:
        case = cases.get(rating.external_id)
        if case is None:
            counts.elsewhere += 1
        elif case.status in OVER:
            counts.settled += 1
        else:
            said = {nodes[key].pk: stance for key, stance in rating.labels.items()}
            through = {nodes[scheme].pk for scheme in rating.schemes}
            changed = before.replace(case, raters[rating.rater], said, through, counts, at=at)
            touched |= {(case.pk, node) for node in changed}
    before.write()
    _settle(touched, nodes, {case.pk: case for case in cases.values()}, at=at)
    if counts.created or counts.changed:
        jobs.leave_recompute(at=at)
    return counts


def _nodes(schemes, *, at):
    """{scheme slug: Scheme, (scheme slug, node slug): Node}, made where there is nothing yet."""
    found = {}
    order = Scheme.objects.order_by("-order").values_list("order", flat=True).first() or 0
    for place, entry in enumerate(schemes, start=1):
        scheme, _ = Scheme.objects.get_or_create(
            slug=entry.slug,
            defaults={
                "name": entry.name,
                "kind": SchemeKind.IMPORTED,
                "description": entry.description,
                "allows_several": entry.allows_several,
                "order": order + place,
            },
        )
        found[entry.slug] = scheme
        there = {node.slug: node for node in scheme.nodes.all()}
        missing = [
            Node(
                scheme=scheme,
                slug=term.slug,
                name=term.name,
                definition=term.definition,
                definition_status="reconstructed",
                exclusive_group="" if entry.allows_several else "answer",
                order=order,
            )
            for order, term in enumerate(entry.terms)
            if term.slug not in there
        ]
        Node.objects.bulk_create(missing)
        # What was asked elsewhere was there to be answered before it came here.
        Node.objects.filter(pk__in=[node.pk for node in missing]).update(created_at=at)
        found |= {(entry.slug, node.slug): node for node in (*there.values(), *missing)}
    return found


def _rater(rating):
    person = Person.objects.filter(username__iexact=rating.rater).first()
    if person is None:
        person = Person(
            username=rating.rater,
            name=rating.name,
            email=f"{rating.rater}@registry.invalid",
            role=Role.ANALYST,
            is_active=False,
        )
        person.set_unusable_password()
        check(person)
        person.save(force_insert=True)
    return person


def cases_imported_from(source, numbers):
    """{external id: its case, locked}, of those numbers of `source` that were imported here and stand unmerged."""
    rows = ExternalId.objects.filter(source=source, value__in=numbers, imported__isnull=False)
    found = {row.value: row.case_id for row in rows}
    cases = Case.objects.filter(pk__in=found.values(), merged_into=None).defer("search", "node_path").order_by("pk")
    locked = {case.pk: case for case in cases.select_for_update()}
    return {value: locked[number] for value, number in found.items() if number in locked}


class _Before:
    """What the raters said at the last import, and what is to be written to bring it up to date."""

    def __init__(self, raters):
        own = {"rater__in": [rater.pk for rater in raters]}
        self.ratings = {(row.case_id, row.rater_id): row for row in Rating.objects.filter(**own)}
        self.labels, self.schemes = defaultdict(dict), defaultdict(set)
        for label in Label.objects.filter(**own):
            self.labels[label.case_id, label.rater_id][label.node_id] = label
        for rating, scheme in RatedScheme.objects.filter(rating__in=self.ratings.values()).values_list(
            "rating", "scheme"
        ):
            self.schemes[rating].add(scheme)
        self.new, self.changed, self.gone, self.through, self.not_through = [], [], [], [], []

    def replace(self, case, rater, said, through, counts, *, at):
        """Note the changes; returns the ids of the nodes about which something else is said now."""
        rating = self.ratings.get((case.pk, rater.pk))
        if rating is None:
            counts.created += 1
            rating = Rating(case=case, rater=rater, state=RatingState.SUBMITTED, opened_at=at, created_at=at)
            rating.updated_at = at
            rating.save(force_insert=True)
            was, before = {}, set()
        else:
            was, before = self.labels[case.pk, rater.pk], self.schemes[rating.pk]
            same = before == through and {node: label.blind_stance for node, label in was.items()} == said
            counts.unchanged += same
            counts.changed += not same
        self.through += [RatedScheme(rating=rating, scheme_id=scheme) for scheme in through - before]
        self.not_through += [(rating.pk, scheme) for scheme in before - through]
        return self._replace_labels(case, rater, said, was, at=at)

    def _replace_labels(self, case, rater, said, was, *, at):
        for node, label in was.items():
            if node not in said:
                self.gone.append(label.pk)
            elif label.blind_stance != said[node]:
                label.stance = label.blind_stance = said[node]
                label.version += 1
                label.updated_at = at
                self.changed.append(label)
        changed = {label.node_id for label in self.changed if (label.case_id, label.rater_id) == (case.pk, rater.pk)}
        new = {node: stance for node, stance in said.items() if node not in was}
        for node, stance in new.items():
            self.new.append(
                Label(
                    case=case,
                    node_id=node,
                    rater=rater,
                    stance=stance,
                    blind_stance=stance,
                    grounds=Grounds.INFERRED,
                    submitted_at=at,
                )
            )
        # Nothing follows from a first "absent".
        return changed | (was.keys() - said.keys()) | {node for node, stance in new.items() if stance == Stance.PRESENT}

    def write(self):
        Label.objects.filter(pk__in=self.gone).delete()
        Label.objects.bulk_update(self.changed, ["stance", "blind_stance", "version", "updated_at"])
        Label.objects.bulk_create(self.new)
        for rating, scheme in self.not_through:
            RatedScheme.objects.filter(rating=rating, scheme=scheme).delete()
        RatedScheme.objects.bulk_create(self.through)


def _settle(touched, nodes, cases, *, at):
    by_id = {node.pk: node for node in nodes.values() if isinstance(node, Node)}
    for case, node in sorted(touched):
        settle(cases[case], by_id[node], at=at)
