"""ZIP archives, unpacked within bounds and never onto the disk. Nothing inside is believed before it is counted."""

import struct
import zipfile
import zlib
from itertools import pairwise

from registry.sniffing.refusals import Refused

MOST_ENTRIES = 1000
MOST_DIRECTORY = 1024 * 1024
MOST_INFLATED = 200 * 1024 * 1024
MOST_RATIO = 100
# Below this size a high ratio is ordinary: a page of zeros.
RATIO_COUNTS_FROM = 1024 * 1024
CHUNK = 64 * 1024
END = struct.Struct("<4s4H2LH")
LOCAL = struct.Struct("<4s5H3L2H")
END_MAGIC, LOCAL_MAGIC, ZIP64_MAGIC = b"PK\x05\x06", b"PK\x03\x04", b"PK\x06\x07"
BROKEN = "The archive is broken; pack it again."
MACROS = "This file holds macros; save it without them as docx, xlsx or PDF."
CONTENT_TYPES = "[Content_Types].xml"
PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
SYMLINK = 0o120000
INNER = {
    b"PK\x03\x04": "another archive",
    b"PK\x05\x06": "another archive",
    b"\x1f\x8b": "another archive",
    b"BZh": "another archive",
    b"\xfd7zXZ": "another archive",
    b"7z\xbc\xaf": "another archive",
    b"Rar!": "another archive",
    b"\x28\xb5\x2f\xfd": "another archive",
    b"MZ": "a program",
    b"\x7fELF": "a program",
    b"\xcf\xfa\xed\xfe": "a program",
    b"\xd0\xcf\x11\xe0": "a file that can hold macros",
}


def check_archive(file):
    """The names in the archive once every entry was unpacked, counted and found harmless. Raises Refused."""
    require_small_directory(file)
    try:
        entries = zipfile.ZipFile(file).infolist()
    except (zipfile.BadZipFile, ValueError, RuntimeError, UnicodeDecodeError, OSError):
        raise Refused(BROKEN) from None
    require_bounds(entries)
    require_plain_names(entries)
    ranges, inflated, packed = [], 0, 0
    for entry in entries:
        start, end = place_of(file, entry)
        ranges.append((start, end))
        packed += entry.compress_size
        inflated = unpack(file, entry, end - entry.compress_size, inflated, packed)
    require_apart(ranges)
    return {entry.filename for entry in entries}


def require_small_directory(file):
    """Read the record at the archive's end ourselves: the library would load a directory of any length."""
    size = file.seek(0, 2)
    tail_at = max(0, size - END.size - 0xFFFF - 20)
    file.seek(tail_at)
    tail = file.read()
    at = len(tail) - END.size
    if at < 0 or tail[at : at + 4] != END_MAGIC:
        at = tail.rfind(END_MAGIC)
    if at < 0 or at + END.size > len(tail):
        raise Refused(BROKEN)
    _, disk, first_disk, here, entries, directory, offset, comment = END.unpack_from(tail, at)
    if tail[max(0, at - 20) : at].startswith(ZIP64_MAGIC) or 0xFFFF in (here, entries):
        raise Refused("This archive is made for more than 65,535 files; pack the few that matter.")
    whole = tail_at + at == offset + directory and at + END.size + comment == len(tail)
    if disk or first_disk or here != entries or not whole:
        raise Refused(BROKEN)
    if entries == 0:
        raise Refused("The archive is empty.")
    if entries > MOST_ENTRIES or directory > MOST_DIRECTORY:
        raise Refused(f"The archive holds more than {MOST_ENTRIES:,} files; pack the few that matter.")


def require_bounds(entries):
    if len(entries) > MOST_ENTRIES:
        raise Refused(f"The archive holds more than {MOST_ENTRIES:,} files; pack the few that matter.")
    if sum(entry.file_size for entry in entries) > MOST_INFLATED:
        raise too_large()


def too_large():
    return Refused(f"The archive unpacks to more than {MOST_INFLATED // 2**20} MB.")


def require_plain_names(entries):
    seen = set()
    for entry in entries:
        # As it stands in the file: the library cuts at a NUL and turns the slashes of some systems.
        name = entry.orig_filename
        if name.startswith("/") or "\\" in name or name[1:2] == ":" or ".." in name.split("/"):
            raise Refused("A name in the archive leads out of it; pack the files by their own names.")
        if not name.strip("/ ") or any(ord(letter) < 32 or ord(letter) == 127 for letter in name) or name in seen:
            raise Refused("A name in the archive is empty, stands twice or holds control characters.")
        if entry.external_attr >> 16 & 0o170000 == SYMLINK:
            raise Refused("The archive holds a link; pack the file it points to.")
        if name.lower().endswith("vbaproject.bin"):
            raise Refused(MACROS)
        if entry.flag_bits & 0x1 or entry.compress_type not in PACKED:
            raise Refused("The archive is encrypted or packed in a rare way; pack it as plain zip.")
        seen.add(name)


def place_of(file, entry):
    """(where the entry's local header begins, where its data ends)."""
    file.seek(entry.header_offset)
    header = file.read(LOCAL.size)
    if len(header) < LOCAL.size or not header.startswith(LOCAL_MAGIC):
        raise Refused(BROKEN)
    *_, n_name, n_extra = LOCAL.unpack(header)
    if file.read(n_name) != written_name(entry):
        raise Refused(BROKEN)
    return entry.header_offset, entry.header_offset + LOCAL.size + n_name + n_extra + entry.compress_size


def written_name(entry):
    return entry.orig_filename.encode("utf-8" if entry.flag_bits & 0x800 else "cp437")


def require_apart(ranges):
    """No two entries share bytes, and nothing stands before the first: such files are two things at once."""
    ranges.sort()
    if ranges[0][0] != 0 or any(end > start for (_, end), (start, _) in pairwise(ranges)):
        raise Refused(BROKEN)


def unpack(file, entry, start, inflated, packed):
    """`inflated` plus the bytes this entry really unpacks to. Memory stays at one chunk whatever it says of itself."""
    size, checksum, first, types = 0, 0, b"", b""
    for piece in pieces(file, entry, start):
        first = first or piece[:8]
        size += len(piece)
        checksum = zlib.crc32(piece, checksum)
        if inflated + size > MOST_INFLATED:
            raise too_large()
        if inflated + size > max(RATIO_COUNTS_FROM, packed * MOST_RATIO):
            raise Refused(f"The archive unpacks to more than {MOST_RATIO} times its size, as a trap does.")
        if entry.filename == CONTENT_TYPES:
            types = (types + piece)[:MOST_DIRECTORY]
    if size != entry.file_size or checksum != entry.CRC:
        raise Refused(BROKEN)
    if b"macroEnabled" in types:
        raise Refused(MACROS)
    for magic, what in INNER.items():
        if first.startswith(magic):
            raise Refused(f"The archive holds {what} ({shown(entry.filename)}). Add the files themselves.")
    return inflated + size


def shown(name):
    return name if len(name) <= 60 else f"{name[:59]}…"


def pieces(file, entry, start):
    """The entry's content, at most one chunk at a time."""
    file.seek(start)
    left = entry.compress_size
    inflate = zlib.decompressobj(-zlib.MAX_WBITS) if entry.compress_type == zipfile.ZIP_DEFLATED else None
    try:
        while left and (raw := file.read(min(CHUNK, left))):
            left -= len(raw)
            if inflate is None:
                yield raw
                continue
            while raw and not inflate.eof:
                yield inflate.decompress(raw, CHUNK)
                raw = inflate.unconsumed_tail
        # What zlib still holds back because a chunk was full.
        while inflate and not inflate.eof and (rest := inflate.decompress(b"", CHUNK)):
            yield rest
    except zlib.error:
        raise Refused(BROKEN) from None
    if left or (inflate and (not inflate.eof or inflate.unused_data)):
        raise Refused(BROKEN)
