"""The pairs of a run as a table: which ones, in which order, which page. All of it stands in the address."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Count, F, FloatField, Q
from django.db.models.functions import Cast

from registry.choices import Movement, PairState
from registry.models import PatternPair
from registry.web import pictures
from registry.web.numbers import page_asked
from registry.web.pattern_rows import MOVED as MOVED_SINCE
from registry.web.pattern_rows import NARROW, rows_of, with_nodes

PER_PAGE = 25
FIRST_PAIRS = 12
LONGEST_SLUG = 60
# As registry.patterns.emerging says it, for the database.
SINCE = F("run__compared_with")
EMERGING = Q(state=PairState.TESTED) & (
    Q(flagged=True, first_flagged__gt=SINCE) | Q(first_supported__gt=SINCE, joint__gt=F("expected"))
)
# What the rules call found together less often than expected, by more than chance.
MAX_Q = Cast(F("run__rules__max_q"), FloatField())
FEWER = Q(state=PairState.TESTED, odds_high__lt=1, q__lt=MAX_Q)
# What is shown: key → (words, which pairs).
VIEWS = {
    "tested": ("Tested", Q(state=PairState.TESTED)),
    "flagged": ("Flagged", Q(flagged=True)),
    "moved": ("Moved", Q(movement__in=MOVED_SINCE)),
    "new": ("New", Q(movement=Movement.NEW)),
    "stronger": ("Stronger", Q(movement=Movement.STRONGER)),
    "weaker": ("Weaker", Q(movement=Movement.WEAKER)),
    "gone": ("Gone", Q(movement=Movement.GONE)),
    "steady": ("Steady", Q(movement=Movement.STEADY)),
    "fewer": ("Fewer than expected", FEWER),
    "related": ("Related by definition", Q(state=PairState.RELATED)),
    "emerging": ("Emerging", EMERGING),
    "untested": ("Not tested", Q(state__in=[PairState.EXCLUSIVE, PairState.TOO_FEW])),
}
ALWAYS = ("tested", "flagged", "related", "untested")
# Columns: key → (heading, what is sorted by, whether the first click sorts downwards).
COLUMNS = {
    "name": ("Pair", F("node_a__name"), False),
    "both": ("Both", F("joint"), True),
    "expected": ("Expected", F("expected"), True),
    "share": ("Share, 95 %", Cast("joint", FloatField()) / F("n"), True),
    "ratio": ("Ratio", F("lift"), True),
    "effect": ("Odds ratio", F("effect"), True),
    "q": ("q", F("q"), False),
    "before": ("Before", F("joint_before"), True),
    "status": ("Status", F("movement"), False),
}
DEFAULT_SORT = "-effect"


@dataclass(frozen=True)
class PairChoice:
    """What the address asks for; anything unknown in it falls back to the default.

    `base` is the page that shows the whole table; rows and columns are the schemes of its heat map, kept as asked.
    """

    view: str = "tested"
    sort: str = DEFAULT_SORT
    page: int = 1
    rows: str = ""
    columns: str = ""
    base: str = ""

    @classmethod
    def from_query(cls, query):
        view, sort, page = query.get("show"), query.get("sort", ""), query.get("page", "")
        return cls(
            view=view if view in VIEWS else "tested",
            sort=sort if sort.removeprefix("-") in COLUMNS else DEFAULT_SORT,
            page=page_asked(page),
            rows=query.get("rows", "")[:LONGEST_SLUG],
            columns=query.get("columns", "")[:LONGEST_SLUG],
        )

    @property
    def column(self):
        return self.sort.removeprefix("-")

    @property
    def downwards(self):
        return self.sort.startswith("-")

    def address(self, **changes):
        """The query string with these changes; a change of view or order goes back to the first page."""
        kept = {"rows": self.rows, "columns": self.columns}
        asked = {"show": self.view, "sort": self.sort, "page": 1, **kept} | changes
        plain = {"show": "tested", "sort": DEFAULT_SORT, "page": 1, "rows": "", "columns": ""}
        query = urlencode({key: value for key, value in asked.items() if value != plain[key]})
        return f"{self.base}?{query}#table"


def counts_by_view(run):
    """{view: how many pairs of the run}; one query."""
    # Not under the names of the views: these are names of columns too.
    counted = {f"n_{view}": Count("pk", filter=which) for view, (_, which) in VIEWS.items()}
    found = PatternPair.objects.filter(run=run).aggregate(**counted)
    return {view: found[f"n_{view}"] for view in VIEWS}


def pair_table(run, choice, counts):
    """Everything templates/patterns/_table.html draws."""
    n = counts[choice.view]
    page = min(choice.page, max(-(-n // PER_PAGE), 1))
    start = (page - 1) * PER_PAGE
    return {
        **_rows(_pairs(run, choice)[start : start + PER_PAGE], run, choice),
        "views": _views(choice, counts),
        "view": choice.view,
        "words": VIEWS[choice.view][0],
        "summary": f"{start + 1:,}–{min(start + PER_PAGE, n):,} of {n:,} pairs" if n else "",
        "previous_url": choice.address(page=page - 1) if page > 1 else "",
        "next_url": choice.address(page=page + 1) if start + PER_PAGE < n else "",
    }


def first_pairs(run, counts, *, base):
    """The strongest flagged pairs, or tested ones where none is flagged; the rest stands at `base`."""
    choice = PairChoice(view="flagged" if counts["flagged"] else "tested", base=base)
    n = counts[choice.view]
    shown = min(n, FIRST_PAIRS)
    return {
        **_rows(_pairs(run, choice)[:FIRST_PAIRS], run, choice),
        "view": choice.view,
        "words": VIEWS[choice.view][0],
        "summary": f"{shown:,} of {n:,} {choice.view} {'pair' if n == 1 else 'pairs'}",
        "all_url": choice.address(),
    }


def _rows(pairs, run, choice):
    axis = pictures.whisker_axis(width=NARROW)
    return {"rows": rows_of(pairs, run, width=NARROW), "heads": _heads(choice), "axis": axis}


MOVED = PairChoice(view="moved")
# Columns of the file, with what is read of a pair. What a rule hides is empty there too.
FILE = {
    "Label": "node_a__name",
    "Scheme": "node_a__scheme__name",
    "With": "node_b__name",
    "Scheme of it": "node_b__scheme__name",
    "State": "state",
    "Both": "joint",
    "First": "k_a",
    "Second": "k_b",
    "Cases": "n",
    "Expected": "expected",
    "Share low": "rate_low",
    "Share high": "rate_high",
    "Ratio": "lift",
    "Jaccard": "jaccard",
    "Phi": "phi",
    "Odds ratio": "odds_ratio",
    "Odds low": "odds_low",
    "Odds high": "odds_high",
    "p": "p",
    "q": "q",
    "Flagged": "flagged",
    "Status": "movement",
    "Before": "joint_before",
    "q before": "q_before",
    "First flagged in run": "first_flagged",
    "First supported in run": "first_supported",
}


def csv_rows(run, choice):
    """Every pair of the view in its order, the columns of FILE; read while it is sent."""
    return _pairs(run, choice).select_related(None).values_list(*FILE.values()).iterator(chunk_size=1000)


def _pairs(run, choice):
    _, which = VIEWS[choice.view]
    _, column, _ = COLUMNS[choice.column]
    order = column.desc(nulls_last=True) if choice.downwards else column.asc(nulls_last=True)
    return with_nodes(PatternPair.objects.filter(which, run=run)).order_by(order, "q", "-joint", "pk")


def _heads(choice):
    heads = []
    for key, (words, _, downwards_first) in COLUMNS.items():
        chosen = key == choice.column
        downwards = not choice.downwards if chosen else downwards_first
        direction = "descending" if choice.downwards else "ascending"
        heads.append(
            {
                "key": key,
                "words": words,
                "url": choice.address(sort=f"-{key}" if downwards else key),
                "sorted": direction if chosen else "",
            }
        )
    return heads


def _views(choice, counts):
    """The views to choose from: those that hold a pair, and always the main ones."""
    return [
        {"words": words, "n": counts[view], "url": choice.address(show=view), "chosen": view == choice.view}
        for view, (words, _) in VIEWS.items()
        if counts[view] or view in ALWAYS or view == choice.view
    ]
