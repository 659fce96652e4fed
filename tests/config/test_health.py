import pytest
from django.db import OperationalError, connection


def test_alive_answers_anybody_without_the_database(client):
    response = client.get("/healthz")

    assert (response.status_code, response.content) == (200, b"alive\n")


@pytest.mark.django_db
def test_ready_asks_the_database(client, django_assert_num_queries):
    with django_assert_num_queries(1):
        response = client.get("/readyz")

    assert (response.status_code, response.content) == (200, b"ready\n")


@pytest.mark.django_db
def test_ready_says_503_and_when_to_come_back_while_the_database_is_away(client):
    def away(*_):
        raise OperationalError("connection refused")

    with connection.execute_wrapper(away):
        response = client.get("/readyz")

    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert b"Nothing was saved" in response.content
