"""The work on the patterns that is under way, as the pages tell of it."""

from registry.choices import JobKind, JobState
from registry.models import Job, PatternRun


def job_state(person, run, *, population=None):
    """The state of the work on what `run` counts, or on `population` where there is no run to be shown: the open job,
    else how the last one ended, and whether there is a newer run.
    """
    population = run.population if run else population
    found = _latest_job(population)
    done = bool(found) and found.state == JobState.DONE
    return {
        "job": found,
        "working": bool(found) and found.state in (JobState.PENDING, JobState.RUNNING),
        "failed": bool(found) and found.state == JobState.DEAD,
        "newer": _newer_than(run) if run else None,
        # Told where a run was asked for, before there is one to be shown.
        "outcome": found.result or {} if done and population and not run else {},
        "may_compute": person.may_label,
        "shown_run": run,
        "of_population": population,
    }


def _latest_job(population):
    """None for a population that nobody has asked for yet."""
    jobs = Job.objects.filter(kind=JobKind.RECOMPUTE).order_by("-pk")
    if population is None:
        return jobs.filter(key="").first()
    return jobs.filter(key=str(population.pk)).first() if population.pk else None


def _newer_than(run):
    """The number of the latest run of the same population, if it is a newer one."""
    newest = PatternRun.objects.of(run.population_id).order_by("-pk").values_list("pk", flat=True).first()
    return newest if newest > run.pk else None
