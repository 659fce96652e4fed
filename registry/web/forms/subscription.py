"""What a digest follows, when it comes and on which conditions; the actions check all of it again."""

from zoneinfo import available_timezones

from django import forms
from django.contrib.humanize.templatetags.humanize import ordinal
from django.core.exceptions import ValidationError

from registry.actions import following
from registry.actions.subscriptions import CONDITIONS, SCHEDULE
from registry.choices import About, Cadence, Weekday
from registry.models.subscription import LAST_DAY
from registry.saved_views import find_view, views_for
from registry.web.forms.placing import PlacedErrors
from taxonomy.models import SeverityTier

# The names people choose from: places, and UTC; not the aliases kept for old programs.
PLACES = ("Africa/", "America/", "Antarctica/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")
ABOUT_WORDS = {
    About.EVERYTHING: "Every case you may see, and all patterns.",
    About.VIEW: "The cases that your filters find, or those somebody shares.",
    About.BRANCH: "Cases that carry a node, or any node below it.",
    About.SYSTEM: "Cases that name it.",
    About.QUEUE: "What you own, reported or review, and the debt you owe.",
}
RHYTHMS = [
    (Cadence.WEEKLY, "Every week"),
    (Cadence.DAILY, "Every day"),
    (Cadence.MONTHLY, "Every month"),
    (Cadence.HOURLY, "As soon as it happens"),
]
MYSELF = ""


def time_zones(current=""):
    names = {name for name in available_timezones() if name.startswith(PLACES)} | {"UTC"}
    return [(name, name.replace("_", " ")) for name in sorted(names | ({current} if current else set()))]


class WishForm(PlacedErrors):
    """When a digest comes, and what must have happened."""

    cadence = forms.ChoiceField(label="How often", choices=RHYTHMS, widget=forms.RadioSelect, initial=Cadence.WEEKLY)
    weekday = forms.TypedChoiceField(label="Day of the week", choices=Weekday.choices, coerce=int, initial=0)
    day = forms.TypedChoiceField(
        label="Day of the month", choices=[(n, ordinal(n)) for n in range(1, LAST_DAY + 1)], coerce=int, initial=1
    )
    hour = forms.TypedChoiceField(
        label="Time", choices=[(hour, f"{hour:02}:00") for hour in range(24)], coerce=int, initial=7
    )
    time_zone = forms.ChoiceField(label="Time zone", choices=time_zones)
    only_if_moved = forms.BooleanField(label="Something moved", required=False)
    max_q = forms.FloatField(
        label="q of a pattern falls below",
        required=False,
        widget=forms.NumberInput(attrs={"min": 0, "max": 1, "step": "any", "placeholder": "0.05"}),
    )
    min_debt = forms.IntegerField(
        label="Alignment debt rises above",
        required=False,
        widget=forms.NumberInput(attrs={"min": 0, "placeholder": "40"}),
    )
    min_severity = forms.ModelChoiceField(
        SeverityTier.objects.order_by("-rank"),
        label="A case comes in of at least this potential severity",
        required=False,
        to_field_name="slug",
        empty_label="–",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["time_zone"].choices = time_zones(self.initial.get("time_zone", ""))

    def clean_max_q(self):
        """Said here too, so that it is said together with what else is wrong."""
        max_q = self.cleaned_data["max_q"]
        if max_q is not None and not 0 < max_q < 1:
            raise ValidationError("q lies between 0 and 1.")
        return max_q

    def wishes(self):
        return {name: self.cleaned_data[name] for name in SCHEDULE + CONDITIONS}


class SubscriptionForm(WishForm):
    """The same, with what is followed and who gets it."""

    about = forms.ChoiceField(
        label="What it tells of", choices=About.choices, widget=forms.RadioSelect, initial=About.EVERYTHING
    )
    about.descriptions = ABOUT_WORDS
    view = forms.ChoiceField(label="View", required=False)
    node = forms.CharField(label="Branch", max_length=300, required=False)
    system = forms.CharField(label="System", max_length=200, required=False)
    team = forms.ChoiceField(label="Who gets it", required=False)

    def __init__(self, person, data=None, **options):
        super().__init__(data, **options)
        self.person = person
        views = [(view.slug, view_words(view, person)) for view in views_for(person)]
        self.fields["view"].choices = [("", "Choose a view"), *views]
        self.teams = {str(team.pk): team for team in following.teams_for(person)}
        addresses = [(number, f"{team.name}, {team.email}") for number, team in self.teams.items()]
        self.fields["team"].choices = [(MYSELF, f"You, {person.email}"), *addresses]

    def clean(self):
        """Rows for names: of what is followed only, whatever else was typed before another choice was made."""
        cleaned = super().clean()
        finders = {
            "view": lambda slug: find_view(self.person, slug),
            "node": following.node_named,
            "system": lambda name: following.system_named(self.person, name),
        }
        for name, find in finders.items():
            named = cleaned.get(name)
            cleaned[name] = None
            if named and following.NAMED_BY.get(cleaned.get("about")) == name:
                try:
                    cleaned[name] = find(named)
                except ValidationError as error:
                    self.add_error(name, error)
        cleaned["team"] = self.teams.get(cleaned.get("team"))
        return cleaned


def view_words(view, person):
    return view.name if view.owner_id == person.pk else f"{view.name}, shared by {view.owner.name}"


class PauseForm(forms.Form):
    """The day on which digests go on."""

    until = forms.DateField(label="Until", widget=forms.DateInput(attrs={"type": "date"}))
