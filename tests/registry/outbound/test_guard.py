"""Where nothing is sent."""

import ipaddress

import pytest

from registry.outbound import guard

PUBLIC = "93.184.215.14"


def leading_to(monkeypatch, *numbers):
    monkeypatch.setattr(guard, "look_up", lambda host, port: list(numbers))


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/",
        "ftp://example.org/",
        "file:///etc/passwd",
        "gopher://example.org:443/",
        "//example.org/",
        "example.org",
        "https://",
        "https:///path",
        "https://user:secret@example.org/",
        "https://user@example.org/",
        "https://example.org@127.0.0.1/",
        "https://example.org:22/",
        "https://example.org:80/",
        "https://example.org:0/",
        "https://example.org:99999/",
        "https://example.org:port/",
        "https://example.org\\@localhost/",
        "https://exam ple.org/",
        "https://example.org/\r\nHost: other",
        "https://example.org/\x00",
        "https://example.org/\udc80",
        "https://exa%6dple.org/",
        "https://[::1/",
        "https://example.org/ü",
        "https://" + "a" * 2000,
    ],
)
def test_addresses_of_another_form_are_refused_without_a_look_up(monkeypatch, url):
    monkeypatch.setattr(guard, "look_up", None)

    with pytest.raises(guard.Refused):
        guard.check(url)


@pytest.mark.parametrize(
    "number",
    [
        "127.0.0.1",
        "127.8.8.8",
        "0.0.0.0",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "192.0.0.8",
        "192.0.2.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "192.88.99.1",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:93.184.215.14",
        "::ffff:127.0.0.1",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::1",
        "fc00::1",
        "fd12:3456::1",
        "fe80::1",
        "fec0::1",
        "ff02::1",
        "4000::1",
    ],
)
def test_numbers_off_the_public_internet_are_refused(monkeypatch, number):
    leading_to(monkeypatch, number)

    with pytest.raises(guard.Refused, match="not on the public internet"):
        guard.check("https://hooks.example.org/")


@pytest.mark.parametrize("number", [PUBLIC, "8.8.8.8", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_public_numbers_are_not(monkeypatch, number):
    leading_to(monkeypatch, number)

    assert guard.numbers_of(guard.target_of("https://hooks.example.org/")) == [number]


def test_one_number_inside_among_public_ones_is_enough_to_refuse(monkeypatch):
    leading_to(monkeypatch, PUBLIC, "10.0.0.1")

    with pytest.raises(guard.Refused):
        guard.check("https://hooks.example.org/")


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "2130706433", "0x7f000001", "127.1", "0177.0.0.1", "localhost"])
def test_the_machine_itself_is_refused_however_it_is_written(host):
    with pytest.raises(guard.Refused):
        guard.check(f"https://{host}/")


def test_a_name_that_leads_nowhere_is_refused_in_the_same_words(monkeypatch):
    leading_to(monkeypatch)

    with pytest.raises(guard.Refused, match="not on the public internet"):
        guard.check("https://hooks.example.org/")


def test_the_parts_of_an_address():
    assert guard.target_of("https://Hooks.Example.org:8443/a/b?c=d#e") == guard.Target(
        "https", "hooks.example.org", 8443, "/a/b?c=d"
    )
    assert guard.target_of("https://bücher.example").host == "xn--bcher-kva.example"


def test_an_operator_allows_hosts_of_their_own_on_any_port(monkeypatch, settings):
    settings.WEBHOOK_ALLOWED_HOSTS = {"jira.internal"}
    leading_to(monkeypatch, "10.1.2.3")

    assert guard.numbers_of(guard.target_of("https://jira.internal:9443/")) == ["10.1.2.3"]
    with pytest.raises(guard.Refused):
        guard.check("https://wiki.internal/")


def test_an_operator_allows_networks_of_their_own(monkeypatch, settings):
    settings.WEBHOOK_ALLOWED_NETWORKS = [ipaddress.ip_network("10.1.0.0/16")]

    leading_to(monkeypatch, "10.1.2.3")
    guard.check("https://jira.internal/")
    leading_to(monkeypatch, "10.2.2.3")
    with pytest.raises(guard.Refused):
        guard.check("https://jira.internal/")


def test_plain_http_is_for_development(settings):
    settings.WEBHOOK_ALLOW_HTTP = True

    assert guard.target_of("http://example.org/").port == 80
