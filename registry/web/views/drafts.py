"""Drafts: saved while somebody types, finished on a page of their own, shared, discarded and brought back."""

from allauth.account import app_settings as account_settings
from allauth.account.forms import LoginForm
from allauth.core import ratelimit
from allauth.mfa.utils import is_mfa_enabled
from allauth.utils import get_form_class
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.http import JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from registry import access
from registry.actions import drafts
from registry.actions.drafts import NotOpen
from registry.actions.signing import Conflict
from registry.web.case_forms import case_form, narrowest_if_unknown
from registry.web.draft_answers import as_data, digests_of, initial_of, merge
from registry.web.draft_json import Refused, answered_in_json, by_field, read_changes, read_json, told
from registry.web.drafts_page import list_context, share_context
from registry.web.forms.labels_block import LabelsBlock
from registry.web.forms.share import ShareForm
from registry.web.log_page import log_context
from registry.web.views.log import after_submitting, log_page
from registry.web.writing import Writing


@answered_in_json
def new(request):
    sent = read_changes(request)
    saved = drafts.start_draft(by=request.user, at=timezone.now(), changes=sent.changes, key=sent.key)
    key = {"key": saved.draft.pk}
    addresses = {
        "key": str(saved.draft.pk),
        "page_url": reverse("draft", kwargs=key),
        "save_url": reverse("draft-save", kwargs=key),
        "evidence_url": reverse("draft-evidence", kwargs=key),
    }
    return JsonResponse(told(saved, sent) | addresses, status=201)


@answered_in_json
def autosave(request, key):
    sent = read_changes(request)
    draft = access.draft_for(request.user, key)
    saved = drafts.save_changes(draft=draft, by=request.user, at=timezone.now(), changes=sent.changes)
    return JsonResponse(told(saved, sent))


@sensitive_variables()
@login_not_required
@require_POST
@never_cache
def sign_in_again(request):
    """Sign in without leaving the page, by the sign-in page's own form and under its limits."""
    try:
        body = read_json(request)
    except Refused as refused:
        return JsonResponse({"detail": "Send “username” and “password”."}, status=refused.status)
    if not ratelimit.consume(request, action="login"):
        return JsonResponse({"detail": "Too many attempts. Wait a minute and try again."}, status=429)
    typed = {"login": body.get("username"), "password": body.get("password")}
    if not all(isinstance(text, str) and drafts.is_whole(text) for text in typed.values()):
        return JsonResponse({"detail": "Send “username” and “password”."}, status=400)
    form = get_form_class(account_settings.FORMS, "login", LoginForm)(typed, request=request)
    if not form.is_valid():
        limited = form.has_error(NON_FIELD_ERRORS, "too_many_login_attempts")
        detail = " ".join(message for messages in form.errors.values() for message in messages)
        return JsonResponse({"detail": detail}, status=429 if limited else 403)
    if is_mfa_enabled(form.user):
        detail = "You sign in with a second factor. Do that in another tab, then come back here."
        return JsonResponse({"detail": detail, "url": reverse("account_login")}, status=409)
    form.login(request)
    if not request.user.is_authenticated:
        return JsonResponse({"detail": "This account may not sign in."}, status=403)
    return JsonResponse({"csrf": get_token(request)})


@require_http_methods(["GET", "HEAD", "POST"])
def page(request, key):
    draft = access.draft_for(request.user, key)
    if draft.case_id:
        return redirect("case-receipt", reference=draft.case.reference)
    if request.method == "POST":
        return taken_in(request, draft)
    if draft.discarded_at:
        return redirect(f"{reverse('draft-list')}?discarded={draft.pk}")
    return shown(request, draft)


def shown(request, draft):
    """The log page with what was typed so far."""
    form = case_form(request.user, draft=draft)
    form.initial = initial_of(form, draft.answers) | read_now(draft)
    narrowest_if_unknown(form)
    labels = LabelsBlock(as_data(draft.answers)) if request.user.may_label else None
    return render(request, "log/log.html", log_context(request.user, form, draft=draft, labels=labels))


def read_now(draft):
    return {"version_read": draft.version, "digests_read": digests_of(draft.answers)}


def taken_in(request, draft):
    """Keep or submit what was sent, on top of what others wrote; nothing of theirs goes unseen."""
    merged = merge(case_form(request.user, draft=draft), draft, request.POST)
    writing = writing_of(request, draft, merged.answers)
    if merged.clashes:
        return log_page(request, writing, conflict=merged, status=409)
    try:
        draft = drafts.save_all(
            draft=draft, by=request.user, at=timezone.now(), version=merged.version, answers=writing.answers
        )
        return handed_in(request, draft, merged.answers)
    except Conflict as conflict:
        return taken_in(request, conflict.current)
    except NotOpen as closed:
        return closed_meanwhile(request, writing, closed.draft)
    except ValidationError as error:
        writing.place_problems(by_field(error))
        return log_page(request, writing, status=422)


def writing_of(request, draft, answers):
    """The Writing of `answers` on the page of `draft` as it stands."""
    data = as_data(answers)
    for name, value in read_now(draft).items():
        data[name] = str(value)
    return Writing(request.user, data, draft=draft)


def handed_in(request, draft, answers):
    """What follows once everything typed is kept."""
    if "keep" in request.POST:
        messages.success(request, "Your draft is saved.")
        return redirect(draft)
    writing = writing_of(request, draft, answers)
    if not writing.is_complete():
        return log_page(request, writing, status=422)
    try:
        case = drafts.submit_draft(
            draft=draft, by=request.user, at=timezone.now(), version=draft.version, **writing.handed_in()
        )
    except ValidationError as error:
        writing.form.place_errors(error)
        return log_page(request, writing, status=422)
    return after_submitting(request, case)


def closed_meanwhile(request, writing, draft):
    """To the case somebody made of the draft; a discarded one keeps what was typed on the page."""
    if draft.case_id:
        return redirect("case-receipt", reference=draft.case.reference)
    message = f"{draft.author} discarded this draft. Copy what you need, or have it restored on the drafts page."
    writing.form.add_error(None, message)
    return log_page(request, writing, status=410)


@require_GET
def draft_list(request):
    if not request.user.may_log:
        raise PermissionDenied("Readers do not log cases; ask an administrator for another role.")
    return render(request, "drafts/list.html", list_context(request.user, request.GET.get("discarded", "")))


@require_POST
def discard(request, key):
    draft = access.draft_for(request.user, key)
    try:
        drafts.discard_draft(draft=draft, by=request.user, at=timezone.now())
    except NotOpen as closed:
        return redirect("case-receipt", reference=closed.draft.case.reference)
    return redirect(f"{reverse('draft-list')}?discarded={draft.pk}")


@require_POST
def restore(request, key):
    draft = access.draft_for(request.user, key)
    try:
        drafts.restore_draft(draft=draft, by=request.user, at=timezone.now())
    except NotOpen as closed:
        return redirect("case-receipt", reference=closed.draft.case.reference)
    messages.success(request, f"“{draft.title}” is back.")
    return redirect("draft-list")


@require_http_methods(["GET", "HEAD", "POST"])
def share(request, key):
    draft = access.draft_for(request.user, key)
    if draft.author_id != request.user.pk:
        raise PermissionDenied("Only its author shares and discards a draft.")
    if draft.case_id:
        return redirect("case-receipt", reference=draft.case.reference)
    form = ShareForm(request.POST or None, draft=draft)
    if request.method == "POST" and form.is_valid() and shared(request, draft, form):
        return redirect("draft-share", key=draft.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "drafts/share.html", share_context(draft, form), status=status)


def shared(request, draft, form):
    """Add or remove whom the form names; False with the error at its field where the action refused."""
    act, words = (drafts.unshare_draft, "no longer writes") if form.removing else (drafts.share_draft, "now writes")
    try:
        for person in form.cleaned_data["people"]:
            act(draft=draft, by=request.user, at=timezone.now(), person=person)
            messages.success(request, f"{person} {words} in this draft.")
    except ValidationError as error:
        form.place_errors(error)
        return False
    except NotOpen:
        form.add_error(None, "This draft is discarded. Restore it first.")
        return False
    return True
