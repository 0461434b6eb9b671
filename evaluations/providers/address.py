"""Which addresses a call may go to (server-side request forgery)."""

import re
import socket
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from urllib.parse import SplitResult, urlsplit

PUBLIC_PORTS = frozenset({443, 8443})

IPAddress = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Resolve = Callable[[str, int], list[str]]

# Never an endpoint of a model, even where local servers are allowed: link-local,
# this-network, protocol assignments, multicast, reserved, and the addresses at which
# clouds hand out credentials (AWS, Google, Alibaba, Azure).
_FORBIDDEN = [
    ip_network(text)
    for text in (
        "0.0.0.0/8",
        "100.100.100.200/32",
        "168.63.129.16/32",
        "169.254.0.0/16",
        "192.0.0.0/24",
        "224.0.0.0/3",
        "::/128",
        "fd00:ec2::254/128",
        "fd20:ce::254/128",
        "fe80::/10",
        "fec0::/10",
        "ff00::/8",
    )
]

# This machine and networks of one's own.
_LOCAL = [
    ip_network(text)
    for text in (
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "::1/128",
        "fc00::/7",
    )
]

# Special blocks that lie within otherwise public space, after the IANA registries
# iana-ipv4-special-registry and iana-ipv6-special-registry. The IPv6 ones among them
# carry an IPv4 address inside (6to4, Teredo) or are for documentation.
_NOT_PUBLIC = [
    ip_network(text)
    for text in (
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "2001::/23",
        "2001:db8::/32",
        "2002::/16",
        "2620:4f:8000::/48",
        "3fff::/20",
    )
]
_GLOBAL_IPV6 = ip_network("2000::/3")

_LABEL = "[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?"
_HOST_NAME = re.compile(rf"(?:{_LABEL}\.)*{_LABEL}", re.IGNORECASE)
# A last label made of digits would be read as an IPv4 address in disguise.
_NUMBER_LIKE = re.compile(r"(?:.*\.)?(?:\d+|0x[0-9a-f]*)", re.IGNORECASE)


class AddressRefused(Exception):
    """Its text is one sentence that says what to do."""


class HostNotFound(AddressRefused):
    """The resolver knows no address; later it may."""


@dataclass(frozen=True)
class Target:
    scheme: str
    host: str
    port: int


def check_base_url(
    url: str, *, allow_local: bool, resolve: Resolve | None = None
) -> None:
    """Raise AddressRefused unless calls may go to this URL as it resolves now."""
    target = parse_target(url, allow_local=allow_local)
    if urlsplit(url).query or urlsplit(url).fragment:
        raise AddressRefused(
            "Leave out the part after ? or #: a base URL ends with its path, "
            "and the key has a field of its own."
        )
    resolve_target(target, allow_local=allow_local, resolve=resolve or look_up)


def parse_target(url: str, *, allow_local: bool) -> Target:
    """Read scheme, host and port; refuse every spelling but the plain one."""
    parts, port = _split(url)
    if parts.scheme not in ("https", "http"):
        raise AddressRefused("Enter a base URL that begins with https://.")
    if parts.scheme == "http" and not allow_local:
        raise AddressRefused("Use https://: over http:// the key would be readable.")
    if parts.username is not None or parts.password is not None:
        raise AddressRefused(
            "Leave out the name and password before the @; the key has its own field."
        )
    host = _checked_host(parts)
    port = (443 if parts.scheme == "https" else 80) if port is None else port
    if not allow_local and port not in PUBLIC_PORTS:
        raise AddressRefused("Use port 443 or 8443; other ports are not called.")
    return Target(parts.scheme, host, port)


def resolve_target(
    target: Target, *, allow_local: bool, resolve: Resolve
) -> list[IPAddress]:
    """Look the host up once; refuse it if any of its addresses is not allowed."""
    addresses = [ip_address(text) for text in resolve(target.host, target.port)]
    if not addresses:
        raise HostNotFound(
            f"The host name {target.host} could not be found; check its spelling."
        )
    for address in addresses:
        _refuse_address(address, target, allow_local=allow_local)
    return addresses


def look_up(host: str, port: int) -> list[str]:
    """Return the addresses the system's resolver gives, none if it knows none."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    # A zone (%eth0) marks a link-local address; without it the address is refused.
    return list(dict.fromkeys(str(entry[4][0]).partition("%")[0] for entry in found))


def _split(url: str) -> tuple[SplitResult, int | None]:
    # urlsplit drops tabs and line breaks without a word, so they are looked for first.
    if not url.isascii() or not url.isprintable() or any(sign in url for sign in " \\"):
        raise AddressRefused(
            "Write the base URL in plain letters, digits and signs, without spaces; "
            "international names in their xn-- form."
        )
    try:
        parts = urlsplit(url)
        return parts, parts.port
    except ValueError:
        raise AddressRefused(
            "This is not a URL; it should look like https://api.example.com/v1."
        ) from None


def _checked_host(parts: SplitResult) -> str:
    host = parts.hostname or ""
    bracketed = parts.netloc.rpartition("@")[2].startswith("[")
    if bracketed or _is_ipv4(host):
        return _checked_literal(host)
    if (
        not _HOST_NAME.fullmatch(host)
        or len(host) > 253
        or _NUMBER_LIKE.fullmatch(host)
    ):
        raise AddressRefused(
            "Write the host as a name (api.example.com) or as a plain IP address "
            "(four decimal numbers, or IPv6 in brackets)."
        )
    return host


def _checked_literal(host: str) -> str:
    try:
        if "%" in host:
            raise ValueError(host)
        return str(IPv6Address(host)) if ":" in host else str(IPv4Address(host))
    except ValueError:
        raise AddressRefused("The IP address in the base URL is not valid.") from None


def _is_ipv4(host: str) -> bool:
    try:
        IPv4Address(host)
    except ValueError:
        return False
    return True


def _refuse_address(address: IPAddress, target: Target, *, allow_local: bool) -> None:
    local = _within(address, _LOCAL)
    if _within(address, _FORBIDDEN) or not (local or _is_public(address)):
        raise AddressRefused(
            f"{target.host} leads to {address}, a reserved address that is never "
            "called; enter the public address of the model server."
        )
    if local and not allow_local:
        raise AddressRefused(
            f"{target.host} leads to {address}, inside this network; set "
            "ARENA_ALLOW_LOCAL_PROVIDERS to call model servers of your own."
        )
    if target.scheme == "http" and not local:
        raise AddressRefused(
            f"Use https:// for {target.host}: over http:// the key would be readable."
        )


def _is_public(address: IPAddress) -> bool:
    if isinstance(address, IPv6Address) and address not in _GLOBAL_IPV6:
        return False  # v4-mapped, v4-compatible and NAT64 addresses are among these
    return not _within(address, _NOT_PUBLIC)


def _within(address: IPAddress, networks: list[Network]) -> bool:
    return any(
        address.version == network.version and address in network
        for network in networks
    )
