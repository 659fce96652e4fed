"""Talking about a case: saying something, answering, changing, removing, resolving."""

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Exists, OuterRef, Q
from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.response import Response

from api import describing
from api.errors import Problem, error
from api.finding import in_range
from api.models import Scope
from api.serializers.case_input import NothingInput, checked
from api.serializers.comments import CommentInput, CommentShape, CommentTextInput, comment_of
from api.versions import required_version
from api.views.base import WRITE, ListView, VersionedView, answer
from registry import access
from registry.actions import comments
from registry.models import Comment


def rows():
    named = ArrayAgg("mentions__person__username", default=[], filter=~Q(mentions=None))
    return Comment.objects.select_related("author", "resolved_by").annotate(named=named)


@describing.listed("list_comments", "What was said about a case; a removed comment keeps its place above its answers")
class CaseComments(ListView):
    scopes = {"GET": (Scope.CASES_READ,), "POST": WRITE}
    shape, build = CommentShape, comment_of

    def found(self, reference):
        case = access.case_for(self.request.user, reference)
        answered = Exists(Comment.objects.filter(answers=OuterRef("pk"), removed_at=None))
        return rows().filter(Q(removed_at=None) | answered, case=case)

    @describing.writes(
        CommentShape,
        takes=CommentInput,
        status=201,
        operation_id="add_comment",
        summary="Say something about a case, or answer a comment; who is named with @username is told",
        examples=[describing.example("Naming somebody", {"text": "Was it the grader, @mira?"})],
    )
    def post(self, request, reference):
        case = access.case_for(request.user, reference)
        values = checked(CommentInput, request.data)
        answers = self.answered(case, values.get("answers"))
        try:
            said = comments.add_comment(
                case=case, by=request.user, at=timezone.now(), text=values["text"], answers=answers
            )
        except Http404:  # the thread went between the two
            raise nothing_to_answer() from None
        data = comment_of(rows().get(pk=said.pk), self.addresses())
        return answer(request, data, version=said.version, status=201, headers={"Location": data["url"]})

    def answered(self, case, number):
        """The comment of this case with that number; one that may not be seen is none."""
        if number is None:
            return None
        try:
            comment = access.comment_for(self.request.user, number)
        except Http404:
            raise nothing_to_answer() from None
        if comment.case_id != case.pk:
            raise nothing_to_answer()
        return comment


def nothing_to_answer():
    words = "There is no such comment on this case."
    return Problem("invalid-input", words, errors=[error("#/answers", words, "unknown_row")])


class OneComment(VersionedView):
    named = "comment"
    scopes = {"GET": (Scope.CASES_READ,), "PATCH": WRITE, "DELETE": WRITE}

    @describing.reads(CommentShape, operation_id="read_comment", summary="One comment")
    def get(self, request, number):
        return self.answer_for(self.comment(number))

    @describing.writes(
        CommentShape,
        takes=CommentTextInput,
        matched=True,
        operation_id="edit_comment",
        summary="Say it differently; only its author does",
        examples=[describing.example("Corrected", {"text": "It was the grader."})],
    )
    def patch(self, request, number):
        return self.changed(comments.edit_comment, number, takes=CommentTextInput)

    @extend_schema(
        operation_id="remove_comment",
        summary="Take a comment off the page; answers to it stay",
        parameters=[describing.IF_MATCH],
        responses={204: None, **describing.refusals(*describing.READING, 409, 412, 428)},
    )
    def delete(self, request, number):
        comment = self.comment(number)
        self.carry_out(comments.remove_comment, comment, required_version(request, comment.version))
        return Response(status=204)

    def comment(self, number):
        return access.comment_for(self.request.user, in_range(number))

    def changed(self, action, number, *, takes, **more):
        comment = self.comment(number)
        version = required_version(self.request, comment.version)
        values = checked(takes, self.request.data)
        return self.answer_for(self.carry_out(action, comment, version, **values, **more))

    def data_of(self, comment):
        return comment_of(rows().get(pk=comment.pk), self.addresses())


class ThreadStep(OneComment):
    scopes = {"POST": WRITE}
    http_method_names = ("post",)
    resolved = None

    def require_seen(self, number):
        self.comment(number)

    def post(self, request, number):
        return self.changed(comments.resolve_thread, number, takes=NothingInput, resolved=self.resolved)


def thread_step(name, *, resolved, summary):
    """The view of one step, so that the API document describes each by itself."""
    view = type(f"{name.title()}Thread", (ThreadStep,), {"resolved": resolved})
    described = describing.writes(
        CommentShape, takes=NothingInput, matched=True, operation_id=f"{name}_thread", summary=summary
    )
    return extend_schema_view(post=described)(view)


ResolveThread = thread_step("resolve", resolved=True, summary="Say that a thread is settled")
ReopenThread = thread_step("reopen", resolved=False, summary="Say that a thread is not settled after all")
