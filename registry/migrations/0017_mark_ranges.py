"""Triggers mark the range of numbers in which a counted case has changed."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("registry", "0016_pattern_runs_that_explain")]

    operations = []
