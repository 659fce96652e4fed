"""What no job can be."""

import pytest

from registry.models import Job
from tests.factories import NOW
from tests.registry.models.refusal import refused_by

pytestmark = pytest.mark.django_db


def job(**values):
    return Job(**{"kind": "recompute", "not_before": NOW, "created_at": NOW} | values)


def test_one_job_of_a_kind_and_key_is_pending_and_any_number_are_over():
    Job.objects.bulk_create(
        [job(), job(key="other"), job(state="running", lease_until=NOW), job(state="done"), job(state="done")]
    )

    with refused_by("registry_job_one_pending"):
        Job.objects.bulk_create([job()])


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("registry_job_leased_iff_running", {"state": "running"}),
        ("registry_job_leased_iff_running", {"lease_until": NOW}),
        ("registry_job_progress_is_percent", {"progress": 101}),
        ("registry_job_state_known", {"state": "lost"}),
        ("registry_job_kind_known", {"kind": "party"}),
    ],
)
def test_a_job_refuses(constraint, values):
    with refused_by(constraint):
        Job.objects.bulk_create([job(**values)])
