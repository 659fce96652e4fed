"""Evidence on its way out: bytes to be saved, whatever a browser would make of them."""

from django.http import FileResponse, Http404, HttpResponse
from django.utils.http import content_disposition_header

from registry.actions.evidence import transcript_bytes
from registry.choices import EvidenceKind
from registry.models import Evidence
from registry.sniffing.names import plain_name

# Whatever a browser makes of the bytes, it gets no script, no forms, no origin and no requests from them.
SEALED = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-store",
}


def sealed_file(row, *, as_attachment=True):
    """The answer that holds the bytes of a piece of evidence; Http404 where a file is gone from the disk."""
    response = bytes_of(row, as_attachment=as_attachment)
    for name, value in SEALED.items():
        response[name] = value
    return response


def bytes_of(row, *, as_attachment):
    if row.kind == EvidenceKind.FILE:
        try:
            stored = row.file.open("rb")
        except FileNotFoundError:
            raise Http404 from None
        media_type = "text/plain; charset=utf-8" if row.media_type == "text/plain" else row.media_type
        name = plain_name(row.file_name)
        return FileResponse(stored, as_attachment=as_attachment, filename=name, content_type=media_type)
    ending, media_type = ("json", "application/json") if row.kind == EvidenceKind.TRANSCRIPT else ("md", "text/plain")
    turns = Evidence.objects.values_list("turns", flat=True).get(pk=row.pk)
    content = row.note.encode() if row.kind == EvidenceKind.NOTE else transcript_bytes(turns)
    response = HttpResponse(content, content_type=f"{media_type}; charset=utf-8")
    response["Content-Length"] = len(content)
    response["Content-Disposition"] = content_disposition_header(True, plain_name(f"{row.title[:150]}.{ending}"))
    return response
