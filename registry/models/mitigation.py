"""What is done so that it does not happen again."""

from django.db import models
from django.db.models import Q

from registry.choices import Effect, MitigationState
from registry.models.case import Case
from registry.models.people import Person
from taxonomy.constraints import at_most, filled, one_of, tracked
from taxonomy.models import Node


@tracked()
class Mitigation(models.Model):
    """One row is one measure against one or several cases: who does it, by when, and whether it was seen to help."""

    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    node = models.ForeignKey(Node, null=True, blank=True, on_delete=models.PROTECT, related_name="mitigations")
    state = models.CharField(max_length=20, choices=MitigationState.choices, default=MitigationState.PROPOSED)
    owner = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="mitigations")
    due_on = models.DateField(null=True, blank=True)
    effect = models.CharField(max_length=10, choices=Effect.choices, default=Effect.UNKNOWN)
    effect_note = models.TextField(blank=True, help_text="How the effect was checked.")
    proposed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    cases = models.ManyToManyField(Case, through="MitigationCase", related_name="mitigations")
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_owner_once_accepted",
                condition=Q(owner__isnull=False) | Q(state__in=[MitigationState.PROPOSED, MitigationState.WILL_NOT_DO]),
                violation_error_message="A mitigation that was accepted has an owner.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_effect_once_done",
                condition=Q(effect=Effect.UNKNOWN) | Q(state=MitigationState.DONE),
                violation_error_message="The effect is verified once the mitigation is done.",
            ),
            one_of("state", MitigationState),
            one_of("effect", Effect),
            filled("title"),
            at_most("description", 10000),
            at_most("effect_note", 10000),
        ]

    def __str__(self):
        return self.title


@tracked()
class MitigationCase(models.Model):
    """One row says that a mitigation answers one case."""

    mitigation = models.ForeignKey(Mitigation, on_delete=models.PROTECT, related_name="answered")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="answers")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_once",
                fields=["mitigation", "case"],
                violation_error_message="This mitigation answers the case already.",
            )
        ]

    def __str__(self):
        return f"{self.mitigation}: {self.case}"
