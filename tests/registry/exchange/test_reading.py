from io import BytesIO

import pytest

from registry.exchange import reading
from registry.exchange.reading import csv_rows, json_documents, json_value
from registry.exchange.records import BadFile, Refusal, Unfit


def rows(content, columns=("a", "b")):
    return list(csv_rows(BytesIO(content), columns))


def refused(read, content):
    with pytest.raises(BadFile) as caught:
        list(read(BytesIO(content)))
    return caught.value.line, caught.value.field, caught.value.message


def refused_csv(content):
    return refused(lambda file: csv_rows(file, ("a", "b")), content)


def test_csv_rows_begin_on_the_line_they_are_reported_on():
    content = b'\xef\xbb\xbfa,b,more\r\n1,"two\nlines",x\r\n\r\n3,4,y\r\n'

    assert rows(content) == [
        (2, {"a": "1", "b": "two\nlines", "more": "x"}),
        (5, {"a": "3", "b": "4", "more": "y"}),
    ]


def test_csv_row_with_another_number_of_cells_is_refused_and_reading_goes_on():
    assert rows(b"a,b\n1\n1,2,3\n4,5\n") == [
        Refusal(2, "", "has 1 cells where the header has 2"),
        Refusal(3, "", "has 3 cells where the header has 2"),
        (4, {"a": "4", "b": "5"}),
    ]


def test_csv_header_that_repeats_a_column_is_refused():
    assert refused_csv(b"a,b, a\n1,2,3\n") == (1, "a", "the header names this column twice")


def test_csv_header_that_lacks_columns_names_them_all():
    assert refused_csv(b"c\n1\n") == (1, "a", "the header lacks: a, b")


def test_csv_file_without_a_line_is_refused():
    assert refused_csv(b"") == (1, "", "the file is empty")


def test_csv_quoting_that_cannot_be_followed_is_refused_with_its_line():
    assert refused_csv(b'a,b\n1,2\n"3"x,4\n')[:2] == (3, "")
    assert refused_csv(b'a,b\n1,"2\n3\n')[:2] == (3, "")


def test_csv_cells_without_end_do_not_fill_the_memory():
    line, field, message = refused_csv(b'a,b\n"' + b"x" * 200_000 + b'",2\n')

    assert (line, field) == (2, "")
    assert "field limit" in message


def test_text_that_is_not_utf_8_is_refused_with_its_line():
    assert refused_csv(b"a,b\n\xff\xfe,2\n") == (2, "", "the text is not UTF-8")


def test_nul_is_refused_with_its_line():
    assert refused_csv(b"a,b\n1,\x002\n") == (2, "", "the text contains a NUL character")


def test_surrogates_encoded_as_bytes_are_not_utf_8():
    assert refused_csv(b"a,b\n1,\xed\xa0\x80\n") == (2, "", "the text is not UTF-8")


def test_file_and_line_sizes_are_bounded(monkeypatch):
    monkeypatch.setattr(reading, "MAX_LINE", 20)
    monkeypatch.setattr(reading, "MAX_FILE", 30)

    assert refused_csv(b"a,b\n" + b"1" * 30 + b",2\n") == (2, "", "the line is longer than 20 bytes")
    assert refused_csv(b"a,b\n" + b"11111,22222\n" * 3) == (4, "", "the file is larger than 30 bytes")


def test_json_lines_end_at_line_feeds_only():
    content = '{"a": "one\u2028line"}\n\n{"a": 2}'.encode()

    assert list(json_documents(BytesIO(content))) == [(1, {"a": "one\u2028line"}), (3, {"a": 2})]


def test_json_line_that_is_no_json_is_refused_and_reading_goes_on():
    assert list(json_documents(BytesIO(b'{"a": 1}\n{"a": \n{"a": NaN}\n{"a": 3}\n'))) == [
        (1, {"a": 1}),
        Refusal(2, "", "is not valid JSON: Expecting value at column 1"),
        Refusal(3, "", "is not valid JSON: NaN is not a JSON value"),
        (4, {"a": 3}),
    ]


@pytest.mark.parametrize(
    ("text", "field", "message"),
    [
        ('{"a": "\\u0000"}', "cell.a", "contains a NUL character"),
        ('{"a": ["x", "\\ud800"]}', "cell.a[1]", "contains half of a surrogate pair"),
        ('{"\\udc00": 1}', "cell", "contains half of a surrogate pair"),
        ("[" * 33 + "]" * 33, "cell", "is nested deeper than 32 levels"),
        ("[" * 100_000, "cell", "is not valid JSON: it is nested too deeply"),
        ('"' + "1" * 10, "cell", "is not valid JSON: Unterminated string starting at at column 1"),
    ],
)
def test_json_value_that_cannot_be_stored_is_unfit(text, field, message):
    with pytest.raises(Unfit) as caught:
        json_value(text, "cell")

    assert (caught.value.field, caught.value.message) == (field, message)


def test_json_value_with_a_number_of_ten_thousand_digits_is_unfit():
    with pytest.raises(Unfit) as caught:
        json_value("1" * 10_000, "cell")

    assert caught.value.message.startswith("is not valid JSON: ")


def test_documents_of_json_lines_of_one_object_and_of_an_array_are_the_same():
    lines = list(json_documents(BytesIO(b'{"a": 1}\n{"a": 2}\n')))
    spread = list(json_documents(BytesIO(b'\n{\n  "a": 1\n}\n')))
    array = list(json_documents(BytesIO(b'[\n  {"a": 1},\n\n  {"a":\n 2}, {"a": 3}\n]\n')))

    assert lines == [(1, {"a": 1}), (2, {"a": 2})]
    assert spread == [(2, {"a": 1})]
    assert array == [(2, {"a": 1}), (4, {"a": 2}), (5, {"a": 3})]


def test_documents_of_an_empty_array_are_none():
    assert list(json_documents(BytesIO(b"[ ]"))) == []


def test_broken_document_is_refused_with_the_line_of_the_fault():
    assert refused(json_documents, b'[\n  {"a": 1},\n  {"a" 2}\n]') == (
        3,
        "",
        "is not valid JSON: Expecting ':' delimiter at column 8",
    )
    assert refused(json_documents, b" \n ") == (1, "", "the file is empty")


def test_unfit_item_of_an_array_is_refused_alone():
    assert list(json_documents(BytesIO(b'[{"a": 1},\n{"b": "\\u0000"}]'))) == [
        (1, {"a": 1}),
        Refusal(2, "b", "contains a NUL character"),
    ]


def test_document_size_is_bounded(monkeypatch):
    monkeypatch.setattr(reading, "MAX_DOCUMENT", 20)

    assert refused(json_documents, b"[\n" + b"1,\n" * 10 + b"1]") == (
        8,
        "",
        "a single JSON document is limited to 20 characters",
    )
