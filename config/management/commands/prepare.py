"""`manage.py prepare`: bring the database and the static files up to date, as the owner of the database.

`manage.py up` runs it before the web server, and docker-compose.yml before everything else.
A step that has nothing to do costs next to nothing, because every start waits for all of them.
"""

import hashlib
import os
from pathlib import Path

import pghistory.models
from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


class Command(BaseCommand):
    help = (
        "Migrate, load the vocabularies, collect the static files; at the first start make the administrator "
        "(password: AIR_ADMIN_PASSWORD, or a random one shown once)."
    )
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--demo", action="store_true", help="at the first start, load the demonstration cases")
        parser.add_argument("--no-static", action="store_true", help="leave the static files as they are")

    def handle(self, *, demo, no_static, **options):
        if waits_for_migrations():
            call_command("migrate", interactive=False, verbosity=0, stdout=self.stdout)
            self.stdout.write("The database is up to date.")
        keep_history_from_the_application()
        call_command("createcachetable", verbosity=0)
        call_command("load_taxonomy", stdout=self.stdout)
        if not no_static:
            collect_changed_static()
        if not get_user_model().objects.filter(role="administrator").exists():
            # The administrator comes last: a first start that was cut short is a first start again.
            if demo:
                call_command("load_demo", stdout=self.stdout)
            if chosen := os.environ.get("AIR_ADMIN_PASSWORD"):
                os.environ["AIR_NEW_PASSWORD"] = chosen
            call_command("create_user", "admin", "admin@localhost", role="administrator", stdout=self.stdout)


def waits_for_migrations():
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def keep_history_from_the_application():
    """The application may add to the history and read it, no more.

    The triggers that refuse changes can be switched off by any session; a missing right cannot. New tables
    come with all rights (deploy/database.sql), so this follows every migration.
    """
    tables = [model._meta.db_table for model in apps.get_models() if issubclass(model, pghistory.models.Event)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = 'air_app'")
        if cursor.fetchone() is None:
            return
        rights = "has_table_privilege('air_app', name, 'UPDATE, DELETE')"
        cursor.execute(f"SELECT name FROM unnest(%s::text[]) AS name WHERE {rights}", [tables])  # noqa: S608
        for (table,) in cursor.fetchall():
            cursor.execute(f"REVOKE UPDATE, DELETE ON {connection.ops.quote_name(table)} FROM air_app")
        cursor.execute("REVOKE DELETE ON pghistory_context FROM air_app")


def collect_changed_static():
    """Collect when a source, its size or its time differs from the last time: hashing all takes seconds."""
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    now = static_fingerprint()
    if stamp.exists() and stamp.read_text() == now:
        return
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(now)


def static_fingerprint():
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list(ignore_patterns=[]):
            path = storage.path(name)
            state = Path(path).stat()
            digest.update(f"{path}\0{state.st_size}\0{state.st_mtime_ns}\n".encode())
    return digest.hexdigest()
