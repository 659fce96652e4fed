"""Changing what a node says, with its versions; new nodes and schemes; how a node stands to others."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from registry.actions import nodes
from registry.actions.signing import Conflict
from registry.node_versions import version_at
from registry.web.forms.node import RELATION_WORDS, ClaimForm, MappingForm, NewNode, NewScheme, edit_form
from registry.web.node_versions import versions_of
from registry.web.numbers import whole
from taxonomy.models import Node, Scheme


def _found(scheme, slug):
    return get_object_or_404(Node.objects.select_related("scheme", "parent"), scheme__slug=scheme, slug=slug)


def _require_administrator(person):
    if not person.is_administrator:
        raise PermissionDenied("Only administrators add to the vocabularies.")


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, scheme, slug):
    node = _found(scheme, slug)
    if not request.user.may_review:
        raise PermissionDenied("Only reviewers and administrators change what a node says.")
    if request.method != "POST":
        return _edit_page(request, node, edit_form(node))
    form = edit_form(node, request.POST)
    if not form.is_valid():
        return _edit_page(request, node, form, status=422)
    try:
        nodes.edit_node(node=node, by=request.user, at=timezone.now(), **form.cleaned_data)
    except Conflict as conflict:
        data = request.POST.copy()
        data["version"] = conflict.current.version
        return _edit_page(request, conflict.current, edit_form(conflict.current, data), clash=True, status=409)
    except ValidationError as error:
        form.place_errors(error)
        return _edit_page(request, node, form, status=422)
    messages.success(request, f"“{node}” is saved. The version before stays in its versions.")
    return redirect(node.get_absolute_url())


def _edit_page(request, node, form, *, clash=False, status=200):
    theirs = []
    if clash:
        shown = {name: field for name, field in form.fields.items() if name not in ("version", "reason")}
        stored = {name: getattr(node, name) for name in shown}
        theirs = [
            (field.label, "\n".join(stored[name]) if isinstance(stored[name], list) else stored[name])
            for name, field in shown.items()
            if field.has_changed(stored[name], form.data.get(name))
        ]
    context = {"node": node, "form": form, "clash": clash, "theirs": theirs}
    return render(request, "taxonomy/edit.html", context, status=status)


@require_safe
def versions(request, scheme, slug):
    node = _found(scheme, slug)
    found = versions_of(node)
    for version in found:
        if "stood_under" in version:
            parent = Node.objects.filter(pk=version["stood_under"], retired_at=None).first()
            version["move_back"] = parent.slug if parent else "" if version["stood_under"] else "-"
    context = {
        "node": node,
        "versions": found,
        "may_edit": request.user.may_review,
    }
    return render(request, "taxonomy/versions.html", context)


@require_POST
def restore(request, scheme, slug, event):
    """Make what the node said in an earlier version what it says now: a version of its own."""
    node = _found(scheme, slug)
    kept = version_at(node, event)
    if kept is None:
        raise Http404
    version = whole(request.POST.get("version")) or 0
    values = {name: kept[name] for name in nodes.GUIDANCE}
    reason = f"As it was on {kept['pgh_created_at']:%-d %B %Y}."
    try:
        nodes.edit_node(node=node, by=request.user, at=timezone.now(), version=version, reason=reason, **values)
    except Conflict:
        messages.error(request, "Somebody else changed this node meanwhile. Nothing was restored; look once more.")
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, "It says again what it said then. The version before stays below.")
    return redirect("node-versions", scheme=scheme, slug=slug)


@require_http_methods(["GET", "HEAD", "POST"])
def new_node(request, scheme):
    scheme = get_object_or_404(Scheme, slug=scheme)
    _require_administrator(request.user)
    form = NewNode(scheme, request.POST if request.method == "POST" else None)
    made = _made(form, lambda **values: nodes.make_node(scheme=scheme, **values), request)
    if made:
        messages.success(request, f"“{made}” is made.")
        return redirect(made.get_absolute_url())
    words = {"title": f"New node of {scheme.name}", "lede": "Raters may label cases with it at once."}
    return _new_page(request, form, **words)


@require_http_methods(["GET", "HEAD", "POST"])
def new_scheme(request):
    _require_administrator(request.user)
    form = NewScheme(request.POST if request.method == "POST" else None)
    made = _made(form, nodes.make_scheme, request)
    if made:
        messages.success(request, f"“{made}” is made. Now its first node.")
        return redirect("node-new", scheme=made.slug)
    words = {"title": "New scheme", "lede": "It stands beside the others; mappings connect its nodes with theirs."}
    return _new_page(request, form, **words)


def _made(form, act, request):
    """What the sent form made; None for no form yet, or one with errors, which it then carries."""
    if not form.is_bound or not form.is_valid():
        return None
    try:
        return act(by=request.user, at=timezone.now(), **form.cleaned_data)
    except ValidationError as error:
        form.place_errors(error)
        return None


def _new_page(request, form, **words):
    status = 422 if form.is_bound else 200
    return render(request, "taxonomy/new.html", {"form": form, **words}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def place(request, scheme, slug):
    """Alternative parents and mappings of a node: added and removed by administrators."""
    node = _found(scheme, slug)
    _require_administrator(request.user)
    claim, mapping = ClaimForm(node), MappingForm(node)
    if request.method == "POST":
        what = request.POST.get("what")
        if what == "claim":
            claim = ClaimForm(node, request.POST)
            done = _made(claim, lambda **values: nodes.claim_parent(node=node, **values), request)
        elif what == "map":
            mapping = MappingForm(node, request.POST)
            done = _made(mapping, lambda **values: nodes.map_nodes(node=node, **values), request)
        else:
            done = _removed(request, node, what)
        if done:
            messages.success(request, "Saved.")
            return redirect("node-place", scheme=scheme, slug=slug)
    context = {
        "node": node,
        "claim": claim,
        "mapping": mapping,
        "claims": node.alternative_parents.select_related("parent").order_by("pk"),
        "mappings": _in_words(node.mappings_from.select_related("to_node__scheme")),
        "mapped_from": _in_words(node.mappings_to.select_related("from_node__scheme")),
    }
    return render(request, "taxonomy/place.html", context, status=422 if request.method == "POST" else 200)


def _in_words(mappings):
    """The mappings with how the first node of each stands to the second."""
    mappings = list(mappings.order_by("pk"))
    for mapping in mappings:
        mapping.words = RELATION_WORDS[mapping.relation]
    return mappings


def _removed(request, node, what):
    number = whole(request.POST.get("number"))
    if what not in ("drop-claim", "drop-mapping") or number is None:
        raise Http404
    if what == "drop-claim":
        row = get_object_or_404(node.alternative_parents, pk=number)
        nodes.drop_claim(claim=row, by=request.user, at=timezone.now())
    else:
        row = get_object_or_404(node.mappings_from, pk=number)
        nodes.drop_mapping(mapping=row, by=request.user, at=timezone.now())
    return True
