"""The documentation names what exists, and its links lead somewhere."""

import re
from pathlib import Path

import pytest
import yaml
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parent.parent
DOCS = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")]
DOCS += sorted((ROOT / "docs").rglob("*.md"))
OURS = ("config", "taxonomy", "registry", "api")


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def named(path):
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", DOCS, ids=named)
def test_links_lead_somewhere(path):
    targets = re.findall(r"\]\(([^)#]+)[^)]*\)", path.read_text(encoding="utf-8"))
    local = [target for target in targets if "://" not in target]

    assert [target for target in local if not (path.parent / target).exists()] == []


def test_every_setting_is_in_the_operator_guide_and_the_example():
    code = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "config").rglob("*.py")))
    settings = set(re.findall(r"env\.\w+\(\s*\"([A-Z][A-Z_]+)\"", code))

    assert len(settings) > 10
    assert sorted(name for name in settings if f"`{name}`" not in read("docs/operating.md")) == []
    assert sorted(name for name in settings if name not in read(".env.example")) == []


def test_every_command_is_in_the_operator_guide():
    commands = sorted(name for name, app in get_commands().items() if app in OURS)

    assert "import_cases" in commands
    assert [name for name in commands if f"`{name}" not in read("docs/operating.md")] == []


def test_every_scheme_and_tier_is_in_the_data_model():
    schemes = [path.stem for path in sorted((ROOT / "taxonomy/data/schemes").glob("*.yaml"))]
    tiers = [tier["slug"] for tier in yaml.safe_load(read("taxonomy/data/severity_tiers.yaml"))]

    assert len(schemes) == 11
    assert [slug for slug in schemes + tiers if f"`{slug}`" not in read("docs/data-model.md")] == []


def test_every_make_target_is_explained():
    targets = re.findall(r"^([a-z]+):", read("Makefile"), flags=re.MULTILINE)
    explained = re.findall(r"^([a-z]+):.*## ", read("Makefile"), flags=re.MULTILINE)

    assert {"help", "up", "test", "check", "bench", "faults"} <= set(explained)
    assert set(targets) - set(explained) <= {"browser"}


def test_the_readme_names_both_commands():
    assert "make up" in read("README.md")
    assert "make test" in read("README.md")
