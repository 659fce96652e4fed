"""What the tests of the pattern pages start from."""

import pytest

from tests.factories import make_node, make_run, make_scheme


@pytest.fixture
def nodes():
    """A colour and a taste."""
    colours, tastes = make_scheme("colours", name="Colours"), make_scheme("tastes", name="Tastes")
    red = make_node("red", scheme=colours, name="Red")
    sweet = make_node("sweet", scheme=tastes, name="Sweet")
    return red, sweet


@pytest.fixture
def run():
    return make_run()
