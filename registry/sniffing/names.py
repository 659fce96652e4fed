"""Names of files as people and their systems made them, made safe to show, to send back and to save."""

import unicodedata

LONGEST = 200
# Characters that Windows keeps for itself; on other systems they only confuse.
RESERVED = str.maketrans(dict.fromkeys('<>:"|?*', "_"))


def plain_name(name):
    """The last part of `name` without what does not show: no folders, control or direction signs, at most 200 long.

    >>> plain_name("C:\\\\runs\\\\leaflet\\u202egnp.csv")
    'leafletgnp.csv'
    >>> plain_name("../..")
    'file'
    """
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    # Category C: control, format (direction, zero width), surrogate, private and unassigned characters.
    name = "".join(letter for letter in name if unicodedata.category(letter)[0] != "C")
    name = " ".join(name.translate(RESERVED).split()).strip(". ")
    if len(name) > LONGEST:
        stem, dot, ending = name.rpartition(".")
        name = f"{stem[: LONGEST - len(ending) - 1]}.{ending}" if dot and len(ending) < 20 else name[:LONGEST]
    return name or "file"
