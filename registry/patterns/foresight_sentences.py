"""Foresight in words: how many could have been foreseen, and how long before they had been warned of."""

from __future__ import annotations

from .foresight import Foresight, LeadTime
from .number_words import counted
from .sentences import share_words

MIN_RATE_N = 5


def foresight_sentence(found: Foresight, lead: LeadTime | None, *, min_rate_n: int = MIN_RATE_N) -> str:
    """What is known of one set of events, as one sentence. Below `min_rate_n` events judged there is no share.

    >>> from .foresight import foresight, lead_time
    >>> judged = foresight(warned=12, foreseeable=9, not_foreseeable=13, unknown=20)
    >>> foresight_sentence(judged, lead_time([30, 90, 365, 400, 420, 500, 700, 800]))
    '21 of 34 foreseeable (62\\u202f%, 45–76), of which 12 had been warned of, a median of 410 days before (30–800, \
8 of them dated); of 20 more nobody has said.'
    >>> foresight_sentence(foresight(warned=0, foreseeable=0, not_foreseeable=0, unknown=3), None)
    'Of 3 cases nobody has said whether they could have been foreseen.'
    """
    if found.foreseeable is None:
        cases = "the one case" if found.unknown == 1 else counted(found.unknown, "case")
        could = "it could" if found.unknown == 1 else "they could"
        return f"Of {cases} nobody has said whether {could} have been foreseen."
    more = f"; of {found.unknown:,} more nobody has said" if found.unknown else ""
    return f"{foreseeable_words(found, min_rate_n=min_rate_n)}{_warned(found, lead)}{more}."


def foreseeable_words(found: Foresight, *, min_rate_n: int = MIN_RATE_N) -> str:
    """The share of those judged, with its interval; empty where none was.

    >>> from .foresight import foresight
    >>> foreseeable_words(foresight(warned=1, foreseeable=0, not_foreseeable=2, unknown=0))
    '1 of 3 foreseeable'
    """
    share = found.foreseeable
    if share is None:
        return ""
    words = share_words(share.k, share.n, share.low, share.high) if share.n >= min_rate_n else ""
    return f"{share.k:,} of {share.n:,} foreseeable" + (f" ({words})" if words else "")


def lead_words(lead: LeadTime | None) -> str:
    """The median lead time with its interval, where there are values enough for one; empty where there is none.

    >>> from .foresight import lead_time
    >>> lead_words(lead_time([100, 30])), lead_words(lead_time([30])), lead_words(None)
    ('a median of 65 days', '30 days', '')
    """
    if lead is None:
        return ""
    days = f"{median_words(lead)} {'day' if lead.median == 1 else 'days'}"
    return days if lead.n == 1 else f"a median of {days}"


def median_words(lead: LeadTime) -> str:
    """The median of whole days, which is whole or lies half-way between two of them; the same wherever it is printed.

    >>> from .foresight import lead_time
    >>> median_words(lead_time([1424, 1425])), median_words(lead_time([30]))
    ('1,424.5', '30')
    """
    return f"{lead.median:,.1f}".removesuffix(".0")


def _warned(found: Foresight, lead: LeadTime | None) -> str:
    if not found.warned:
        return ", none of which had been warned of" if found.foreseeable and found.foreseeable.k else ""
    had = f", of which {found.warned:,} had been warned of"
    if lead is None:
        return had
    interval = f"{lead.low:,}–{lead.high:,}" if lead.low is not None and lead.high is not None else ""
    dated = f"{lead.n:,} of them dated" if lead.n != found.warned else ""
    detail = ", ".join(filter(None, (interval, dated)))
    return f"{had}, {lead_words(lead)} before" + (f" ({detail})" if detail else "")
