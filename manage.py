#!/usr/bin/env python3
"""Django's command line. A registry that is not running is said in one line, not in a traceback."""

import os
import sys

NOT_RUNNING = "The registry is not running: start it with `make up`, or set DATABASE_URL."


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        from django.core.exceptions import ImproperlyConfigured
        from django.core.management import execute_from_command_line, load_command_class
        from django.db.utils import OperationalError

        from config.processes import ServiceError
    except ModuleNotFoundError as error:
        sys.exit(f"{error.name} is not installed. Run `make up`, or use .venv/bin/python.")
    try:
        if sys.argv[1:2] == ["up"]:
            # It needs the settings and no app: loading those would cost every start a second.
            load_command_class("config", "up").run_from_argv(sys.argv)
        else:
            execute_from_command_line(sys.argv)
    except (ServiceError, ImproperlyConfigured) as error:
        sys.exit(str(error))
    except OperationalError as error:
        # The server gives every other failure a code; without one nobody answered.
        if getattr(error.__cause__, "sqlstate", None):
            raise
        sys.exit(f"DATABASE_URL: {error}" if os.environ.get("DATABASE_URL") else NOT_RUNNING)


if __name__ == "__main__":
    main()
