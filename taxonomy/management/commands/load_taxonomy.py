from django.core.management.base import BaseCommand

from taxonomy.actions import load_taxonomy


class Command(BaseCommand):
    help = "Load the vocabularies, severity tiers and reference matrix that ship; safe to repeat."

    def handle(self, **options):
        counts = load_taxonomy()
        self.stdout.write(", ".join(f"{name} {count}" for name, count in counts.items()))
