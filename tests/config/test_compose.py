"""docker-compose.yml by a parser: no container engine is needed to see what would go wrong in one."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.core.management import get_commands

COMPOSE = settings.BASE_DIR / "docker-compose.yml"
OURS = ["migrate", "web", "worker", "mailer", "beat"]
SECRETS = ["SECRET_KEY", "AIR_SUPER_PASSWORD", "AIR_OWNER_PASSWORD", "AIR_APP_PASSWORD", "AIR_REDIS_PASSWORD"]


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load(COMPOSE.read_text())


def test_services_are_the_ones_the_operator_guide_names(compose):
    assert list(compose["services"]) == ["postgres", "redis", "migrate", "web", "worker", "mailer", "beat", "mail"]


def test_mail_catcher_starts_only_when_asked_for(compose):
    profiled = {name: service["profiles"] for name, service in compose["services"].items() if "profiles" in service}

    assert profiled == {"mail": ["mail"]}


def test_every_lasting_service_has_a_health_check(compose):
    without = [name for name, service in compose["services"].items() if "healthcheck" not in service]

    assert without == ["migrate"]


def test_secrets_are_required_and_none_has_a_default():
    used = set(re.findall(r"\$\{(\w+)(:[?-][^}]*)?\}", COMPOSE.read_text()))

    required = {name for name, rule in used if rule.startswith(":?")}
    optional = {name for name, rule in used if not rule.startswith(":?")}

    assert required == set(SECRETS)
    assert not optional & set(SECRETS)
    assert ("AIR_ADMIN_PASSWORD", ":-") in used


def test_every_variable_is_explained_in_the_example_and_holds_no_secret():
    example = dict(re.findall(r"^(\w+)=(.*)$", (settings.BASE_DIR / ".env.example").read_text(), re.MULTILINE))
    used = set(re.findall(r"\$\{(\w+)", COMPOSE.read_text()))

    assert used - set(example) == set()
    assert {name: example[name] for name in [*SECRETS, "AIR_ADMIN_PASSWORD"]} == dict.fromkeys(
        [*SECRETS, "AIR_ADMIN_PASSWORD"], ""
    )


def test_only_migrations_run_as_the_owner_and_nothing_as_the_superuser(compose):
    roles = {
        name: re.match(r"postgresql://(\w+):", compose["services"][name]["environment"]["DATABASE_URL"])[1]
        for name in OURS
    }

    assert roles == {"migrate": "air_owner"} | dict.fromkeys(OURS[1:], "air_app")


def test_the_product_waits_for_the_migrations(compose):
    awaited = {name: compose["services"][name]["depends_on"].get("migrate") for name in OURS[1:]}

    assert awaited == {name: {"condition": "service_completed_successfully"} for name in OURS[1:]}


def test_files_that_are_mounted_exist(compose):
    mounted = [
        volume.split(":")[0]
        for service in compose["services"].values()
        for volume in service.get("volumes", [])
        if volume.startswith("./")
    ]

    missing = [path for path in mounted if not (settings.BASE_DIR / path).is_file()]

    assert mounted
    assert missing == []
    assert os.access(settings.BASE_DIR / "deploy/create-database.sh", os.X_OK)


@pytest.mark.parametrize("name", OURS)
def test_start_command_exists_and_takes_its_options(compose, name):
    program, *arguments = compose["services"][name]["command"]

    if program == "python":
        assert arguments[0] == "manage.py"
        assert get_commands()[arguments[1]] == "config"
        taken = run([sys.executable, *arguments[:2], "--help"])
        assert "--no-static" in taken
    elif program == "gunicorn":
        run([beside_python("gunicorn"), "--check-config", *arguments[:2]])
    else:
        command = arguments[arguments.index("config.celery") + 1]
        taken = run([beside_python("celery"), "-A", "config.celery", command, "--help"])
        options = [argument.split("=")[0] for argument in arguments if argument.startswith("--")]
        assert [option for option in options if option not in taken] == []


def beside_python(program):
    return shutil.which(program, path=str(Path(sys.executable).parent))


def run(command):
    done = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_image_starts_the_web_server_as_compose_does(compose):
    image = (settings.BASE_DIR / "Dockerfile").read_text()

    command = re.search(r"^CMD (\[.*\])$", image, re.MULTILINE)[1]

    assert yaml.safe_load(command) == compose["services"]["web"]["command"]
    assert re.search(r"^USER registry$", image, re.MULTILINE)
