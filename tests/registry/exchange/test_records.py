from registry.exchange.records import BadFile, ImportedCase, Refusal, Unfit, read_whole, refuse_or_yield


def build(line, record):
    if record == "unfit":
        raise Unfit("name", "is unfit")
    return ImportedCase(external_id=record, url="", title=record * 6, observed_behaviour="x", kind="finding", line=line)


def test_records_are_built_refused_or_found_repeated():
    entries = [(1, "a"), Refusal(2, "", "broken"), (3, "unfit"), (4, "a"), (4, "b"), (4, "b")]

    assert list(refuse_or_yield(entries, build, "id")) == [
        build(1, "a"),
        Refusal(2, "", "broken"),
        Refusal(3, "name", "is unfit"),
        Refusal(4, "id", "a stands on line 1 already"),
        build(4, "b"),
        Refusal(4, "id", "b stands on line 4 already"),
    ]


def test_cases_are_equal_wherever_they_stand_in_the_file():
    assert build(1, "a") == build(9, "a")


def test_bad_file_reads_as_line_field_and_message():
    assert str(BadFile(3, "date", "is missing")) == "line 3, date: is missing"
    assert str(BadFile(3, "", "is missing")) == "line 3: is missing"


def test_a_file_is_read_whole_into_what_it_holds_and_what_is_wrong_with_it():
    def parse(file):
        yield from refuse_or_yield([(1, "a"), (2, "unfit")], build, "id")

    assert read_whole(parse, None) == ([build(1, "a")], [Refusal(2, "name", "is unfit")])


def test_of_a_file_that_cannot_be_read_on_nothing_is_kept_but_where_it_broke():
    def parse(file):
        yield build(1, "a")
        raise BadFile(2, "date", "is missing")

    assert read_whole(parse, None) == ([], [Refusal(2, "date", "is missing")])
