"""A table of a page as a file for spreadsheets and scripts, at the same address with ?format=csv."""

import csv
import re

from django.http import StreamingHttpResponse

from registry.exchange.columns import FORMULA, HARMLESS
from registry.exchange.csv_file import MARK, MEDIA_TYPE

LINES_TOGETHER = 200
LOOKS_LIKE_FORMULA = re.compile(FORMULA)


class _Line:
    """Where the csv module writes: hands each line back instead of keeping it."""

    def write(self, text):
        return text


def wants_csv(request):
    return request.GET.get("format") == "csv"


def csv_url(request, **changes):
    """The present address as a file, with these changes to its query; a key with an empty value is left out."""
    query = request.GET.copy()
    for key, value in changes.items():
        query[key] = value
    query["format"] = "csv"
    for key in [key for key, value in query.items() if value == "" or key == "page"]:
        del query[key]
    return "?" + query.urlencode()


def csv_answer(request, name, heads, rows):
    """`rows` (an iterable of sequences as long as `heads`) as an attachment `name`.csv, sent while it is read.

    UTF-8 with the byte order mark of the other exports and CRLF; a text that a spreadsheet program would take for a
    formula gets an apostrophe first, numbers stay numbers, None is an empty cell. HEAD reads no row.
    """
    lines = () if request.method == "HEAD" else _lines(heads, rows)
    answer = StreamingHttpResponse(lines, content_type=MEDIA_TYPE)
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def _lines(heads, rows):
    writer = csv.writer(_Line())
    waiting = [MARK + writer.writerow([_cell(head) for head in heads]).encode()]
    for row in rows:
        waiting.append(writer.writerow([_cell(value) for value in row]).encode())
        if len(waiting) == LINES_TOGETHER:
            yield b"".join(waiting)
            waiting = []
    if waiting:
        yield b"".join(waiting)


def _cell(value):
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, int | float) else LOOKS_LIKE_FORMULA.sub(HARMLESS, str(value))
