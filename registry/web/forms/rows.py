"""Fields that take several rows of two texts each: systems with versions, sources with addresses."""

from itertools import zip_longest

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator, URLValidator
from django.forms.utils import flatatt
from django.template.loader import render_to_string

MOST = 20
NO_NUL = ProhibitNullCharactersValidator()


class PairsWidget(forms.Widget):
    """Rows of two inputs. The names of both are repeated in the form, so an address can prefill them."""

    def __init__(self, *, second, words, kind="text", suggestions=""):
        """`second`: name of the second input; `words`: of both inputs and of “another one”."""
        super().__init__()
        self.second, self.words, self.kind, self.suggestions = second, words, kind, suggestions

    def value_from_datadict(self, data, files, name):
        firsts, seconds = several(data, name), several(data, self.second)
        return list(zip_longest(firsts, seconds, fillvalue=""))

    def value_omitted_from_data(self, data, files, name):
        return name not in data and self.second not in data

    def render(self, name, value, attrs=None, renderer=None):
        filled = [pair for pair in value or () if any(text.strip() for text in pair)]
        context = {
            "name": name,
            "attrs": flatatt(self.build_attrs(self.attrs, attrs)),
            "rows": filled or [("", "")],
            "widget": self,
        }
        return render_to_string("log/_pairs.html", context)


def several(data, name):
    return data.getlist(name) if hasattr(data, "getlist") else data.get(name, [])


class PairsField(forms.Field):
    """Cleans to a list of (first, second), tidied, rows without text left out."""

    longest = (200, 100)

    def __init__(self, *, needed="", **options):
        super().__init__(required=False, **options)
        self.needed = needed

    def to_python(self, value):
        pairs = [tuple(" ".join(text.split()) for text in pair) for pair in value or ()]
        return list(dict.fromkeys(pair for pair in pairs if any(pair)))

    def validate(self, value):
        super().validate(value)
        if len(value) > MOST:
            raise ValidationError(f"At most {MOST} of them.")
        for pair in value:
            for text, limit in zip(pair, self.longest, strict=True):
                NO_NUL(text)
                if len(text) > limit:
                    raise ValidationError(f"“{text[:40]}…” has {len(text)} characters; at most {limit} are kept.")
        self.check(value)

    def check(self, value):
        if any(not first for first, _ in value):
            raise ValidationError(self.needed)


class SourcesField(PairsField):
    """(address, title) of sources; a title alone is enough, and an address alone is its own title."""

    longest = (1000, 500)
    is_address = URLValidator(schemes=["http", "https"])

    def check(self, value):
        for address, _ in value:
            if address:
                try:
                    self.is_address(address)
                except ValidationError:
                    raise ValidationError(f"“{address[:80]}” is no web address; it starts with https://.") from None


class NamesField(forms.CharField):
    """Names, one a line or separated by commas; cleans to a list."""

    def __init__(self, **options):
        options.setdefault("widget", forms.Textarea(attrs={"rows": 1}))
        super().__init__(required=False, max_length=5000, **options)

    def prepare_value(self, value):
        return "\n".join(value) if isinstance(value, list) else value
