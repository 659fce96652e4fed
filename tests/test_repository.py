"""What the architecture asks for and no other tool checks."""

import ast
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("config", "taxonomy", "registry", "api")
CODE = [
    path
    for package in (*PACKAGES, "tests")
    for path in sorted((ROOT / package).rglob("*.py"))
    if "migrations" not in path.parts
]
PRODUCT = [path for path in CODE if "tests" not in path.parts]
PAGES = sorted((ROOT / "templates").rglob("*.html"))
LONGEST_FILE = 400
LONGEST_FUNCTION = 50


def named(path):
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", CODE, ids=named)
def test_no_file_is_longer_than_400_lines(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_FILE


@pytest.mark.parametrize("path", PRODUCT, ids=named)
def test_no_function_reaches_50_lines(path):
    functions = [
        node
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    ]

    long = {node.name: node.end_lineno - node.lineno + 1 for node in functions}

    assert {name: length for name, length in long.items() if length >= LONGEST_FUNCTION} == {}


def test_every_model_says_what_one_row_is():
    ours = [model for label in ("taxonomy", "registry", "api") for model in apps.get_app_config(label).get_models()]
    written = [model for model in ours if not model.__name__.endswith("Event") and not model._meta.auto_created]

    assert [model.__name__ for model in written if not (model.__doc__ or "").startswith("One row ")] == []


@pytest.mark.parametrize("path", PRODUCT, ids=named)
def test_behaviour_hides_in_no_signal_and_no_save(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    overrides = [node.lineno for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name == "save"]
    signals = [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module in ("django.db.models.signals", "django.dispatch")
    ]

    assert (overrides, signals) == ([], [])


# A mail carries its style with it.
@pytest.mark.parametrize("path", [page for page in PAGES if page.name != "weekly.html"], ids=named)
def test_a_page_holds_no_inline_script_or_style(path):
    page = path.read_text(encoding="utf-8")

    assert [sign for sign in ("<style", "style=", "onclick=", "onload=", "javascript:") if sign in page] == []


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_no_page_is_longer_than_120_lines(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 120


def test_no_model_is_ordered_behind_the_query():
    ours = [model for label in ("taxonomy", "registry", "api") for model in apps.get_app_config(label).get_models()]

    assert [model.__name__ for model in ours if model._meta.ordering] == []
