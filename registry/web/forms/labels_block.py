"""The labels within the log form: a row for each node, with what the person says of those they chose."""

from dataclasses import dataclass, field

from registry.choices import Grounds
from registry.web.node_rows import nodes_in_order

LONGEST_QUOTE = 10_000


@dataclass
class LabelRow:
    """One node: where it stands in its tree, and what was typed beside it. `errors` is {field: messages}."""

    node: object
    key: str
    depth: int
    sentence: str
    chosen: bool
    confidence: str
    grounds: str
    quote: str
    errors: dict = field(default_factory=dict)


@dataclass
class LabelGroup:
    """The rows of one scheme."""

    scheme: object
    rows: list

    @property
    def n_chosen(self):
        return sum(row.chosen for row in self.rows)


class LabelsBlock:
    """Labels as they were sent or kept (`data`, a QueryDict or None). One query.

    For the template: `groups`, `grounds` (value and word), `n_nodes`, `n_chosen`, and `errors`, a list of sentences.
    """

    grounds = Grounds.choices

    def __init__(self, data=None):
        self.data = data
        self.chosen = list(dict.fromkeys(data.getlist("label"))) if data is not None else []
        self.groups = [
            LabelGroup(group.scheme, [self._row(row.node, row.depth) for row in group.rows])
            for group in nodes_in_order()
        ]
        self.errors = []

    def is_valid(self):
        """Whether every chosen label can be recorded as it stands; says what is wrong at its row otherwise."""
        rows = {row.key: row for group in self.groups for row in group.rows}
        self.errors = [f"There is no label “{key[:130]}” any more." for key in self.chosen if key not in rows]
        for row in rows.values():
            row.errors = problems_of(row) if row.chosen else {}
            self.errors += [f"{row.node}: {text}" for texts in row.errors.values() for text in texts]
        return not self.errors

    def ratings(self):
        """What `labels.label_case` takes for each chosen node; only after `is_valid`."""
        rows = (row for group in self.groups for row in group.rows if row.chosen)
        return [
            {
                "node": row.node,
                "confidence": int(row.confidence) if row.confidence else None,
                "grounds": row.grounds,
                "quote": row.quote,
            }
            for row in rows
        ]

    @property
    def n_chosen(self):
        return sum(group.n_chosen for group in self.groups)

    @property
    def n_nodes(self):
        return sum(len(group.rows) for group in self.groups)

    def _row(self, node, depth):
        key = node.key
        return LabelRow(
            node=node,
            key=key,
            depth=depth,
            sentence=first_sentence(node.definition),
            chosen=key in self.chosen,
            confidence=self._text(f"confidence:{key}").strip(),
            grounds=self._text(f"grounds:{key}") or Grounds.INFERRED.value,
            quote=self._text(f"quote:{key}").replace("\r\n", "\n").strip(),
        )

    def _text(self, name):
        return self.data.get(name, "") if self.data is not None else ""


def problems_of(row):
    problems = {}
    if row.node.needs_all_criteria:
        problems["node"] = ["Each of its conditions is shown by itself: label the case with it once it is logged."]
    digits = row.confidence.isascii() and row.confidence.isdecimal()
    if row.confidence and not (digits and len(row.confidence) <= 3 and int(row.confidence) <= 100):
        problems["confidence"] = ["Confidence is a whole number from 0 to 100."]
    if row.grounds not in Grounds.values:
        problems["grounds"] = ["Choose one of the grounds."]
    if "\x00" in row.quote:
        problems["quote"] = ["Null characters are not allowed."]
    elif len(row.quote) > LONGEST_QUOTE:
        problems["quote"] = [f"A quote has at most {LONGEST_QUOTE:,} characters (this has {len(row.quote):,})."]
    return problems


def first_sentence(text):
    """The first sentence of a definition; all of it where it has no full stop inside."""
    line = " ".join(text.split())
    head, stop, _ = line.partition(". ")
    return f"{head}." if stop else line
