"""What somebody sent from the log form, read as a whole: the case, its labels, how it stands to others."""

from django.core.exceptions import NON_FIELD_ERRORS

from registry import access
from registry.web.case_forms import case_form
from registry.web.draft_answers import LIKENESS, answers_of
from registry.web.forms.labels_block import LabelsBlock
from registry.web.likeness import KIND_OF


class Writing:
    """One sent form (`data`, a QueryDict). `form` and `labels` (None for who may not label) carry the errors."""

    def __init__(self, person, data, *, draft=None):
        self.person, self.draft = person, draft
        self.answers = answers_of(data)
        self.form = case_form(person, draft=draft, data=data)
        self.labels = LabelsBlock(data) if person.may_label else None

    def is_complete(self):
        """Whether it can be submitted as it stands."""
        self.form.need_everything()
        valid = self.form.is_valid()
        for message in self._label_errors():
            self.form.add_error(None, message)
            valid = False
        return valid

    def _label_errors(self):
        if self.labels is not None:
            return [] if self.labels.is_valid() else self.labels.errors
        if self.answers.get("label"):
            return ["This draft holds labels. Somebody who labels cases submits it, or takes them out."]
        return []

    def place_problems(self, problems):
        """Show what cannot be kept ({field: messages}) at its field, once."""
        for name, messages in problems.items():
            place = name if name in self.form.fields else None
            if not self.form.errors.get(place or NON_FIELD_ERRORS):
                self.form.add_error(place, messages)

    def handed_in(self):
        """What `drafts.submit_draft` and `drafts.log_at_once` take; only when it is complete."""
        ratings = self.labels.ratings() if self.labels is not None else []
        return {"values": self.form.values(), "ratings": ratings, "likenesses": self._likenesses()}

    def _likenesses(self):
        """(case, kind) of what was answered; a case the person may not see any more is left out."""
        said = {}
        for name, texts in self.answers.items():
            found, kind = LIKENESS.fullmatch(name), KIND_OF.get("".join(texts))
            if found and kind:
                said[int(found[1].rpartition("-")[2])] = kind
        said = {number: kind for number, kind in said.items() if number < 2**31}
        others = access.visible_to(self.person).filter(pk__in=said) if said else ()
        return [(other, said[other.pk]) for other in others]
