from django.core.management.base import BaseCommand
from django.utils import timezone

from registry.patterns.recompute import recompute


class Command(BaseCommand):
    help = "Compute the pattern statistics now, without waiting for the worker."

    def handle(self, **options):
        result = recompute(at=timezone.now())
        self.stdout.write(f"run {result['run']}, {'unchanged' if result['unchanged'] else 'new'}")
