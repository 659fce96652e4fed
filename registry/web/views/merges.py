"""Merging two cases: see what would happen, do it, take it back."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from registry import access
from registry.actions import merges
from registry.actions.signing import Conflict
from registry.choices import Right
from registry.relations import merge_preview
from registry.relations.links import merges_of
from registry.web import likeness, merge_page
from registry.web.numbers import whole


@require_http_methods(["GET", "HEAD", "POST"])
def merge_cases(request, reference):
    """`reference` stays, the case named by `with` is merged into it."""
    kept = access.case_for(request.user, reference, to=Right.ANALYSE)
    asked = request.POST if request.method == "POST" else request.GET
    named = asked.get("with", "").replace("\x00", "")
    if not named:
        return choose(request, kept)
    try:
        merged = likeness.other_case(request.user, kept, named)
    except ValidationError as error:
        return choose(request, kept, named=named, problem=error.messages[0], status=422)
    access.require(request.user, Right.ANALYSE, merged)
    if request.method != "POST":
        return preview(request, kept, merged, merge_page.MergeForm(initial=merge_page.initial(kept, merged)))
    form = merge_page.MergeForm(request.POST)
    if not form.is_valid():
        return preview(request, kept, merged, form, status=422)
    return merged_now(request, kept, merged, form)


def merged_now(request, kept, merged, form):
    sent = form.cleaned_data
    try:
        merges.merge_cases(
            kept=kept, merged=merged, by=request.user, at=timezone.now(), reason=sent["reason"], state=sent["state"]
        )
    except Conflict:
        return stale(request, kept, merged, sent)
    except ValidationError as error:
        form.add_error(None, error.messages)
        return preview(request, kept, merged, form, status=422)
    messages.success(request, f"{merged.reference} is part of {kept.reference} now, and its number leads here.")
    return redirect(f"{kept.get_absolute_url()}#links")


def stale(request, kept, merged, sent):
    """The page anew, with what changed since it was made; what was typed stays."""
    kept, merged = (access.case_for(request.user, case.reference, to=Right.ANALYSE) for case in (kept, merged))
    changed = []
    for case, version in ((kept, sent["kept_version"]), (merged, sent["merged_version"])):
        names = merge_page.changed_since(case, version)
        changed += [f"{case.reference}: {', '.join(names)}"] if names else []
    form = merge_page.MergeForm(initial=merge_page.initial(kept, merged) | {"reason": sent["reason"]})
    context = {"changed": changed or ["labels, evidence, links or other rows of the two"]}
    return preview(request, kept, merged, form, status=409, **context)


def preview(request, kept, merged, form, *, status=200, **more):
    context = {**merge_preview.preview(request.user, kept, merged), "form": form, **more}
    return render(request, "merge/preview.html", context, status=status)


def choose(request, kept, *, named="", problem="", status=200):
    context = {
        "case": kept,
        "named": named,
        "problem": problem,
        **likeness.of_case(request.user, kept),
    }
    return render(request, "merge/choose.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def unmerge_cases(request, reference):
    kept = access.case_for(request.user, reference, to=Right.ANALYSE)
    asked = request.POST if request.method == "POST" else request.GET
    merge = merge_of(kept, asked.get("merge", ""))
    row = next((row for row in merges_of(request.user, kept) if row.merge.pk == merge.pk), None)
    form = merge_page.UnmergeForm(request.POST if request.method == "POST" else None)
    context = {"case": kept, "row": row, "merge": merge, "form": form}
    if request.method != "POST" or not form.is_valid():
        return render(request, "merge/undo.html", context, status=422 if form.is_bound else 200)
    try:
        undone = merges.unmerge_cases(
            merge=merge, by=request.user, at=timezone.now(), reason=form.cleaned_data["reason"]
        )
    except ValidationError as error:
        form.add_error(None, error.messages)
        return render(request, "merge/undo.html", context, status=422)
    messages.success(request, f"{undone.merged.reference} is a case of its own again.")
    for words in undone.told:
        messages.warning(request, words)
    return redirect(f"{kept.get_absolute_url()}#links")


def merge_of(kept, number):
    """The merge into this case by its number, taken back or not; Http404 for any other."""
    merges = kept.merges.defer("moved").select_related("merged", "merged_by")
    merge = merges.filter(pk=whole(number)).first()
    if merge is None:
        raise Http404
    return merge
