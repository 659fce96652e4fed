"""What several tests of runs begin with."""

import pytest

from tests.factories import agree, make_case, make_node, make_person, make_scheme


@pytest.fixture
def association(db):
    """Two nodes of two schemes carried together by 10 of 30 cases and never alone: plainly associated."""
    a, b = make_node(), make_node(scheme=make_scheme("shapes"))
    absent_a, absent_b = make_node(scheme=a.scheme), make_node(scheme=b.scheme)
    reporter = make_person()
    together = [agree(make_case(reporter=reporter), a, b) for _ in range(10)]
    for _ in range(20):
        agree(make_case(reporter=reporter), absent_a, absent_b)
    return a, b, together
