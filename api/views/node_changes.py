"""Changing the place and the use of a node, with a look at what follows; and the changes there were."""

import django_filters
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema_view

from api import describing, parameters
from api.errors import Problem, error
from api.finding import row_or_404
from api.models import Scope
from api.rendering import as_json
from api.serializers import nodes as shapes
from api.serializers import vocabulary_input as inputs
from api.serializers.case_input import checked
from api.serializers.taxonomy import NodeDetailShape
from api.versions import etag_of, required_version
from api.views.base import NEWEST_FIRST, ListView, RegistryView, answer
from api.views.labels import node_or_404
from api.views.nodes import NodeView
from api.views.schemes import WRITE
from registry import node_changes
from registry.actions import taxonomy_changes
from registry.actions.signing import Conflict
from registry.choices import TaxonomyChangeKind
from registry.filter_fields import NodesFilter
from registry.models import TaxonomyChange
from registry.relabelling import known_relabels

KINDS = {
    "retire": (inputs.StepInput, {"reason": "Nobody could tell it from outer."}),
    "replace": (inputs.TargetInput, {"target": "house-style:terse", "reason": "They mean the same."}),
    "merge": (inputs.TargetInput, {"target": "house-style:terse", "reason": "Too narrow to be of use."}),
    "split": (inputs.SplitInput, {"targets": ["house-style:terse", "house-style:blunt"], "reason": "Two things."}),
    "move": (inputs.MoveInput, {"parent": "house-style:terse", "reason": "It belongs there."}),
    "restore": (inputs.StepInput, {"reason": "It is needed after all."}),
}
# With dry_run the one, else the other.
RESTORED = PolymorphicProxySerializer(
    component_name="NodeRestored",
    serializers=[shapes.NodeChangePreviewShape, NodeDetailShape],
    resource_type_field_name=None,
)


class NodeStep(NodeView):
    """One kind of change; each route has a class of its own from `step_view`."""

    scopes = {"POST": WRITE}
    http_method_names = ("post",)
    taken = {"POST": frozenset({"dry_run"})}
    kind, takes = None, None

    def post(self, request, key):
        node = node_or_404(key)
        taxonomy_changes.require_changer(request.user)
        dry_run = parameters.flag(request.query_params, "dry_run")
        sent = checked(self.takes, request.data)
        targets = self.targets(node, sent)
        if dry_run:
            preview = node_changes.preview(request.user, node, self.kind, targets)
            return answer(request, shapes.preview_of(preview), version=node.version)
        version = required_version(request, node.version)
        if version not in (None, node.version):
            raise self.stale(node)
        return self.made(node, targets, sent)

    def targets(self, node, sent):
        """The nodes that are named, which must be of its scheme: a preview would else count what cannot be done."""
        chosen = sent.get("targets") or [sent[name] for name in ("target", "parent") if name in sent]
        if self.kind.slug not in {kind.slug for kind in node_changes.kinds_for(node)}:
            state = "retired already" if node.retired_at else "in use"
            raise Problem("invalid-input", f"This node is {state}.")
        fitting = {each.pk for each in node_changes.choices_for(node, self.kind)} if self.kind.field else set()
        if any(each and each.pk not in fitting for each in chosen):
            detail = (
                f"Only {'nodes' if self.kind.several else 'a node'} of its scheme may be named here, and not itself."
            )
            field = "targets" if self.kind.several else "parent" if self.kind.slug == "move" else "target"
            raise Problem("invalid-input", detail, errors=[error(f"#/{field}", detail)])
        return chosen

    def made(self, node, targets, sent):
        person, at = self.request.user, timezone.now()
        # Whoever sends no state of a preview means the nodes, labels and cases as they stand now.
        now = taxonomy_changes.state_of(node, [target for target in targets if target], person)
        try:
            done = node_changes.make(
                self.kind, node, targets, by=person, at=at, reason=sent.get("reason", ""), seen=sent.get("seen", now)
            )
        except Conflict as conflict:
            raise self.stale(conflict.current) from None
        if self.kind.slug == "restore":
            return answer(self.request, self.data_of(done), version=done.version)
        data = shapes.change_of(all_changes(person).get(pk=done.pk), self.addresses())
        return answer(self.request, data, version=1, status=201, headers={"Location": data["url"]})

    def stale(self, current):
        etag = etag_of(current.version, as_json(self.data_of(current)))
        detail = "Something changed since you looked: a node, a label or a case. Nothing was done; look again."
        return Problem("stale-version", detail, headers={"ETag": etag}, etag=etag, changed=[])


def step_view(slug):
    """The view of one kind of change, so that the API document describes each by itself."""
    takes, example = KINDS[slug]
    kind = node_changes.KINDS[slug]
    view = type(f"{slug.title()}Node", (NodeStep,), {"kind": kind, "takes": takes})
    described = describing.writes(
        RESTORED if slug == "restore" else shapes.NodeChangePreviewShape,
        takes=takes,
        matched=True,
        parameters=[describing.DRY_RUN],
        also={} if slug == "restore" else {201: shapes.TaxonomyChangeShape},
        operation_id=f"{slug}_node",
        summary=f"{kind.title}, or with dry_run see what would follow; administrators only",
        description=kind.explanation,
        examples=[describing.example(kind.title, example)],
    )
    return extend_schema_view(post=described)(view)


def all_changes(person):
    """Every change with the slugs of its targets, and how many cases wait of those `person` may know."""
    through = TaxonomyChange.targets.through
    named = through.objects.filter(taxonomychange=OuterRef("pk")).order_by("node__order", "node")
    waiting = known_relabels(person).filter(change=OuterRef("pk"), done_at=None).order_by().values("change")
    n_waiting = Subquery(waiting.annotate(n=Count("pk")).values("n"), output_field=IntegerField())
    return TaxonomyChange.objects.select_related("node__scheme", "made_by").annotate(
        target_slugs=ArraySubquery(named.values("node__slug")), n_waiting=Coalesce(n_waiting, 0)
    )


class ChangeFilterSet(django_filters.FilterSet):
    kind = django_filters.MultipleChoiceFilter(choices=TaxonomyChangeKind.choices, distinct=False)
    node = NodesFilter(label="What was changed")

    class Meta:
        model = TaxonomyChange
        fields = []


@describing.listed("list_taxonomy_changes", "What was done to the place and the use of nodes, the latest first")
class ChangeList(ListView):
    shape, build, filter_set = shapes.TaxonomyChangeShape, shapes.change_of, ChangeFilterSet
    orderings = NEWEST_FIRST
    scopes = {"GET": (Scope.CASES_READ,)}

    def found(self):
        return all_changes(self.request.user)


class OneChange(RegistryView):
    @describing.reads(shapes.TaxonomyChangeShape, operation_id="read_taxonomy_change", summary="One change of a node")
    def get(self, request, number):
        change = row_or_404(all_changes(request.user), number)
        return answer(request, shapes.change_of(change, self.addresses()), version=1)
