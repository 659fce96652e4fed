"""Talking about a case: saying something, answering, changing, removing, resolving."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from registry import access
from registry.actions import comments
from registry.actions.signing import Conflict
from registry.web import case_page, discussion
from registry.web.forms.comment import CommentForm
from registry.web.numbers import whole


@require_POST
def add(request, reference):
    case = access.case_for(request.user, reference)
    form = CommentForm(request.POST)
    number = whole(request.POST.get("answers"))
    answers = number and access.comment_for(request.user, number)
    thread = answers and (answers.answers or answers)
    said = added(request, case, form, answers)
    if said is None:
        return refused(request, case, form, thread)
    if not request.htmx:
        return redirect(place_of(said))
    return piece(request, case, only=thread or said, fresh=said, begun=thread is None)


def added(request, case, form, answers):
    """The comment that was said; None if it was refused, which the form then explains."""
    if not form.is_valid():
        return None
    text = form.cleaned_data["text"]
    try:
        return comments.add_comment(case=case, by=request.user, at=timezone.now(), text=text, answers=answers)
    except ValidationError as error:
        place(form, error)
        return None


def refused(request, case, form, thread):
    """The text again with what is wrong with it: in its own place for htmx, on the whole page otherwise."""
    about = {"case": case, "say": form, "say_to": thread and thread.pk}
    if not request.htmx:
        page = case_page.context(request.user, case, today=timezone.localdate())
        return render(request, "case/page.html", page | about, status=422)
    if thread is None:
        return render(request, "discussion/_say.html", about)
    [shown] = discussion.threads_of(request.user, case, only=thread)
    return render(request, "discussion/_thread.html", about | {"thread": shown})


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, pk):
    comment = access.comment_for(request.user, pk)
    if comment.author_id != request.user.pk:
        raise PermissionDenied("Only its author changes a comment.")
    if request.method != "POST":
        return edit_page(request, comment, CommentForm(initial={"text": comment.text, "version_read": comment.version}))
    form = CommentForm(request.POST)
    if not form.is_valid():
        return edit_page(request, comment, form, status=422)
    return edited(request, comment, form)


def edited(request, comment, form):
    given = form.cleaned_data
    try:
        comments.edit_comment(
            comment=comment, by=request.user, at=timezone.now(), text=given["text"], version=given["version_read"]
        )
    except Conflict as conflict:
        form = CommentForm({"text": request.POST["text"], "version_read": conflict.current.version})
        form.is_valid()
        form.add_error("text", f"It was changed meanwhile, to: {conflict.current.text}")
        return edit_page(request, comment, form, status=409)
    except ValidationError as error:
        place(form, error)
        return edit_page(request, comment, form, status=422)
    return redirect(place_of(comment))


def edit_page(request, comment, form, *, status=200):
    context = {"case": comment.case, "comment": comment, "form": form}
    return render(request, "discussion/edit.html", context, status=status)


@require_POST
def remove(request, pk):
    comment = access.comment_for(request.user, pk)
    comments.remove_comment(comment=comment, by=request.user, at=timezone.now())
    return after(request, comment)


@require_POST
def resolve(request, pk):
    comment = access.comment_for(request.user, pk)
    resolved = request.POST.get("resolved") != "0"
    comments.resolve_thread(comment=comment, by=request.user, at=timezone.now(), resolved=resolved)
    return after(request, comment, acted="resolve")


def after(request, comment, *, acted="remove"):
    """The thread as it stands now for htmx; otherwise the case's page at that place."""
    thread = comment.answers or comment
    if request.htmx:
        return piece(request, comment.case, only=thread, acted=acted)
    return redirect(f"{comment.case.get_absolute_url()}#discussion")


def piece(request, case, *, only, **marks):
    """One thread, and the numbers that stand elsewhere on the page."""
    about = discussion.context(request.user, case)
    shown = next((thread for thread in about["threads"] if thread.comment.pk == only.pk), None)
    context = {"case": case, "thread": shown, **about, **marks}
    return render(request, "discussion/_piece.html", context)


def place_of(comment):
    return f"{comment.case.get_absolute_url()}#comment-{comment.pk}"


def place(form, error):
    by_field = error.message_dict if hasattr(error, "error_dict") else {"text": error.messages}
    for messages in by_field.values():
        form.add_error("text", messages)
