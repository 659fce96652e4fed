"""Adding, reading, downloading and removing evidence."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from registry import access
from registry.actions import evidence as actions
from registry.choices import EvidenceKind, Right
from registry.sealing import sealed_file
from registry.sniffing import PICTURES
from registry.web import evidence_page as prepared
from registry.web.evidence_page import Place
from registry.web.forms.evidence import FORMS
from registry.web.numbers import page_asked

ADD = {
    EvidenceKind.FILE: actions.add_file,
    EvidenceKind.TRANSCRIPT: actions.add_transcript,
    EvidenceKind.NOTE: actions.add_note,
}


@require_http_methods(["GET", "HEAD", "POST"])
def add_to_case(request, reference):
    case = access.case_for(request.user, reference, to=Right.EDIT)
    return add(request, Place(case=case))


@require_http_methods(["GET", "HEAD", "POST"])
def add_to_draft(request, key):
    """Once the draft was submitted, what still comes in belongs to its case."""
    draft = access.draft_for(request.user, key)
    if draft.case_id is None:
        return add(request, Place(draft=draft))
    return add_to_case(request, draft.case.reference)


def add(request, place):
    if request.method != "POST":
        context = prepared.section_context(place, may_add=True)
        return render(request, "evidence/_section.html" if request.htmx else "evidence/add.html", context)
    form = form_of(request)
    row = added(request, place, form) if form.is_valid() else None
    if asks_for_json(request):
        return JsonResponse(prepared.told(row), status=201) if row else refused_in_json(form)
    if row is None:
        context = prepared.section_context(place, may_add=True, bound=form)
        return render(request, "evidence/add.html", context, status=status_of(form))
    messages.success(request, f"“{row.title}” is received, checked and kept.")
    return redirect(place.back_url if place.case else place.add_url)


def form_of(request):
    kind = request.POST.get("kind", EvidenceKind.FILE)
    kind = kind if kind in FORMS else EvidenceKind.FILE.value
    return FORMS[kind](request.POST, request.FILES, auto_id=f"{kind}_%s")


def added(request, place, form):
    """The new row; None with the errors at the form's fields where the action refused it."""
    try:
        row = ADD[form.kind](by=request.user, at=timezone.now(), **place.target, **form.values())
    except ValidationError as error:
        form.place_errors(error)
        return None
    row.n_turns = len(row.turns)
    return row


def asks_for_json(request):
    return request.headers.get("Accept", "").startswith("application/json")


def refused_in_json(form):
    return JsonResponse({"errors": form.messages}, status=status_of(form))


def status_of(form):
    return 413 if form.too_large else 422


@require_safe
def evidence(request, pk):
    """A page for one piece of evidence, with every turn of a transcript."""
    row = access.evidence_for(request.user, pk)
    row.n_turns = prepared.n_turns_of(row)
    first = page_asked(request.GET.get("from"), row.n_turns)
    last = min(first + prepared.PER_LOAD - 1, row.n_turns)
    row.words, row.is_picture = prepared.words_of(row), row.media_type in PICTURES
    context = {
        "row": row,
        "place": prepared.place_of(row),
        "turns": prepared.turns_shown(prepared.turns_between(row, first, last), first, whole=True),
        "first": first,
        "last": last,
        "previous": max(first - prepared.PER_LOAD, 1) if first > 1 else None,
        "next": last + 1 if last < row.n_turns else None,
    }
    return render(request, "evidence/evidence.html", context)


@require_safe
def folded_turns(request, pk):
    """The turns a page folded away, as rows of its list."""
    row = access.evidence_for(request.user, pk)
    n_turns = prepared.n_turns_of(row)
    first = page_asked(request.GET.get("from"), n_turns)
    before_tail = n_turns - prepared.LAST_TURNS
    last = min(first + prepared.PER_LOAD - 1, before_tail)
    if first > last:
        raise Http404
    turns = prepared.turns_shown(prepared.turns_between(row, first, last), first)
    context = {"row": row, "turns": turns, "n_hidden": before_tail - last, "next_turn": last + 1, "revealed": first}
    return render(request, "evidence/_folded.html", context)


@require_safe
def download(request, pk):
    """The bytes, to be saved and never shown: who may see is asked again at every request."""
    return sealed_file(access.evidence_for(request.user, pk))


@require_safe
def picture(request, pk):
    """A raster picture to be shown inside a page; everything else is for download only."""
    row = access.evidence_for(request.user, pk)
    if row.media_type not in PICTURES:
        raise Http404
    return sealed_file(row, as_attachment=False)


@require_POST
def remove(request, pk):
    row = access.evidence_for(request.user, pk)
    return changed(request, row, actions.remove_evidence, f"“{row.title}” is removed. You can bring it back.")


@require_POST
def restore(request, pk):
    row = access.evidence_for(request.user, pk, removed=True)
    return changed(request, row, actions.restore_evidence, f"“{row.title}” is back.")


def changed(request, row, action, words):
    try:
        action(evidence=row, by=request.user, at=timezone.now())
    except ValidationError as error:
        if asks_for_json(request):
            return JsonResponse({"errors": error.messages}, status=422)
        messages.error(request, " ".join(error.messages))
    else:
        if asks_for_json(request):
            row.n_turns = prepared.n_turns_of(row)
            return JsonResponse(prepared.told(row))
        messages.success(request, words)
    place = prepared.place_of(row)
    return redirect(place.back_url if place.case else place.add_url)
