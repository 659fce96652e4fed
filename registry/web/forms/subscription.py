"""When the weekly digest comes."""

from zoneinfo import available_timezones

from django import forms

from registry.choices import Weekday

# The names people choose from: places, and UTC; not the aliases kept for old programs.
PLACES = ("Africa/", "America/", "Antarctica/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")


def time_zones(current=""):
    names = {name for name in available_timezones() if name.startswith(PLACES)} | {"UTC"}
    return [(name, name.replace("_", " ")) for name in sorted(names | ({current} if current else set()))]


class SubscriptionForm(forms.Form):
    """Weekday, hour and time zone; the action checks them again."""

    weekday = forms.TypedChoiceField(label="Day", choices=Weekday.choices, coerce=int)
    hour = forms.TypedChoiceField(label="Time", choices=[(hour, f"{hour:02}:00") for hour in range(24)], coerce=int)
    time_zone = forms.ChoiceField(label="Time zone", choices=time_zones)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["time_zone"].choices = time_zones(self.initial.get("time_zone", ""))
