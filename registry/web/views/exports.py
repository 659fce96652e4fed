"""Cases as files: choosing the columns, downloading at once, and the files that jobs have written."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from registry.actions import exports
from registry.choices import ExportFormat, JobKind
from registry.exchange import exporting
from registry.exchange.columns import chosen_columns, columns_for
from registry.models import Job
from registry.web import bulk_page, exports_page


@require_safe
def export_list(request):
    return render(request, "exports/exports.html", {"exports": exports_page.own_exports(request.user)})


def choose(request):
    """Which columns and which format; the cases come from the list: its filters, or the rows ticked."""
    data = request.POST if request.method == "POST" else request.GET
    chosen = bulk_page.chosen_cases(request.user, as_choice(data))
    return page(request, chosen)


def as_choice(data):
    """The list's own address counts as all that it shows."""
    data = data.copy()
    if not data.getlist("case") and not data.get("all"):
        data["all"], data["query"] = "1", data.get("query", "")
    return data


@require_POST
def make(request):
    """Download at once, or leave a job where there are many."""
    chosen = bulk_page.chosen_cases(request.user, as_choice(request.POST))
    file_format = request.POST.get("format", "")
    if file_format not in ExportFormat.values:
        return page(request, chosen, problem="Choose a format.", status=422)
    if request.POST.get("columns_chosen"):
        wanted = set(request.POST.getlist("column"))
        columns = [column for column in columns_for(request.user) if column.name in wanted]
        if not columns:
            return page(request, chosen, problem="Choose at least one column.", status=422)
        names = [column.name for column in columns]
        exports.remember_columns(person=request.user, by=request.user, at=timezone.now(), columns=names)
    else:
        columns = chosen_columns(request.user)
    try:
        exporting.require_room(file_format, chosen.n)
        return response_for(request, chosen, ExportFormat(file_format), columns)
    except ValidationError as error:
        return page(request, chosen, problem=" ".join(error.messages), status=422)


def response_for(request, chosen, file_format, columns):
    if exporting.wants_job(file_format, chosen.n):
        which = {"query": chosen.query} if chosen.every else {"cases": chosen.numbers}
        names = [column.name for column in columns]
        at = timezone.now()
        exports.ask_for_export(by=request.user, at=at, file_format=file_format, columns=names, **which)
        messages.success(request, "The export is being written. This page says when it is there.")
        return redirect("export-list")
    name, kind = file_name(file_format), exporting.media_type(file_format)
    if file_format == ExportFormat.XLSX:
        file = exporting.spreadsheet(request.user, columns, chosen.numbers)
        return FileResponse(file, as_attachment=True, filename=name, content_type=kind)
    parts = exporting.streamed(request.user, file_format, columns, chosen.numbers)
    return StreamingHttpResponse(
        parts, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def file_name(file_format, at=None):
    return f"cases-{timezone.localtime(at):%Y-%m-%d-%H%M}.{file_format}"


@require_safe
def download(request, pk):
    """The file of one's own finished export, if everything in it may still be seen."""
    job = own_job(request, pk, kind=JobKind.EXPORT)
    try:
        found = exporting.result_of(job, request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("export-list")
    if found is None:
        raise Http404
    name = file_name(job.payload["format"], job.finished_at)
    return FileResponse(found.file, as_attachment=True, filename=name, content_type=found.media_type)


def own_job(request, pk, **which):
    """The job if the person asked for it; to everybody else it is not there."""
    return get_object_or_404(Job.objects.filter(asked_by=request.user, **which), pk=pk)


def page(request, chosen, *, problem="", status=200):
    context = {
        "chosen": chosen,
        "count": bulk_page.cases_words(chosen.n),
        "groups": exports_page.column_groups(request.user),
        "formats": exports_page.formats(),
        "problem": problem,
    }
    return render(request, "exports/choose.html", context, status=status)
