"""The pages where people make, see and revoke their own tokens."""

from datetime import timedelta

from allauth.account.decorators import reauthentication_required
from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from api.models import ApiToken, Scope
from api.serializers.tokens import state_of
from api.tokens import DEFAULT_DAYS, create_token, revoke_token

# A token that ends within this is marked, so that it can be replaced in time.
SOON = timedelta(days=7)
MOST_PAST = 50
LIVES = ((7, "A week"), (30, "30 days"), (90, "90 days"), (180, "Half a year"), (365, "A year"))
ALLOWS = {
    Scope.CASES_READ: "Reading cases and all that stands beside them, as far as you may see them, and patterns.",
    Scope.CASES_WRITE: "Logging cases. With cases:read also changing them, moving them on and working on them.",
    Scope.LABELS_WRITE: "Labelling cases, rating them and deciding between raters, in your name.",
    Scope.TAXONOMY_WRITE: "Changing the vocabularies.",
    Scope.EXPORT: "With cases:read, taking out all cases at once, and webhooks.",
    Scope.ADMIN: "All that only administrators may: people, their tokens and roles.",
}
EXAMPLE = 'curl -H "Authorization: Bearer {text}" \\\n  {base}/api/v1/me/'


class TokenForm(forms.Form):
    """What a new token is for. `admin` is offered to administrators only: others could do nothing with it."""

    name = forms.CharField(
        label="What will use it?",
        max_length=60,
        help_text="A name you will still understand when it asks to be renewed, such as “nightly evaluation”.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    scopes = forms.MultipleChoiceField(
        label="What may it do?",
        help_text="No more than it needs. Whatever you choose, it never does what you may not do yourself.",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one."},
    )
    days = forms.TypedChoiceField(
        label="How long?", help_text="Afterwards it is refused. You can end it before.", choices=LIVES, coerce=int
    )

    def __init__(self, *arguments, person, **options):
        super().__init__(*arguments, initial={"days": DEFAULT_DAYS, "scopes": [Scope.CASES_READ]}, **options)
        offered = [scope for scope in Scope if scope != Scope.ADMIN or person.is_administrator]
        self.fields["scopes"].choices = [(scope.value, scope.value) for scope in offered]
        self.fields["scopes"].descriptions = {scope.value: ALLOWS[scope] for scope in offered}


@require_safe
@never_cache
def tokens(request):
    now = timezone.now()
    found = {"active": [], "expired": [], "revoked": []}
    for token in ApiToken.objects.filter(person=request.user).order_by("-pk"):
        found[state_of(token, now)].append(token)
    past = sorted([*found["expired"], *found["revoked"]], key=ended_at, reverse=True)
    for token in found["active"]:
        token.ends_soon = token.expires_at - now < SOON
    return render(request, "account/tokens.html", {"active": found["active"], "past": past[:MOST_PAST]})


def ended_at(token):
    return min(filter(None, (token.revoked_at, token.expires_at)))


@reauthentication_required
@never_cache
def new_token(request):
    """The form, and once it is sent the token. There is no redirect in between: it is kept nowhere."""
    form = TokenForm(request.POST or None, person=request.user)
    if request.method != "POST" or not form.is_valid():
        return render(request, "account/token_new.html", {"form": form}, status=422 if form.errors else 200)
    token, text = create_token(person=request.user, by=request.user, at=timezone.now(), **form.cleaned_data)
    example = EXAMPLE.format(text=text, base=settings.BASE_URL)
    return render(request, "account/token_made.html", {"token": token, "text": text, "example": example})


@require_POST
def revoke(request, number):
    token = ApiToken.objects.filter(person=request.user, pk=number).first() if number < 2**31 else None
    if token is None:
        raise Http404
    revoke_token(token=token, by=request.user, at=timezone.now())
    messages.success(request, f"“{token.name}” is revoked. What used it is refused from now on.")
    return redirect("account-tokens")
