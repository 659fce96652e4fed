"""Vocabularies as files: taken away by everybody, brought in by administrators after a look at what would change."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from registry.actions import schemes
from registry.actions.signing import Conflict
from registry.web.forms.node import FORMATS, FileForm
from taxonomy import exchanging
from taxonomy.formats import LONGEST_FILE, Unreadable
from taxonomy.models import Scheme

# Stable addresses: taxonomy/<scheme>/files/<name>.
FILES = {
    "misp.json": ("misp", "application/json"),
    "skos.ttl": ("turtle", "text/turtle; charset=utf-8"),
    "skos.jsonld": ("json-ld", "application/ld+json"),
}
MOST_SHOWN = 200


@require_safe
def scheme_file(request, scheme, name):
    if name not in FILES:
        raise Http404
    found = get_object_or_404(Scheme, slug=scheme)
    syntax, content_type = FILES[name]
    response = HttpResponse(exchanging.write(found, syntax=syntax, base=settings.BASE_URL), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{found.slug}.{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def import_scheme(request):
    schemes.require_importer(request.user)
    if request.method != "POST":
        return _page(request, FileForm())
    if "text" in request.POST:
        return _confirmed(request)
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=422)
    file = form.cleaned_data["file"]
    syntax = form.cleaned_data["format"] or exchanging.format_of(file.name)
    if syntax is None:
        form.add_error("format", "The name of the file does not tell its format; choose one.")
        return _page(request, form, status=422)
    return _preview(request, form, file.read(LONGEST_FILE + 1), syntax, file.name)


def _preview(request, form, content, syntax, name, *, problem="", status=200):
    try:
        vocabulary = exchanging.read(content, syntax=syntax, base=settings.BASE_URL, file=name)
    except Unreadable as error:
        return _page(request, form, faults=error.faults, status=422)
    found = exchanging.compare(vocabulary)
    context = {
        "found": found,
        "text": content.decode("utf-8-sig"),
        "format": syntax,
        "format_name": FORMATS[syntax][0],
        "name": name[:200],
        "seen": schemes.state_of(found),
        "new": found.new[:MOST_SHOWN],
        "changed": found.changed[:MOST_SHOWN],
        "gone": found.gone[:MOST_SHOWN],
        "problem": problem,
    }
    return render(request, "taxonomy/import_preview.html", context, status=status)


def _confirmed(request):
    content, syntax = request.POST["text"].replace("\r\n", "\n").encode("utf-8", "replace"), request.POST.get("format")
    name = request.POST.get("name", "")
    if syntax not in FORMATS:
        raise Http404
    try:
        vocabulary = exchanging.read(content, syntax=syntax, base=settings.BASE_URL, file=name)
        found = schemes.import_scheme(
            vocabulary=vocabulary, by=request.user, at=timezone.now(), seen=request.POST.get("seen", "")
        )
    except Conflict:
        return _preview(request, FileForm(), content, syntax, name, problem=CHANGED, status=409)
    except (Unreadable, ValidationError) as error:
        faults = error.faults if isinstance(error, Unreadable) else error.messages
        return _page(request, FileForm(), faults=faults, status=422)
    messages.success(
        request,
        f"{vocabulary.name}: {len(found.new)} new, {len(found.changed)} changed, {len(found.unchanged)} unchanged.",
    )
    return redirect(f"{reverse('taxonomy')}#{vocabulary.slug}")


CHANGED = "The scheme changed since this was put together. Nothing was brought in; look at it once more."


def _page(request, form, *, faults=(), status=200):
    formats = [(words, explanation) for words, explanation in FORMATS.values()]
    context = {"form": form, "faults": faults, "formats": formats}
    return render(request, "taxonomy/import.html", context, status=status)
