"""Opening a pattern page and reading it as it was sent."""


def opened(client, person, address="/patterns/"):
    client.force_login(person)
    return client.get(address)


def html_of(response):
    return response.content.decode()
