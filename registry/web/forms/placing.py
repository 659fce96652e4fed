"""Where a form shows what an action refused."""

from typing import ClassVar

from django import forms


class PlacedErrors(forms.Form):
    """A form that takes the ValidationError of an action: each message at its field, the rest above the form.

    `field_of` names the fields that are called otherwise here.
    """

    field_of: ClassVar[dict] = {}

    def place_errors(self, error):
        by_field = error.error_dict if hasattr(error, "error_dict") else {None: error.error_list}
        for name, errors in by_field.items():
            name = self.field_of.get(name, name)
            self.add_error(name if name in self.fields else None, errors)
