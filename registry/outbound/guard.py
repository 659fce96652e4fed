"""Which addresses may be sent to: public ones over HTTPS, and those the operator allows by name or network.

Checked when an address is saved and again at every send, by the very numbers that are then connected to: a name that
leads elsewhere the next time it is asked for (DNS rebinding) is caught, and what is inside our own network is not
reached through us (SSRF).
"""

import ipaddress
import re
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

PORTS = {"https": (443, 8443), "http": (80, 8080)}
LONGEST = 1000
HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|[0-9a-f:.]+")
# Not all versions of Python know that these are not public, or lead on to another number: relays, IPv4 carried in
# IPv6, documentation.
NOT_PUBLIC = [
    ipaddress.ip_network(network)
    for network in (
        *("192.0.0.0/24", "192.88.99.0/24", "2001::/23", "2002::/16", "3fff::/20"),
        *("64:ff9b::/96", "64:ff9b:1::/48", "::ffff:0:0/96"),
    )
]
UNICAST_6 = ipaddress.ip_network("2000::/3")


class Refused(ValueError):
    """Nothing is sent to this address; says why."""


@dataclass(frozen=True)
class Target:
    """An address taken apart. `host` is in ASCII and lower case."""

    scheme: str
    host: str
    port: int
    path: str


def target_of(url):
    """The parts of `url`; Refused if nothing may be sent to an address of this form. Looks nothing up."""
    if len(url) > LONGEST or not url.isprintable() or any(sign in url for sign in " \\<>\"'`"):
        raise Refused("This is no address.")
    try:
        parts = urlsplit(url)
        port = parts.port
        host = (parts.hostname or "").rstrip(".").encode("idna").decode().lower()
    except (ValueError, UnicodeError):
        raise Refused("This is no address.") from None
    if parts.scheme not in (("https", "http") if settings.WEBHOOK_ALLOW_HTTP else ("https",)):
        raise Refused("The address starts with https://.")
    if not HOST.fullmatch(host):
        raise Refused("The address names no host.")
    if "@" in parts.netloc:
        raise Refused("Leave user name and password out of the address.")
    port = PORTS[parts.scheme][0] if port is None else port
    if port not in PORTS[parts.scheme] and host not in settings.WEBHOOK_ALLOWED_HOSTS:
        raise Refused(f"Messages go to the ports {' and '.join(map(str, PORTS[parts.scheme]))} only.")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not path.isascii():
        raise Refused("Write what follows the host in ASCII, with %-signs where needed.")
    return Target(parts.scheme, host, port, path)


def numbers_of(target):
    """The numbers of the target's host, looked up now; Refused unless every one of them may be sent to."""
    try:
        found = look_up(target.host, target.port)
    except (OSError, UnicodeError):
        found = []
    numbers = list(dict.fromkeys(ipaddress.ip_address(number.partition("%")[0]) for number in found))
    allowed = target.host in settings.WEBHOOK_ALLOWED_HOSTS or all(may_be_reached(number) for number in numbers)
    if not (numbers and allowed):
        # The same for a name that there is none of: nobody is to find out the names inside.
        raise Refused("The host is not on the public internet.")
    return [str(number) for number in numbers]


def look_up(host, port):
    """Every number the system's resolver gives for `host`."""
    return [entry[4][0] for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def may_be_reached(number):
    if any(number in network for network in settings.WEBHOOK_ALLOWED_NETWORKS):
        return True
    if any(number in network for network in NOT_PUBLIC) or number.is_multicast or number.is_reserved:
        return False
    return number.is_global and (number.version == 4 or number in UNICAST_6)


def check(url):
    """Refused with the reason if nothing may be sent to `url` now."""
    numbers_of(target_of(url))
