"""One's own jobs: how far they are, what became of them, and cancelling them."""

from collections import namedtuple

import django_filters
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api import batches, describing, parameters
from api.auth import require_scopes
from api.errors import Problem
from api.models import Batch, Scope
from api.serializers.batches import RowOutcomeShape, row_of
from api.serializers.jobs import JobShape, job_of
from api.views.base import NEWEST_FIRST, ListView, RegistryView, list_answer, unless_bad_cursor
from registry.actions.jobs import NotCancelled
from registry.choices import JobKind, JobState
from registry.models import Job
from registry.paging import page_from

OPEN = (JobState.PENDING, JobState.RUNNING)
LOOK_AGAIN_SECONDS = "2"
WHOSE = describing.parameter(
    "whose", {"type": "string", "enum": ["mine", "all"], "default": "mine"}, "Administrators may look at all jobs."
)


class JobFilterSet(django_filters.FilterSet):
    state = django_filters.MultipleChoiceFilter(choices=JobState.choices, distinct=False)
    kind = django_filters.MultipleChoiceFilter(choices=JobKind.choices, distinct=False)

    class Meta:
        model = Job
        fields = []


@describing.listed("list_jobs", "Your jobs, the latest first", also=[WHOSE])
class JobList(ListView):
    shape = JobShape
    orderings = NEWEST_FIRST
    filter_set = JobFilterSet

    def found(self):
        jobs = Job.objects.select_related("asked_by")
        if parameters.one_of(self.request.query_params, "whose", ("mine", "all"), "mine") == "mine":
            return jobs.filter(asked_by=self.request.user)
        require_scopes(self.request.auth, (Scope.ADMIN,))
        if not self.request.user.is_administrator:
            raise Problem("not-allowed", "Only administrators look at others' jobs.")
        return jobs

    def row_of(self, job):
        return job_of(job, self.request.user, self.addresses())


JobList.known |= {"whose"}


def own_job(request, number, **which):
    """The job if the caller asked for it; to everybody else it is not there."""
    if int(number) >= 2**31:
        raise Http404
    return get_object_or_404(Job.objects.select_related("asked_by"), pk=number, asked_by=request.user, **which)


def job_to_look_at(request, number):
    """One's own job, or a computation of the patterns that somebody asked for: several people may wait for one."""
    jobs = Job.objects.filter(kind=JobKind.RECOMPUTE, asked_by__isnull=False).select_related("asked_by")
    return (jobs.filter(pk=number).first() if int(number) < 2**31 else None) or own_job(request, number)


class OneJob(RegistryView):
    @extend_schema(
        operation_id="read_job",
        summary="How far one of your jobs is; `Retry-After` says when to look again",
        responses={200: JobShape, **describing.refusals(*describing.READING)},
    )
    def get(self, request, number):
        return answer_for(self, job_to_look_at(request, number))


def answer_for(view, job):
    headers = {"Retry-After": LOOK_AGAIN_SECONDS} if job.state in OPEN else None
    return Response(job_of(job, view.request.user, view.addresses()), headers=headers)


class CancelJob(RegistryView):
    scopes = {"POST": (Scope.CASES_READ, Scope.CASES_WRITE)}

    @extend_schema(
        operation_id="cancel_job",
        summary="Cancel one of your jobs; what it has done stays done",
        request=None,
        responses={200: JobShape, **describing.refusals(*describing.WRITING)},
    )
    def post(self, request, number):
        job = own_job(request, number)
        try:
            job = batches.cancel(job=job, by=request.user, at=timezone.now())
        except NotCancelled as refused:
            raise Problem("job-over", str(refused)) from None
        return answer_for(self, job)


class JobRows(RegistryView):
    """What became of each row of a list, those that are done so far."""

    known = parameters.PAGE - {"expand", "count"}

    @describing.lists(
        RowOutcomeShape,
        orderings=("index",),
        default="index",
        operation_id="list_job_rows",
        summary="What became of each row of a list that a job did",
    )
    def get(self, request, number):
        job = own_job(request, number, kind=JobKind.BATCH)
        fields = tuple(RowOutcomeShape().fields)
        asked = parameters.listing(request.query_params, orderings=("index",), default="index", fields=fields)
        outcomes = batches.in_order(get_object_or_404(Batch, job=job).outcomes)
        page = unless_bad_cursor(page_of_outcomes, outcomes, asked, job.pk)
        rows = [row_of(found.outcome, self.addresses()) for found in page.rows]
        return list_answer(request, asked, page, rows, queryset=None)


Found = namedtuple("Found", ("index", "outcome"))


def page_of_outcomes(outcomes, asked, number):
    found = [Found(outcome["index"], outcome) for outcome in outcomes]

    def fetch(backwards, values):
        if values is None:
            return found[: asked.limit + 1]
        if backwards:
            return [each for each in reversed(found) if each.index < values[0]][: asked.limit + 1]
        return [each for each in found if each.index > values[0]][: asked.limit + 1]

    ordering = f"job-rows:{number}:index"
    return page_from(fetch, ordering=ordering, fields=("index",), limit=asked.limit, cursor=asked.cursor)
