"""Changing the place and the use of a node, with a look at what follows; and the cases to look at again."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from registry import node_changes as prepared
from registry.actions import relabels
from registry.actions.signing import Conflict
from registry.actions.taxonomy_changes import require_changer
from registry.relabelling import known_relabels
from registry.web import relabel_page
from registry.web.cursors import list_or_its_beginning
from taxonomy.models import Node

NO_PARENT = "-"
LONGEST_REASON = 10_000


@require_http_methods(["GET", "HEAD", "POST"])
def change(request, scheme, slug, kind):
    node = get_object_or_404(Node.objects.select_related("scheme", "parent"), scheme__slug=scheme, slug=slug)
    require_changer(request.user)
    if kind not in {each.slug for each in prepared.kinds_for(node)}:
        raise Http404
    kind = prepared.KINDS[kind]
    sent = request.POST if request.method == "POST" else request.GET
    targets = _targets(node, kind, sent.getlist("target"))
    if request.method != "POST" or targets is None:
        return _page(request, node, kind, targets, status=422 if request.method == "POST" else 200)
    reason = sent.get("reason", "").replace("\x00", "")[:LONGEST_REASON]
    try:
        prepared.make(kind, node, targets, by=request.user, at=timezone.now(), reason=reason, seen=sent.get("seen", ""))
    except Conflict:
        return _page(request, node, kind, targets, reason=reason, problem=CHANGED, status=409)
    except ValidationError as error:
        return _page(request, node, kind, targets, reason=reason, problem=" ".join(error.messages), status=422)
    messages.success(request, f"“{node}”: done. {DONE.get(kind.slug, '')}".strip())
    return redirect(node.get_absolute_url())


CHANGED = (
    "Something changed since this was put together: a node, a label or a case. Nothing was done. "
    "Look at it once more; your reason is kept."
)
DONE = dict.fromkeys(("move", "merge", "replace"), "The statistics are computed anew.")


def _targets(node, kind, slugs):
    """The chosen nodes; a list with None for “no parent”, None while nothing that will do is chosen."""
    if not kind.field:
        return []
    if kind.slug == "move" and slugs == [NO_PARENT] and node.parent_id:
        return [None]
    by_slug = {each.slug: each for each in prepared.choices_for(node, kind)}
    chosen = [by_slug[slug] for slug in dict.fromkeys(slugs) if slug in by_slug]
    enough = len(chosen) >= 2 if kind.several else len(chosen) == 1
    return chosen if enough else None


def _page(request, node, kind, targets, *, reason="", problem="", status=200):
    chosen = request.POST.getlist("target") or request.GET.getlist("target")
    context = {
        "node": node,
        "kind": kind,
        "kinds": prepared.kinds_for(node),
        "choices": prepared.choices_for(node, kind) if kind.field else [],
        "chosen": chosen,
        "top_offered": kind.slug == "move" and node.parent_id,
        "incomplete": targets is None and bool(chosen),
        "targets": targets,
        "preview": None if targets is None else prepared.preview(request.user, node, kind, targets),
        "reason": reason,
        "problem": problem,
    }
    return render(request, "taxonomy/change.html", context, status=status)


@require_safe
def relabel_list(request):
    context = list_or_its_beginning(relabel_page.list_context, request.user, request.GET)
    return render(request, "taxonomy/relabel.html", context)


@require_POST
def none_applies(request, pk):
    relabel = get_object_or_404(known_relabels(request.user).select_related("case", "change"), pk=pk)
    reason = request.POST.get("reason", "").replace("\x00", "")[:LONGEST_REASON]
    try:
        relabels.none_applies(relabel=relabel, by=request.user, at=timezone.now(), reason=reason)
    except ValidationError as error:
        messages.error(request, f"{relabel.case.reference}: {' '.join(error.messages)}")
    else:
        messages.success(request, f"{relabel.case.reference} no longer carries “{relabel.change.node}”.")
    return redirect("relabel-list")
