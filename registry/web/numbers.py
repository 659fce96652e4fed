"""Numbers in addresses and forms: nothing that can be typed there makes reading them fail."""

LARGEST = 2**31 - 1  # what an integer column holds
MOST_PAGES = 10_000


def whole(text, most=LARGEST):
    """The number that `text` writes in digits, if it lies between 0 and `most`; None otherwise."""
    if not text or len(text) > len(str(LARGEST)) or not (text.isascii() and text.isdecimal()):
        return None
    number = int(text)
    return number if number <= most else None


def page_asked(text, last=MOST_PAGES):
    """The page that `text` asks for, from 1 to `last`; the first where it is no number."""
    return min(max(whole(text) or 1, 1), max(last, 1))
