"""How far raters agree on each node, as a table: which nodes, in which order, which page. All of it in the address."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Q

from registry.patterns.judgements import FEWEST_CASES
from registry.web import agreement_page, agreement_rows
from registry.web.numbers import page_asked

PER_PAGE = 25
# What is shown: key → (words, which scores).
VIEWS = {
    "known": ("With α", Q(alpha__isnull=False)),
    "below": ("Below 0.4", Q(alpha__lt=agreement_rows.REWRITE)),
    "same": ("All the same", Q(alpha__isnull=True, n_cases__gte=FEWEST_CASES)),
    "few": ("Too few cases", Q(n_cases__lt=FEWEST_CASES)),
}
# Columns: key → (heading, what is sorted by, whether the first click sorts downwards, its class).
COLUMNS = {
    "name": ("Node", "node__name", False, ""),
    "alpha": ("α, 95 %", "alpha", False, "end"),
    "cases": ("Cases", "n_cases", True, "end"),
    "raters": ("Raters", "n_raters", True, "end"),
    "disputed": ("Disputed", "n_disputed", True, "end"),
}
DEFAULT_SORT = "alpha"


@dataclass(frozen=True)
class NodeChoice:
    """What the address asks for; anything unknown in it falls back to the default."""

    period: str = "all"
    view: str = "known"
    sort: str = DEFAULT_SORT
    page: int = 1

    @classmethod
    def from_query(cls, query, *, period):
        view, sort, page = query.get("show"), query.get("sort", ""), query.get("page", "")
        return cls(
            period=period,
            view=view if view in VIEWS else "known",
            sort=sort if sort.removeprefix("-") in COLUMNS else DEFAULT_SORT,
            page=page_asked(page),
        )

    @property
    def column(self):
        return self.sort.removeprefix("-")

    @property
    def downwards(self):
        return self.sort.startswith("-")

    def address(self, **changes):
        """The query string with these changes; a change of view or order goes back to the first page."""
        asked = {"period": self.period, "show": self.view, "sort": self.sort, "page": 1} | changes
        plain = {"period": "all", "show": "known", "sort": DEFAULT_SORT, "page": 1}
        return "?" + urlencode({key: value for key, value in asked.items() if value != plain[key]}) + "#nodes"


def node_table(run, choice):
    """Everything templates/agreement/_nodes.html draws."""
    counts = agreement_page.counts_by_view(run, VIEWS)
    n = counts[choice.view]
    page = min(choice.page, max(-(-n // PER_PAGE), 1))
    start = (page - 1) * PER_PAGE
    scores = agreement_page.node_scores(run, VIEWS[choice.view][1], COLUMNS[choice.column][1], choice.downwards)
    return {
        "rows": [agreement_rows.row_of(score) for score in scores[start : start + PER_PAGE]],
        "heads": _heads(choice),
        "views": _views(choice, counts),
        "words": VIEWS[choice.view][0],
        "summary": f"{start + 1:,}–{min(start + PER_PAGE, n):,} of {n:,} nodes" if n else "",
        "previous_url": choice.address(page=page - 1) if page > 1 else "",
        "next_url": choice.address(page=page + 1) if start + PER_PAGE < n else "",
    }


def _heads(choice):
    heads = []
    for key, (words, _, downwards_first, css) in COLUMNS.items():
        chosen = key == choice.column
        downwards = not choice.downwards if chosen else downwards_first
        heads.append(
            {
                "words": words,
                "css": css,
                "url": choice.address(sort=f"-{key}" if downwards else key),
                "sorted": ("descending" if choice.downwards else "ascending") if chosen else "",
            }
        )
    return heads


def _views(choice, counts):
    return [
        {"words": words, "n": counts[view], "url": choice.address(show=view), "chosen": view == choice.view}
        for view, (words, _) in VIEWS.items()
        if counts[view] or view in ("known", "below") or view == choice.view
    ]
