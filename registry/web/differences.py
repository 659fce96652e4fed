"""Two versions of a text as one reads a correction: what went is struck through, what came is underlined."""

from django.utils.html import format_html, format_html_join

AROUND = 8
LONGEST = 160


def difference(before, now):
    """Safe HTML. Words both share at the beginning and end are shortened to what is around the change."""
    if not before:
        return format_html("<ins>{}</ins>", shortened(now.split())) if now else ""
    if not now:
        return format_html("<del>{}</del>", shortened(before.split()))
    old, new = before.split(), now.split()
    if len(old) + len(new) < 8:
        return format_html("<del>{}</del> → <ins>{}</ins>", before, now)
    start = shared(old, new)
    end = shared(old[start:][::-1], new[start:][::-1])
    parts = [head(old[:start]), struck(old[start : len(old) - end]), added(new[start : len(new) - end])]
    parts.append(tail(old[len(old) - end :]))
    return format_html_join(" ", "{}", ((part,) for part in parts if part))


def shared(one, other):
    """How many words both begin with."""
    same = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        same += 1
    return same


def head(words):
    kept = " ".join(words[-AROUND:])
    return format_html("{}{}", "… " if len(words) > AROUND else "", kept) if kept else ""


def tail(words):
    kept = " ".join(words[:AROUND])
    return format_html("{}{}", kept, " …" if len(words) > AROUND else "") if kept else ""


def struck(words):
    return format_html("<del>{}</del>", shortened(words)) if words else ""


def added(words):
    return format_html("<ins>{}</ins>", shortened(words)) if words else ""


def shortened(words):
    return " ".join(words[:LONGEST]) + (f" … ({len(words) - LONGEST} more words)" if len(words) > LONGEST else "")
