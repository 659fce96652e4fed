"""What the page that asks for a run shows: which cases and labels would be counted, and how many."""

from dataclasses import dataclass, field

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import QueryDict
from django.urls import reverse

from registry.actions.populations import population_asked
from registry.choices import LabelRule
from registry.filter_words import NAMES
from registry.models import PatternRun, Population
from registry.patterns.populations import size_of, words_of
from registry.patterns.recompute import FEWEST_EVENTS
from registry.saved_views import views_for
from registry.web import selection
from registry.web.selection import Selection

RULE = "rule"
WINDOW = ("occurred__gte", "occurred__lte")
LATEST = 5
RULES = (
    (
        LabelRule.AGREED,
        "Agreed labels",
        "What a reviewer decided, else what most raters said, else what was published.",
    ),
    (LabelRule.ADJUDICATED, "Adjudicated labels only", "What a reviewer decided, and nothing else."),
    (
        LabelRule.ANY,
        "Every label a rater submitted",
        "Agreed labels, and of closed cases also what a single rater found present.",
    ),
)


@dataclass(frozen=True)
class Asked:
    """What an address asks to be counted. `population` is None for every case with its agreed labels, and where there
    are `problems`, which name what cannot be part of a run; `left_out` names what is no filter at all.
    """

    rule: str
    chosen: Selection
    population: Population | None
    problems: list = field(default_factory=list)

    @property
    def left_out(self):
        return self.chosen.problems

    @property
    def number(self):
        return self.population.pk if self.population else None


def read(query, *, person):
    parameters = query.copy()
    rule = parameters.pop(RULE, [LabelRule.AGREED.value])[-1] or LabelRule.AGREED.value
    chosen = selection.read(parameters, person=person)
    try:
        return Asked(rule, chosen, population_asked(label_rule=rule, query=chosen.parameters.urlencode()))
    except ValidationError as error:
        return Asked(rule, chosen, None, in_words(error))


def in_words(error):
    """What a ValidationError says, with the names that filters have on the pages."""
    if not hasattr(error, "error_dict"):
        return error.messages
    return [
        words if name in (NON_FIELD_ERRORS, "query") else f"{NAMES.get(name, name)}: {words}"
        for name, messages in error.message_dict.items()
        for words in messages
    ]


def address_of(population):
    """Where the page of this population stands; of all cases with their agreed labels for None."""
    parameters = QueryDict(population.query if population else "", mutable=True)
    if population and population.label_rule != LabelRule.AGREED:
        parameters[RULE] = population.label_rule
    query = parameters.urlencode(safe=":,")
    return reverse("pattern-new") + (f"?{query}" if query else "")


def context(asked, person):
    size = None if asked.problems else size_of(asked.population)
    return {
        "asked": asked,
        "rules": [
            {"value": rule.value, "name": name, "about": about, "chosen": rule == asked.rule}
            for rule, name, about in RULES
        ],
        "chips": [{**chip, "without": _with_rule(chip["without"], asked.rule)} for chip in asked.chosen.chips],
        "window": {name.removeprefix("occurred__"): _day(asked.chosen, name) for name in WINDOW},
        "kept": [
            (name, value) for name, values in asked.chosen.parameters.lists() if name not in WINDOW for value in values
        ],
        "views": views_for(person),
        "words": "" if asked.problems else words_of(asked.population),
        "size": size and {"cases": size[0], "events": size[1], "enough": _enough(asked, size)},
        "fewest": FEWEST_EVENTS,
        "earlier": list(PatternRun.objects.of(asked.number).order_by("-pk")[:LATEST]) if _is_known(asked) else [],
    }


def _enough(asked, size):
    """All cases are computed however few they are; the limit is for choosing among them."""
    return asked.population is None or size[1] >= FEWEST_EVENTS


def _is_known(asked):
    return not asked.problems and (asked.population is None or asked.number is not None)


def _with_rule(query, rule):
    return f"{query}&{RULE}={rule}" if rule in LabelRule.values and rule != LabelRule.AGREED else query


def _day(chosen, name):
    day = chosen.cleaned.get(name)
    return day.isoformat() if day else ""
