"""Cases as a spreadsheet: real dates and numbers; texts are always texts, never formulas or links."""

from datetime import UTC, date, datetime

import xlsxwriter

from registry.exchange.case_rows import blocks, fetched

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 1_048_576
MOST_CASES = MOST_ROWS - 1
LONGEST_CELL = 32_767  # UTF-16 units, as the spreadsheet program counts them
FIRST_DAY = date(1900, 3, 1)  # the program believes that 1900 was a leap year
WIDTHS = {"text": 40, "list": 30, "day": 12, "time": 18, "number": 9, "word": 16}
SAFE = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "in_memory": False,
}


def write(file, person, columns, numbers):
    """Write the workbook to a binary `file`, yielding how many cases are done. A row leaves memory once written."""
    # Its own scratch files are gone once it is closed; left unfinished, with the system's temporary files.
    with xlsxwriter.Workbook(file, SAFE) as book:
        sheet = book.add_worksheet("Cases")
        formats = {
            "day": book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"}),
            "time": book.add_format({"num_format": "yyyy-mm-dd hh:mm", "valign": "top"}),
            "plain": book.add_format({"valign": "top"}),
            "head": book.add_format({"bold": True, "bottom": 1}),
        }
        head(sheet, columns, formats["head"])
        cells, row = {column.name: column.cell for column in columns}, 0
        for block in blocks(person, cells, numbers, fetched, weigh=weight):
            for values in block.data:
                row += 1
                for place, value in enumerate(values):
                    put(sheet, row, place, value, formats)
            yield block.done


def head(sheet, columns, bold):
    for place, column in enumerate(columns):
        sheet.set_column(place, place, 50 if column.name == "title" else WIDTHS[column.kind])
        sheet.write_string(0, place, column.heading, bold)
    sheet.freeze_panes(1, 0)


def put(sheet, row, place, value, formats):
    """Write one value by its own type; what is empty stays empty."""
    if value is None or value == "":
        return
    if isinstance(value, datetime):
        sheet.write_datetime(row, place, value.astimezone(UTC).replace(tzinfo=None), formats["time"])
    elif isinstance(value, date) and value >= FIRST_DAY:
        sheet.write_datetime(row, place, value, formats["day"])
    elif isinstance(value, int):
        sheet.write_number(row, place, value, formats["plain"])
    else:
        sheet.write_string(row, place, bounded(str(value)), formats["plain"])


def bounded(text):
    """`text` as far as a cell holds it, saying so where it is cut."""
    if units(text) <= LONGEST_CELL:
        return text
    note = f" … [cut: {len(text):,} characters in all; CSV and NDJSON hold them]"
    room = LONGEST_CELL - len(note)
    return text.encode("utf-16-le")[: 2 * room].decode("utf-16-le", errors="ignore") + note


def units(text):
    return len(text) if len(text) * 2 <= LONGEST_CELL else len(text.encode("utf-16-le")) // 2


def weight(rows):
    """About as many bytes as the rows take: their texts, and something for every cell."""
    return sum(sum(len(value) if isinstance(value, str) else 16 for value in row) for row in rows)
