from ipaddress import ip_address

import pytest

from evaluations.providers.address import (
    AddressRefused,
    HostNotFound,
    check_base_url,
    parse_target,
)

PUBLIC = "93.184.215.14"


def check(url: str, *addresses: str, allow_local: bool = False) -> None:
    check_base_url(
        url, allow_local=allow_local, resolve=lambda host, port: list(addresses)
    )


@pytest.mark.parametrize(
    "url",
    [
        "https://api.example.com/v1",
        "https://api.example.com:443",
        "https://API.Example.com:8443/v1/",
        "https://xn--bcher-kva.example/v1",
        "https://93.184.215.14/v1",
        "https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/v1",
    ],
)
@pytest.mark.parametrize("allow_local", [True, False])
def test_public_https_urls_are_taken(url: str, allow_local: bool) -> None:
    check(url, PUBLIC, "2606:4700::1111", allow_local=allow_local)


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("http://127.0.0.1:11434/v1", "127.0.0.1"),
        ("http://localhost:1234", "127.0.0.1"),
        ("http://[::1]:8080/v1", "::1"),
        ("https://gpu-box.lan:9999/v1", "192.168.1.7"),
        ("http://my_vllm:8000/v1", "172.18.0.4"),
        ("http://tail.example:8000/v1", "100.101.102.103"),
        ("http://ula.example:8000/v1", "fd12:3456::7"),
    ],
)
def test_local_servers_are_taken_only_where_a_setting_allows_them(
    url: str, address: str
) -> None:
    check(url, address, allow_local=True)

    with pytest.raises(AddressRefused):
        check(url, address, allow_local=False)


@pytest.mark.parametrize(
    "address",
    [
        *("169.254.169.254", "169.254.170.2", "fe80::1", "fd00:ec2::254"),
        *("100.100.100.200", "168.63.129.16", "fd20:ce::254", "192.0.0.192"),
        "0.0.0.0",  # noqa: S104 - nothing is bound here
        *("0.0.0.1", "::", "224.0.0.1", "255.255.255.255", "ff02::1", "240.0.0.1"),
        *("::ffff:127.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1"),
        *("64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:53aa:64c:0:0:80ff:fffe"),
        *("198.18.0.1", "203.0.113.5", "2001:db8::1", "fec0::1", "100::1"),
    ],
)
@pytest.mark.parametrize("allow_local", [True, False])
def test_some_addresses_are_never_called(address: str, allow_local: bool) -> None:
    with pytest.raises(AddressRefused) as caught:
        check("https://api.example.com", address, allow_local=allow_local)

    assert str(ip_address(address)) in str(caught.value)


@pytest.mark.parametrize(
    "address", ["10.1.2.3", "172.16.0.1", "192.168.0.1", "127.8.8.8", "100.64.0.1"]
)
def test_one_inside_address_among_public_ones_is_enough_to_refuse(
    address: str,
) -> None:
    with pytest.raises(AddressRefused, match="ARENA_ALLOW_LOCAL_PROVIDERS"):
        check("https://api.example.com", PUBLIC, address)


def test_plain_http_is_for_local_servers_alone() -> None:
    with pytest.raises(AddressRefused, match="https://"):
        check("http://api.example.com", PUBLIC, allow_local=True)


def test_an_unknown_host_is_told_apart_from_a_refused_one() -> None:
    with pytest.raises(HostNotFound, match="check its spelling"):
        check("https://api.example.com")


@pytest.mark.parametrize(
    ("url", "advice"),
    [
        ("", "https://"),
        ("api.example.com/v1", "https://"),
        ("ftp://api.example.com", "https://"),
        ("http://api.example.com", "https://"),
        ("https://me:secret@api.example.com", "before the @"),
        ("https://api.example.com:22", "443 or 8443"),
        ("https://api.example.com:0", "443 or 8443"),
        ("https://api.example.com:99999", "https://api.example.com/v1"),
        ("https://[::1", "https://api.example.com/v1"),
        ("https://api.example.com/v1?key=abc", "after ? or #"),
        ("https://api.example.com/v1#x", "after ? or #"),
        ("https://api example.com", "without spaces"),
        ("https://api.example.com\n", "without spaces"),
        ("https://bücher.example", "xn--"),
        ("https://2130706433", "as a name"),
        ("https://[2606:4700::1111%25eth0]", "not valid"),
        ("https:///v1", "as a name"),
    ],
)
def test_a_refusal_says_what_to_do(url: str, advice: str) -> None:
    with pytest.raises(AddressRefused) as caught:
        check(url, PUBLIC)

    assert advice in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "port"),
    [
        ("https://api.example.com", 443),
        ("http://127.0.0.1", 80),
        ("http://127.0.0.1:8000", 8000),
    ],
)
def test_the_port_is_the_one_of_the_scheme_unless_given(url: str, port: int) -> None:
    assert parse_target(url, allow_local=True).port == port
