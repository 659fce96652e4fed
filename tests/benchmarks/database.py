"""Ways to the database that Django is connected to, without Django."""

from urllib.parse import quote, urlencode

import psycopg
from django.db import connection

# Floors and the filling are not requests and have no time limit.
UNLIMITED = "-c statement_timeout=0 -c idle_in_transaction_session_timeout=0"


def database_url():
    """The address of Django's own database; under pytest that is the test database."""
    kept = connection.settings_dict
    sign_in = f"{quote(kept['USER'], safe='')}:{quote(kept['PASSWORD'], safe='')}"
    given = {"host": kept["HOST"], "port": kept["PORT"], "options": UNLIMITED}
    query = urlencode({name: value for name, value in given.items() if value}, quote_via=quote)
    return f"postgresql://{sign_in}@/{quote(kept['NAME'], safe='')}?{query}"


def raw_connection(*, url=None, autocommit=True):
    """psycopg's own, kept open. Prepared statements would flip to generic plans after five runs."""
    return psycopg.connect(url or database_url(), autocommit=autocommit, prepare_threshold=None)
