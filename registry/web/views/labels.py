"""Rating a case: say of a node whether it applies, take a label back, submit the rating or stand aside."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from registry import access
from registry.actions import labels, ratings
from registry.actions.signing import Conflict
from registry.choices import Right
from registry.web import passages
from registry.web.forms.rating import RatingForm
from registry.web.label_page import label_address, label_context, own_label, own_rating, sent_form, starting_form

QUOTE_TAKEN = 2_000
CHANGED = (
    "You changed this label in another window; what it says there is below your own answer. Yours is not kept yet."
)
RATING_CHANGED = "You changed this rating in another window. Look at it again, then submit it."


@require_http_methods(["GET", "HEAD", "POST"])
def label_case(request, reference):
    case = access.case_for(request.user, reference, to=Right.LABEL)
    if request.method != "POST":
        form, problem = starting_form(request, case)
        return render(request, "case/label.html", label_context(request, case, form, problem=problem))
    if "take" in request.POST or "look" in request.POST:
        return quote_from(request, case)
    form = sent_form(request.POST)
    if not form.is_valid():
        return render(request, "case/label.html", label_context(request, case, form), status=422)
    try:
        label = labels.label_case(case=case, by=request.user, at=timezone.now(), hold=True, **form.values())
    except Conflict as conflict:
        return stale_label(request, case, conflict.current)
    except ValidationError as error:
        form.place_errors(error)
        return render(request, "case/label.html", label_context(request, case, form), status=422)
    messages.success(request, recorded(label))
    if not passages.stands_in(case, label.quote):
        messages.warning(request, not_found(case))
    return redirect(label_address(case))


def quote_from(request, case):
    """The same form with a passage as its quote, or with other passages to choose from; nothing is recorded."""
    data = request.POST.copy()
    if passage := passages.passage_of(case, data.get("take", "")):
        data["quote"] = passage.text[:QUOTE_TAKEN]
    form = sent_form(data)
    form.full_clean()
    form.errors.clear()
    return render(request, "case/label.html", label_context(request, case, form, words=data.get("find", "")))


def stale_label(request, case, current):
    data = request.POST.copy()
    data["version"] = current.version if current.pk else 0
    form = sent_form(data)
    context = label_context(request, case, form) | {"there": current if current.pk else None, "conflict": CHANGED}
    return render(request, "case/label.html", context, status=409)


def recorded(label):
    if label.submitted_at:
        return f"Your label “{label.node}” is recorded, for all to see."
    return f"Your label “{label.node}” is recorded. Only you see it until you submit your rating."


def not_found(case):
    files = " Files are not looked through." if passages.has_files(case) else ""
    return f"Your quote does not stand word for word in the case’s texts, transcripts or notes. Check it.{files}"


@require_POST
def take_back(request, reference, number):
    case = access.case_for(request.user, reference, to=Right.LABEL)
    label = own_label(request.user, case, number)
    if label is None:
        raise Http404
    labels.take_back_label(label=label, by=request.user, at=timezone.now())
    messages.success(request, f"Your label “{label.node}” is taken back; the history keeps it.")
    return redirect(label_address(case))


@require_POST
def submit_rating(request, reference):
    case = access.case_for(request.user, reference, to=Right.LABEL)
    form = RatingForm(request.POST)
    if not form.is_valid():
        return render(request, "case/label.html", label_context(request, case, None, rating_form=form), status=422)
    try:
        ratings.submit_rating(case=case, by=request.user, at=timezone.now(), **form.cleaned_data)
    except Conflict:
        return rating_again(request, case, RATING_CHANGED)
    except ValidationError as error:
        form.add_error(None, error)
        return render(request, "case/label.html", label_context(request, case, None, rating_form=form), status=422)
    messages.success(request, "Your rating is submitted. Others see it now, and you see theirs.")
    return redirect(f"{case.get_absolute_url()}#classification")


def rating_again(request, case, words):
    """What was ticked stays; the version is the one the page now shows."""
    data = request.POST.copy()
    data["version"] = own_rating(request.user, case).version
    form = RatingForm(data)
    form.add_error(None, words)
    return render(request, "case/label.html", label_context(request, case, None, rating_form=form), status=409)


@require_POST
def stand_aside(request, reference):
    case = access.case_for(request.user, reference, to=Right.LABEL)
    try:
        ratings.stand_aside(case=case, by=request.user, at=timezone.now())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(label_address(case))
    messages.success(request, "You stand aside: you see what the raters said. What you say from now on is not blind.")
    if request.POST.get("next") == "adjudicate" and request.user.may_review:
        return redirect("case-adjudicate", case.reference)
    return redirect(f"{case.get_absolute_url()}#classification")
