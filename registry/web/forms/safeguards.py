"""The grid of safeguards: every technique a row, all of them in one form."""

from django import forms

from registry.actions.safeguards import Judged, failure_modes, problems_of, techniques
from registry.choices import Deployed, Expected, Outcome
from registry.web.forms.placing import PlacedErrors

NOT_RECORDED = ("", "Not recorded")
DEPLOYED = [NOT_RECORDED, *Deployed.choices]
CELLS = ("order", "deployed", "expected", "outcome", "failure_mode", "how")
LAST = 32_000


class SafeguardGrid(PlacedErrors):
    """One row for each technique, of fields named `<technique id>-<cell>`.

    A row whose first answer is “not recorded” is no safeguard of the case. `recorded` are the rows of the case.
    """

    def __init__(self, data=None, *, recorded):
        super().__init__(data)
        self.recorded = {row.technique_id: row for row in recorded}
        modes = [("", "None given")]
        modes += [(str(mode.pk), mode.name) for mode in self.modes_offered()]
        nodes = list(techniques())
        families = {node.parent_id for node in nodes}
        self.techniques = [node for node in nodes if self.is_offered(node, families)]
        for node in self.techniques:
            self.add_row(node, modes)

    def is_offered(self, node, families):
        """The families of techniques are no safeguards; what is retired shows only where it is recorded."""
        return node.pk in self.recorded or (node.retired_at is None and node.pk not in families)

    def modes_offered(self):
        """The current failure modes, and those the case has recorded before they were retired."""
        recorded = {row.failure_mode_id: row.failure_mode for row in self.recorded.values() if row.failure_mode}
        return (recorded | {mode.pk: mode for mode in failure_modes()}).values()

    def add_row(self, node, modes):
        row, name = self.recorded.get(node.pk), node.name
        number = {"min": 1, "max": LAST, "inputmode": "numeric"}
        fields = {
            "version": forms.IntegerField(min_value=0, widget=forms.HiddenInput),
            "deployed": forms.ChoiceField(choices=DEPLOYED, required=False),
            "order": forms.IntegerField(min_value=1, max_value=LAST, required=False, widget=forms.NumberInput(number)),
            "expected": forms.ChoiceField(choices=Expected.choices),
            "outcome": forms.ChoiceField(choices=Outcome.choices),
            "failure_mode": forms.ChoiceField(choices=modes, required=False),
            "how": forms.CharField(max_length=10_000, required=False, widget=forms.Textarea(attrs={"rows": 1})),
        }
        for cell, field in fields.items():
            field.label = f"{name}: {LABELS[cell]}"
            field.initial = before(row, cell)
            self.fields[f"{node.pk}-{cell}"] = field

    def rows(self):
        """For the template: each technique with its cells, and whether it begins a scheme."""
        scheme = None
        for node in self.techniques:
            cells = {cell: self[f"{node.pk}-{cell}"] for cell in (*CELLS, "version")}
            yield {"node": node, "begins": node.scheme if node.scheme_id != scheme else None, "cells": cells}
            scheme = node.scheme_id

    def clean(self):
        for node in self.techniques:
            if self.is_recorded(node):
                for cell, words in problems_of(self.judged(node)).items():
                    self.add_error(f"{node.pk}-{cell}", words)
            elif self.was_touched(node):
                words = "Say whether it was in place; “unknown” is an answer. Or clear the row."
                self.add_error(f"{node.pk}-deployed", words)

    def answer(self, node, cell):
        return self.cleaned_data.get(f"{node.pk}-{cell}")

    def is_recorded(self, node):
        return bool(self.answer(node, "deployed"))

    def was_touched(self, node):
        """Whether somebody answered something in a row that was and is not recorded."""
        if node.pk in self.recorded:
            return False
        blank = {"expected": Expected.UNKNOWN, "outcome": Outcome.UNKNOWN}
        return any(self.answer(node, cell) not in (None, "", blank.get(cell)) for cell in CELLS)

    def judged(self, node):
        mode = self.answer(node, "failure_mode")
        return Judged(
            technique_id=node.pk,
            version=self.answer(node, "version") or 0,
            deployed=self.answer(node, "deployed"),
            expected=self.answer(node, "expected") or Expected.UNKNOWN,
            outcome=self.answer(node, "outcome") or Outcome.UNKNOWN,
            failure_mode_id=int(mode) if mode else None,
            how=self.answer(node, "how") or "",
            order=self.answer(node, "order") or LAST,
        )

    def values(self):
        """What `set_safeguards` takes. Rows without a number follow those that have one, in the grid's order."""
        judged = [self.judged(node) for node in self.techniques if self.is_recorded(node)]
        numbered = sorted(judged, key=lambda row: row.order)
        rows = [Judged(**{**vars(row), "order": place}) for place, row in enumerate(numbered, 1)]
        gone = [node for node in self.techniques if not self.is_recorded(node) and self.answer(node, "version")]
        return {"rows": rows, "without": {node.pk: self.answer(node, "version") for node in gone}}


LABELS = {
    "version": "version",
    "order": "met as number",
    "deployed": "deployed",
    "expected": "expected to catch it",
    "outcome": "outcome",
    "failure_mode": "failure mode",
    "how": "how",
}


def before(row, cell):
    """What a cell shows first."""
    if row is None:
        return {"version": 0, "expected": Expected.UNKNOWN, "outcome": Outcome.UNKNOWN}.get(cell, "")
    if cell == "failure_mode":
        return str(row.failure_mode_id or "")
    return getattr(row, cell)
