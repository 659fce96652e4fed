"""Bounded readers of CSV and JSON files; each yields (line, record), lines counted from 1."""

import csv
import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from .records import BadFile, Entry, Refusal, Unfit

MAX_FILE = 64 * 1024 * 1024
MAX_LINE = 1024 * 1024
MAX_DOCUMENT = 16 * 1024 * 1024
MAX_DEPTH = 32


def csv_rows(file: BinaryIO, columns: tuple[str, ...], *, repeated: tuple[str, ...] = ()) -> Iterator[Entry]:
    """Rows as dicts, blank rows left out. UTF-8 with or without a byte-order mark.

    Columns beyond `columns` are tolerated, and those of `repeated` may be there twice: the first stands. A row with
    another number of cells than the header is a Refusal; quoting that cannot be followed, a repeated or a missing
    column is a BadFile.
    """
    reader = csv.reader((text for _, text in _lines(file, longest=MAX_LINE)), strict=True)
    records = _csv_records(reader)
    line, header = next(records, (1, None))
    if header is None:
        raise BadFile(1, "", "the file is empty")
    header = [name.strip() for name in header]
    _check_header(line, header, columns, repeated)
    for line, cells in records:
        if len(cells) != len(header):
            yield Refusal(line, "", f"has {len(cells)} cells where the header has {len(header)}")
        else:
            yield line, dict(zip(reversed(header), reversed(cells), strict=True))


def json_documents(file: BinaryIO) -> Iterator[Entry]:
    """The objects of a JSON Lines file, of one JSON array, or of one JSON object, whichever the file is.

    In the first blank lines are left out and a line that is not JSON is a Refusal. Lines end at a line feed only: JSON
    texts may hold other characters that Unicode counts as line breaks.
    """
    lines = _lines(file, longest=MAX_DOCUMENT)
    line, text = next(((line, text) for line, text in lines if text.strip()), (1, ""))
    if not text:
        raise BadFile(1, "", "the file is empty")
    first = _entry(line, text)
    if not isinstance(first, Refusal) and not isinstance(first[1], list):
        yield first
        for line, text in lines:
            if text.strip():
                yield _entry(line, text)
    else:
        yield from _one_document(line, text, lines)


def json_value(text: str, field: str) -> Any:
    """The value of a JSON text, refused with `field` when it is not JSON, too deep, or holds unfit characters."""
    try:
        value = _DECODER.decode(text)
    except (ValueError, RecursionError) as error:
        raise Unfit(field, f"is not valid JSON: {_reason(error)}") from None
    _check_value(value, field)
    return value


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not a JSON value")


_DECODER = json.JSONDecoder(parse_constant=_no_constant)


def _lines(file: BinaryIO, *, longest: int) -> Iterator[tuple[int, str]]:
    read = number = 0
    while chunk := file.readline(longest + 1):
        number += 1
        read += len(chunk)
        if len(chunk) > longest:
            raise BadFile(number, "", f"the line is longer than {longest:,} bytes")
        if read > MAX_FILE:
            raise BadFile(number, "", f"the file is larger than {MAX_FILE:,} bytes")
        try:
            text = chunk.decode()
        except UnicodeDecodeError:
            raise BadFile(number, "", "the text is not UTF-8") from None
        if "\0" in text:
            raise BadFile(number, "", "the text contains a NUL character")
        yield number, text.removeprefix("\ufeff") if number == 1 else text


def _csv_records(reader: Any) -> Iterator[tuple[int, list[str]]]:
    while True:
        start = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise BadFile(max(reader.line_num, 1), "", f"is not valid CSV: {error}") from None
        if cells:
            yield start, cells


def _check_header(line: int, header: list[str], columns: tuple[str, ...], may_repeat: tuple[str, ...]) -> None:
    repeated = sorted({name for name in header if header.count(name) > 1} - set(may_repeat))
    if repeated:
        raise BadFile(line, repeated[0], "the header names this column twice")
    missing = [name for name in columns if name not in header]
    if missing:
        raise BadFile(line, missing[0], f"the header lacks: {', '.join(missing)}")


def _entry(line: int, text: str) -> Entry:
    try:
        return line, json_value(text, "")
    except Unfit as unfit:
        return Refusal(line, unfit.field, unfit.message)


def _one_document(line: int, text: str, rest: Iterator[tuple[int, str]]) -> Iterator[Entry]:
    size, parts = len(text), [text]
    for number, part in rest:
        size += len(part)
        if size > MAX_DOCUMENT:
            raise BadFile(number, "", f"a single JSON document is limited to {MAX_DOCUMENT:,} characters")
        parts.append(part)
    whole = "".join(parts)
    try:
        value = _DECODER.decode(whole)
    except (ValueError, RecursionError) as error:
        at = line + getattr(error, "lineno", 1) - 1
        raise BadFile(at, "", f"is not valid JSON: {_reason(error)}") from None
    for start, item in _items(whole, line) if isinstance(value, list) else [(line, value)]:
        try:
            _check_value(item, "")
        except Unfit as unfit:
            yield Refusal(start, unfit.field, unfit.message)
        else:
            yield start, item


def _items(array: str, line: int) -> Iterator[tuple[int, Any]]:
    """The items of a JSON array that is known to be valid, each with the line it begins on."""
    position, counted = array.index("[") + 1, 0
    while True:
        while array[position] in " \t\r\n,":
            position += 1
        if array[position] == "]":
            return
        line += array.count("\n", counted, position)
        counted = position
        item, position = _DECODER.raw_decode(array, position)
        yield line, item


def _check_value(value: Any, field: str) -> None:
    todo = [(field, value, 1)]
    while todo:
        path, item, depth = todo.pop()
        if depth > MAX_DEPTH:
            raise Unfit(field, f"is nested deeper than {MAX_DEPTH} levels")
        if isinstance(item, str):
            _check_characters(path, item)
        elif isinstance(item, dict):
            for key, inner in item.items():
                _check_characters(path, key)
                todo.append((f"{path}.{key}" if path else key, inner, depth + 1))
        elif isinstance(item, list):
            todo.extend((f"{path}[{index}]", inner, depth + 1) for index, inner in enumerate(item))


def _check_characters(field: str, text: str) -> None:
    if "\0" in text:
        raise Unfit(field, "contains a NUL character")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Unfit(field, "contains half of a surrogate pair") from None


def _reason(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} at column {error.colno}"
    return "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
