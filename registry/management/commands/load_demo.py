from django.core.management.base import BaseCommand
from django.utils import timezone

from registry.actions import demonstration


class Command(BaseCommand):
    help = "Load the demonstration catalogue of 106 published cases; safe to repeat."

    def handle(self, **options):
        count = demonstration.load_demonstration(by=None, at=timezone.now())
        self.stdout.write(f"made {count} cases")
