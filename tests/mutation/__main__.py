"""`make mutants`: which changes of the statistics would no test notice? ARGS="rates trends" for some modules only."""

import argparse
import ast
import doctest
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import os
import signal
import sys
import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import Phase, settings

from tests.mutation.changes import changes_of

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
CODE, TESTS = ROOT / "registry" / "patterns", ROOT / "tests" / "registry" / "patterns"
OPTIONS = """
[pytest]
filterwarnings = error
"""


class Loader(importlib.machinery.SourceFileLoader):
    """Loads the module from a tree in memory; its file stays as it is."""

    def __init__(self, name, path, tree):
        super().__init__(name, path)
        self.tree = tree

    def get_code(self, fullname):
        return compile(self.tree, self.path, "exec", dont_inherit=True)


class Finder(importlib.abc.MetaPathFinder):
    def __init__(self, name, tree):
        self.name, self.tree = name, tree

    def find_spec(self, fullname, path, target=None):
        if fullname != self.name:
            return None
        file = str(CODE / f"{fullname.rpartition('.')[2]}.py")
        return importlib.util.spec_from_loader(fullname, Loader(fullname, file, self.tree), origin=file)


def pure_modules():
    """Those of which the layers of pyproject ask that they know no Django."""
    apart = {line.split(" -> ")[0].rpartition(".")[2] for line in _ignored_imports()}
    # Words, names of types, and how PostgreSQL sends arrays.
    others = ("__init__", "arrays", "columns")
    return [
        path.stem
        for path in sorted(CODE.glob("*.py"))
        if path.stem not in apart and path.stem not in others and not path.stem.endswith("sentences")
    ]


def _ignored_imports():
    import tomllib

    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    pure = next(found for found in contracts["contracts"] if found["name"] == "statistics are pure")
    return pure["ignore_imports"]


def tests_of(module):
    """The tests that import the module and need no database: its mirror, and those that look at it from elsewhere."""
    found = [path for path in sorted(TESTS.glob("test_*.py")) if _looks_at(path.read_text(encoding="utf-8"), module)]
    # Hundreds of simulated registries take minutes, and say of no module what its own tests do not.
    return sorted(
        (path for path in found if path.stem != "test_simulations"), key=lambda path: path.stem != f"test_{module}"
    )


def _looks_at(text, module):
    needs_database = any(word in text for word in ("django_db", "(db", "registry.models", "from taxonomy"))
    return f"registry.patterns.{module} import" in text and not needs_database


def passes(module, tree, files, ini):
    """Whether the module as in `tree` passes its examples and the tests in `files`. Runs in a process of its own."""
    name = f"registry.patterns.{module}"
    sys.meta_path.insert(0, Finder(name, tree))
    found = importlib.import_module(name)
    if doctest.testmod(found, optionflags=doctest.ELLIPSIS, report=False).failed:
        return False
    if not files:
        return True
    options = [
        "-x",
        "-q",
        "--noconftest",
        "--assert=plain",
        "--tb=no",
        "-p",
        "no:cacheprovider",
        "-c",
        ini,
        "--rootdir",
        str(ROOT),
    ]
    return pytest.main([*options, *map(str, files)]) == 0


def noticed(module, tree, files, ini, *, seconds):
    """Whether anything fails: a test, an example, the import, or the time."""
    child = os.fork()
    if child == 0:
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, 1)
        os.dup2(nothing, 2)
        code = 1
        try:
            code = 0 if passes(module, tree, files, ini) else 1
        finally:
            os._exit(code)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return status != 0
        time.sleep(0.01)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return True


def equivalents():
    """{module and key: reason} of the mutants that change no number."""
    rows = {}
    for line in (HERE / "equivalent.txt").read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            key, _, reason = line.rpartition(" | ")
            rows[key] = reason
    return rows


def try_module(module, known, ini):
    """(mutants, noticed, known to be equivalent, how many survive)."""
    source, files = (CODE / f"{module}.py").read_text(encoding="utf-8"), tests_of(module)
    started = time.monotonic()
    if noticed(module, ast.parse(source), files, ini, seconds=600):
        raise SystemExit(f"{module}: the tests fail as it is.")
    patience = 5 + 5 * (time.monotonic() - started)
    total = killed = same = 0
    for change in changes_of(source):
        total += 1
        key = f"{module}.{change.key}"
        if key in known:
            same += 1
        elif noticed(module, change.tree, files, ini, seconds=patience):
            killed += 1
        else:
            print(f"  survives: {module}.py:{change.line}: {key}", flush=True)
    alive = total - killed - same
    print(f"{module}: {total} mutants, {killed} noticed, {same} equivalent, {alive} survive", flush=True)
    return total, killed, same, alive


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", nargs="*", help="without one: all that are pure")
    chosen = parser.parse_args().modules or pure_modules()
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    # Loaded once; each mutant is tried in a copy of this process.
    for name in ("numpy", "scipy.stats", "statsmodels.api", "tests.registry.patterns.textbook"):
        importlib.import_module(name)
    for name in [name for name in sys.modules if name.startswith("registry.patterns")]:
        del sys.modules[name]
    # That something fails is enough: the smallest example of it is not looked for.
    phases = [Phase.explicit, Phase.generate]
    settings.register_profile("mutants", derandomize=True, database=None, deadline=None, phases=phases)
    settings.load_profile("mutants")
    with tempfile.NamedTemporaryFile("w", suffix=".ini") as ini:
        ini.write(OPTIONS)
        ini.flush()
        sums = [try_module(module, equivalents(), ini.name) for module in chosen]
    total, killed, same, alive = (sum(column) for column in zip(*sums, strict=True))
    print(f"{total} mutants: {killed} noticed, {same} equivalent, {alive} survive")
    sys.exit(1 if alive else 0)


if __name__ == "__main__":
    main()
