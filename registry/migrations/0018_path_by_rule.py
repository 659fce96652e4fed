"""The nodes of a case, and those above them, by another rule for labels than what was agreed."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("registry", "0017_mark_ranges")]

    operations = []
