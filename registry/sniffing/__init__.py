"""What a file is by its bytes, whatever its name says, and whether it may be kept. Pure: no Django, no database."""

import codecs
import re

import puremagic

from registry.sniffing.archives import check_archive
from registry.sniffing.refusals import Refused

__all__ = ["NAMES", "PICTURES", "Refused", "media_type_of"]

CHUNK = 64 * 1024
HEAD = 4096

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
NAMES = {
    "image/png": "a PNG picture",
    "image/jpeg": "a JPEG picture",
    "image/gif": "a GIF picture",
    "image/webp": "a WebP picture",
    "application/pdf": "a PDF document",
    "text/plain": "plain text",
    "application/zip": "a ZIP archive",
    XLSX: "an Excel workbook",
    DOCX: "a Word document",
}
PICTURES = frozenset(media_type for media_type in NAMES if media_type.startswith("image/"))
MAGIC = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"%PDF-": "application/pdf"}
GIFS = (b"GIF87a", b"GIF89a")
# What a name ending in each of these promises. A name that ends otherwise is not taken.
ENDINGS = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "pdf": "application/pdf",
    "zip": "application/zip",
    "xlsx": XLSX,
    "docx": DOCX,
    **dict.fromkeys(("txt", "md", "csv", "tsv", "log", "json", "jsonl", "yaml", "yml"), "text/plain"),
}
TAKEN = "PNG, JPEG, GIF, WebP, PDF, text in UTF-8 (txt, md, csv, tsv, log, json, jsonl, yaml), xlsx, docx and zip"
SCRIPTED = "can run script; save it as PDF or as a picture."
# Why a name with this ending is refused before its bytes are looked at.
UNWANTED = {
    **dict.fromkeys(("html", "htm", "xhtml", "mht", "mhtml"), f"HTML {SCRIPTED}"),
    **dict.fromkeys(("svg", "svgz"), f"SVG {SCRIPTED}"),
    **dict.fromkeys(("xml", "xsl", "xslt"), "XML can run script; save it as plain text or as PDF."),
    **dict.fromkeys(("docm", "dotm"), "This Word file can hold macros; save it as docx or as PDF."),
    **dict.fromkeys(("xlsm", "xltm", "xlsb", "xlam"), "This Excel file can hold macros; save it as xlsx or as CSV."),
    **dict.fromkeys(("doc", "xls", "ppt"), "Old Office files can hold macros; save it as docx, xlsx or PDF."),
    **dict.fromkeys(("pptx", "pptm", "odt", "ods", "odp", "rtf"), "Save it as PDF."),
    **dict.fromkeys(("gz", "tgz", "bz2", "xz", "zst", "tar", "7z", "rar"), "Unpack it, or pack the files as zip."),
}
# As browsers recognise HTML in text that comes without a type: https://mimesniff.spec.whatwg.org/
MARKUP = re.compile(
    rb"\s*<(?:!doctype\b|!--|\?xml\b|/?(?:html|head|body|script|style|iframe|frameset|object|embed|svg|math|form|meta|"
    rb"link|base|title|table|div|span|img|video|audio|h[1-6]|font|a|b|br|p)(?=[\s/>]))",
    re.IGNORECASE,
)


def media_type_of(file, name):
    """The media type of `file` (binary, seekable) by its bytes. Raises Refused with a reason that says what to do.

    Refused are types that are not on the list, a name that promises another type, archives that unpack to more
    than they should, and anything that a browser or an office program might execute.
    """
    ending = ending_of(name)
    if ending in UNWANTED:
        raise Refused(UNWANTED[ending])
    file.seek(0)
    head = file.read(HEAD)
    if not head:
        raise Refused("The file is empty.")
    media_type = picture_or_document(head) or archive(file, head) or text(file, head)
    if ending and ending not in ENDINGS:
        raise Refused(f"Files called .{ending[:20]} are not taken. Taken are {TAKEN}.")
    promised = ENDINGS.get(ending, media_type)
    if promised != media_type:
        raise Refused(
            f"Its name says {NAMES[promised]}, its bytes are {NAMES[media_type]}; give it the name of what it is."
        )
    return media_type


def ending_of(name):
    stem, dot, ending = name.rpartition(".")
    return ending.lower() if dot and stem else ""


def picture_or_document(head):
    for magic, media_type in MAGIC.items():
        if head.startswith(magic):
            return media_type
    if head.startswith(GIFS):
        return "image/gif"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    return None


def archive(file, head):
    """The type of a ZIP-based file whose whole content was unpacked, within bounds, and found harmless."""
    if head[:4] not in (b"PK\x03\x04", b"PK\x05\x06"):
        return None
    names = check_archive(file)
    if "[Content_Types].xml" not in names:
        return "application/zip"
    if "xl/workbook.xml" in names:
        return XLSX
    if "word/document.xml" in names:
        return DOCX
    raise Refused("This Office file is neither a workbook nor a text document; save it as PDF.")


def text(file, head):
    """`text/plain` for UTF-8 that no browser takes for markup and no system for a program."""
    if MARKUP.match(head.removeprefix(codecs.BOM_UTF8)):
        kind = "SVG" if b"<svg" in head.lower() else "XML" if b"<?xml" in head.lower() else "HTML"
        raise Refused(f"{kind} {SCRIPTED}")
    if head.startswith(b"#!"):
        raise Refused("It begins like a program (#!); put what matters of it into a note or a text file.")
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise Refused("This text is in UTF-16; save it as UTF-8.")
    decoder = codecs.getincrementaldecoder("utf-8")()
    file.seek(0)
    try:
        while chunk := file.read(CHUNK):
            if b"\x00" in chunk:
                raise unknown(head, "It holds NUL bytes, so it is no text.")
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        raise unknown(head, "It is neither text in UTF-8 nor another type that is taken.") from None
    return "text/plain"


def unknown(head, words):
    """The refusal of bytes that are none of ours: what they look like where that is known, else `words`."""
    guess = guessed(head)
    return Refused(f"{f'Its bytes look like this: {guess}.' if guess else words} Taken are {TAKEN}.")


def guessed(head):
    """The name puremagic has for bytes like these; None where it knows none."""
    try:
        return next((found.name for found in puremagic.magic_string(head) if found.name), None)
    except puremagic.PureError:
        return None
