from django.core.management.base import BaseCommand
from django.utils import timezone

from registry.actions import demonstration


class Command(BaseCommand):
    help = "Delete the demonstration catalogue."

    def handle(self, **options):
        count = demonstration.remove_demonstration(by=None, at=timezone.now())
        self.stdout.write(f"deleted {count} cases")
