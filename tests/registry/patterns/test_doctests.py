import doctest
import importlib
import pkgutil

import pytest

from registry import patterns

PURE = sorted({module.name for module in pkgutil.iter_modules(patterns.__path__)} - {"recompute"})


@pytest.mark.parametrize("name", PURE)
def test_examples_in_the_docstrings_are_true(name):
    module = importlib.import_module(f"registry.patterns.{name}")

    assert doctest.testmod(module, optionflags=doctest.ELLIPSIS).failed == 0


def test_every_module_with_a_formula_has_an_example():
    modules = {"rates", "association", "multiplicity", "trends", "counting", "ranking", "movement", "rules", "shape"}
    modules |= {"debt", "lag", "strata", "emerging", "exposure", "foresight", "multiplicity", "number_words"}
    modules |= {"safeguards", "layers", "portfolio"}
    modules |= {f"{part}sentences" for part in ("", "split_", "exposure_", "foresight_", "safeguard_")}

    for name in modules:
        module = importlib.import_module(f"registry.patterns.{name}")
        assert sum(len(found.examples) for found in doctest.DocTestFinder().find(module)) > 0, name
