"""How much a system was used: several months at once, and the correction of one."""

import re

from django import forms
from django.core.exceptions import ValidationError

from registry.actions.exposures import LARGEST, MOST_AT_ONCE, month_in, problems_of
from registry.choices import ExposureUnit
from registry.models import Exposure
from registry.web.forms.placing import PlacedErrors

# 2026-01 12000, with what people and spreadsheets put between and into the numbers.
BETWEEN = r"[ ,_\u00a0\u202f]"
# A separator stands before three digits in the end: 12,5 is no way to write 125.
AMOUNT = rf"[0-9]{{1,40}}|[0-9]{{1,3}}(?:{BETWEEN}[0-9]{{2,3}}){{0,12}}{BETWEEN}[0-9]{{3}}"
LINE = re.compile(rf"(?P<month>[^\s,;:=]{{1,20}})[\s,;:=]+(?P<amount>{AMOUNT})")
IN_NUMBERS = str.maketrans("", "", " ,_\u00a0\u202f")
LONGEST = 20_000
MOST_ERRORS = 20
SOURCE_HELP = "A dashboard, a report, a person: what somebody would look at to check the number."


class MonthsForm(PlacedErrors):
    """Months of `system` in one unit, a line each; `months` cleans to (month, amount) in order.

    Whatever is wrong with a line is said in one go: how it is written, and what the registry knows against it at `at`.
    """

    unit = forms.ChoiceField(label="Counted in", choices=ExposureUnit.choices, widget=forms.RadioSelect)
    months = forms.CharField(
        label="Months",
        help_text="A month and its use on each line, such as 2026-01 12000. You can paste two columns of a table.",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4, "placeholder": "2026-01 12000\n2026-02 13500", "spellcheck": "false"}),
    )
    source = forms.CharField(label="Where the numbers come from", help_text=SOURCE_HELP, max_length=500)

    def __init__(self, *args, system=None, at=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.system, self.at = system, at

    def clean_months(self):
        lines = [(place, line.strip()) for place, line in enumerate(self.cleaned_data["months"].splitlines(), 1)]
        lines = [(place, line) for place, line in lines if line]
        if len(lines) > MOST_AT_ONCE:
            raise ValidationError(f"At most {MOST_AT_ONCE} months at once.")
        found, errors = {}, {}
        for place, line in lines:
            try:
                found[place] = line_in(line)
            except ValidationError as error:
                errors[place] = error.message
        self.lines = list(found)
        errors |= self.refused(found)
        if errors:
            raise ValidationError(shortened([f"Line {place}: {errors[place]}" for place in sorted(errors)]))
        return list(found.values())

    def refused(self, found):
        """{line: what the action would refuse} of the lines that could be read."""
        about = {"system": self.system, "unit": self.cleaned_data.get("unit", "")}
        rows = [Exposure(month=month, amount=amount, **about) for month, amount in found.values()]
        return {self.lines[place]: words for place, words in problems_of(rows, at=self.at).items()}

    def place_errors(self, error):
        """What was recorded by somebody else since the form was read is said with the number of each line, too."""
        if getattr(error, "code", None) == "rows":
            said = [f"Line {self.lines[place]}: {words}" for place, words in sorted(error.params.items())]
            self.add_error("months", shortened(said))
        else:
            super().place_errors(error)


def line_in(line):
    """(month, amount) that a line such as `2026-01 12,000` writes; raises ValidationError."""
    found = LINE.fullmatch(line)
    if found is None:
        raise ValidationError("Write a month and a whole number, such as 2026-01 12000.")
    amount = found["amount"].translate(IN_NUMBERS)
    if len(amount) > len(str(LARGEST)) or int(amount) > LARGEST:
        raise ValidationError(f"A whole number from 0 to {LARGEST:,}.")
    return month_in(found["month"]), int(amount)


def shortened(errors):
    more = len(errors) - MOST_ERRORS
    return errors if more <= 0 else [*errors[:MOST_ERRORS], f"And {more} more."]


class CorrectionForm(PlacedErrors):
    version_read = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1)
    amount = forms.IntegerField(label="Use in this month", min_value=0, max_value=LARGEST)
    source = forms.CharField(label="Where the number comes from", help_text=SOURCE_HELP, max_length=500)

    def values(self):
        return {name: self.cleaned_data[name] for name in ("amount", "source")}


def correction_of(exposure, data=None):
    initial = {"amount": exposure.amount, "source": exposure.source, "version_read": exposure.version}
    return CorrectionForm(data, initial=initial)
