"""What a file is by its bytes, and which are refused in which words."""

import io

import pytest

from registry.sniffing import DOCX, XLSX, Refused, media_type_of
from tests.registry.sniffing.files import GIF, JPEG, PDF, WEBP, office, packed, png

HTML = "HTML can run script; save it as PDF or as a picture."


def sniffed(data, name):
    return media_type_of(io.BytesIO(data), name)


def refusal(data, name="leaflet.txt"):
    with pytest.raises(Refused) as refused:
        sniffed(data, name)
    return str(refused.value)


@pytest.mark.parametrize(
    ("data", "name", "media_type"),
    [
        (png(), "screen.PNG", "image/png"),
        (JPEG, "photo.jpeg", "image/jpeg"),
        (GIF, "loop.gif", "image/gif"),
        (WEBP, "photo.webp", "image/webp"),
        (PDF, "paper.pdf", "application/pdf"),
        ("Dose: 5 µg\n".encode(), "notes.md", "text/plain"),
        (b"\xef\xbb\xbfleaflet;lost\n", "leaflet-runs.csv", "text/plain"),
        (b'{"role": "user"}', "run.jsonl", "text/plain"),
        (b"no ending at all", "transcript", "text/plain"),
        (b"\x1b[31mred\x1b[0m", ".log", "text/plain"),
        (packed({"a.txt": "a", "folder/b.txt": "b" * 1000}), "runs.zip", "application/zip"),
        (office("xl/workbook.xml"), "runs.xlsx", XLSX),
        (office("word/document.xml"), "report.docx", DOCX),
    ],
)
def test_a_file_is_what_its_bytes_are(data, name, media_type):
    assert sniffed(data, name) == media_type


@pytest.mark.parametrize(
    "data",
    [
        b"<html><script>alert(1)</script>",
        b"  \r\n<!DOCTYPE html><p>",
        b"\xef\xbb\xbf<ScRiPt>alert(1)</script>",
        b"<!-- a comment --><p onclick=alert(1)>",
        b"</body><script>alert(1)</script>",
        b"<img/src=x onerror=alert(1)>",
    ],
)
@pytest.mark.parametrize("name", ["a.txt", "a.csv", "a", "a.png"])
def test_html_is_refused_whatever_it_is_called(data, name):
    assert refusal(data, name) == HTML


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"harmless", "page.html", HTML),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.txt", "SVG can run script; save it as PDF or as a picture."),
        (b"<?xml version='1.0'?><svg/>", "a.png", "SVG can run script; save it as PDF or as a picture."),
        (b"<?xml version='1.0'?><rss/>", "a.txt", "XML can run script; save it as PDF or as a picture."),
        (png(), "a.svg", "SVG can run script; save it as PDF or as a picture."),
        (b"a", "a.xml", "XML can run script; save it as plain text or as PDF."),
        (b"a", "a.docm", "This Word file can hold macros; save it as docx or as PDF."),
        (b"a", "a.XLSM", "This Excel file can hold macros; save it as xlsx or as CSV."),
        (b"\x1f\x8b\x08", "a.jsonl.gz", "Unpack it, or pack the files as zip."),
        (b"#!/bin/sh\nrm -r .\n", "a.txt", "It begins like a program (#!)"),
        (b"", "a.txt", "The file is empty."),
        ("Dose".encode("utf-16"), "a.txt", "This text is in UTF-16; save it as UTF-8."),
        (b"print(1)", "a.py", "Files called .py are not taken."),
    ],
)
def test_what_might_be_executed_is_refused_with_what_would_be_right(data, name, words):
    assert refusal(data, name).startswith(words)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"MZ\x90\x00" + b"\x00" * 100, "Its bytes look like this: Windows Executable."),
        (b"7z\xbc\xaf\x27\x1c" + b"\xff" * 50, "Its bytes look like this: 7-Zip Compressed file."),
        (b"text with a \x00 in it", "It holds NUL bytes, so it is no text."),
        (b"latin-1: caf\xe9 au lait", "It is neither text in UTF-8 nor another type that is taken."),
        (b"a" * 65_535 + b"\xc3", "It is neither text in UTF-8 nor another type that is taken."),
        (b"a" * 200_000 + b"\x00", "It holds NUL bytes, so it is no text."),
    ],
)
def test_other_bytes_are_refused_and_named_where_they_are_known(data, words):
    assert refusal(data).startswith(words)


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (PDF, "screen.png", "Its name says a PNG picture, its bytes are a PDF document"),
        (png(), "paper.pdf", "Its name says a PDF document, its bytes are a PNG picture"),
        (office("xl/workbook.xml"), "a.zip", "Its name says a ZIP archive, its bytes are an Excel workbook"),
        (packed({"a": "a"}), "a.docx", "Its name says a Word document, its bytes are a ZIP archive"),
        (b"some text", "photo.jpg", "Its name says a JPEG picture, its bytes are plain text"),
    ],
)
def test_a_name_that_promises_something_else_is_refused_with_both_named(data, name, words):
    assert refusal(data, name) == f"{words}; give it the name of what it is."


def test_a_letter_cut_at_the_edge_of_a_chunk_is_still_text():
    assert sniffed(b"a" * 65_535 + "é".encode() + b"b", "a.txt") == "text/plain"
