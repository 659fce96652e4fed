"""Archives that lie, trap or carry what is not taken; each is made here."""

import io
import struct
import tracemalloc
import zipfile

import pytest

from registry.sniffing import Refused, media_type_of
from registry.sniffing.archives import BROKEN, MACROS
from tests.registry.sniffing.files import office, packed

MEGABYTE = 1024 * 1024


def refusal(data, name="runs.zip"):
    with pytest.raises(Refused) as refused:
        media_type_of(io.BytesIO(data), name)
    return str(refused.value)


def entry(name, **values):
    info = zipfile.ZipInfo(name)
    for key, value in values.items():
        setattr(info, key, value)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(info, b"content")
    return stream.getvalue()


def test_a_bomb_by_ratio_is_refused_in_little_memory():
    bomb = packed({"zeros.txt": b"\0" * (150 * MEGABYTE)})
    tracemalloc.start()

    words = refusal(bomb)

    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert words == "The archive unpacks to more than 100 times its size, as a trap does."
    assert peak < 4 * MEGABYTE


def test_a_bomb_by_size_is_refused_before_it_is_unpacked():
    assert refusal(packed({"a": b"\0" * (201 * MEGABYTE)})) == "The archive unpacks to more than 200 MB."


def test_a_bomb_inside_an_archive_is_refused_without_being_opened():
    bomb = packed({"zeros.txt": b"\0" * MEGABYTE})

    assert refusal(packed({"inner.dat": bomb})) == (
        "The archive holds another archive (inner.dat). Add the files themselves."
    )


def test_an_entry_that_unpacks_to_more_than_it_declares_is_refused():
    data = bytearray(packed({"a.txt": b"\0" * (3 * MEGABYTE)}))
    for at in (22, data.index(b"PK\x01\x02") + 24):
        data[at : at + 4] = struct.pack("<I", 10)

    assert refusal(bytes(data)) == "The archive unpacks to more than 100 times its size, as a trap does."


def test_a_declared_size_and_checksum_of_a_beginning_do_not_pass():
    content = bytes(range(256)) * 40
    data = bytearray(packed({"a.txt": content}))
    short = packed({"a.txt": content[:10]})
    for at, source in ((14, 14), (data.index(b"PK\x01\x02") + 16, short.index(b"PK\x01\x02") + 16)):
        data[at : at + 4] = short[source : source + 4]
        data[at + 8 : at + 12] = struct.pack("<I", 10)

    assert refusal(bytes(data)) == BROKEN


def test_entries_that_share_bytes_are_refused():
    inner = packed({"b.txt": "b"}, zipfile.ZIP_STORED)
    cut = inner.index(b"PK\x01\x02")
    outer = packed({"a.txt": b"--" + inner[:cut]}, zipfile.ZIP_STORED)
    first = outer.index(b"PK\x01\x02")
    row = inner[cut : cut + 51]
    directory = outer[first:-22] + row[:42] + struct.pack("<L", 30 + len("a.txt--")) + row[46:]
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 2, 2, len(directory), first, 0)

    assert refusal(outer[:first] + directory + end) == BROKEN


def test_more_than_a_thousand_files_are_refused():
    many = packed({f"{number}.txt": "" for number in range(1001)}, zipfile.ZIP_STORED)

    assert refusal(many) == "The archive holds more than 1,000 files; pack the few that matter."


def test_a_directory_that_says_less_than_it_holds_is_refused():
    data = bytearray(packed({f"{number}.txt": "" for number in range(1001)}, zipfile.ZIP_STORED))
    data[-14:-10] = struct.pack("<2H", 3, 3)

    assert refusal(bytes(data)) == "The archive holds more than 1,000 files; pack the few that matter."


@pytest.mark.parametrize("name", ["/etc/passwd", "../up.txt", "a/../../up.txt", "C:/a.txt", "a\\..\\b.txt"])
def test_a_name_that_leads_out_of_the_archive_is_refused(name):
    assert refusal(entry(name)) == "A name in the archive leads out of it; pack the files by their own names."


@pytest.mark.parametrize("name", ["a\nb.txt", "a\rb", " ", "/ "])
def test_a_name_with_control_characters_is_refused(name):
    assert refusal(entry(name)).startswith("A name in the archive ")


def test_a_link_is_refused():
    assert refusal(entry("link", external_attr=0o120777 << 16)).startswith("The archive holds a link")


@pytest.mark.parametrize("at", [6, None])
def test_an_encrypted_archive_is_refused(at):
    data = bytearray(packed({"a.txt": "secret"}))
    data[(data.index(b"PK\x01\x02") + 8) if at is None else at] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1

    assert refusal(bytes(data)).startswith("The archive is encrypted")


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_rare_packing_is_refused(method):
    assert refusal(packed({"a.txt": "a"}, method)).startswith("The archive is encrypted or packed in a rare way")


@pytest.mark.parametrize("name", ["xl/vbaProject.bin", "word/VBAPROJECT.BIN"])
def test_macros_are_refused_by_their_name(name):
    assert refusal(office("xl/workbook.xml", **{name: "x"}), "a.xlsx") == MACROS


def test_macros_are_refused_by_their_declared_type():
    types = '<Override ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/>'

    assert refusal(packed({"[Content_Types].xml": types, "xl/workbook.xml": "x"}), "a.xlsx") == MACROS


def test_a_program_in_an_archive_is_refused():
    assert refusal(packed({"setup.txt": b"MZ\x90\0"})) == (
        "The archive holds a program (setup.txt). Add the files themselves."
    )


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[:-1],
        lambda data: data[: len(data) // 2],
        lambda data: data[:40] + b"\xff" + data[41:],
        lambda data: data + b"tail",
        lambda data: b"PK\x03\x04" + data,
        lambda data: data[:4] + b"\0" * 40,
    ],
)
def test_a_broken_archive_is_refused(damage):
    assert refusal(damage(packed({"a.txt": "content " * 50}))) == BROKEN


def test_an_empty_archive_is_refused():
    assert refusal(packed({})) == "The archive is empty."


def test_an_archive_hidden_behind_a_picture_is_no_archive():
    picture = b"GIF89a\x01\x00\x01\x00\x00\x00\x00;"

    assert media_type_of(io.BytesIO(picture + packed({"a.html": "<script>"})), "a.gif") == "image/gif"
