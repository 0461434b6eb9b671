import json

import pytest

from evaluations.personal_data import Kind, find, sentence
from tests.real_data import folder

# Invented numbers, or those that issuers and registers print as examples.
PLANTED = {
    Kind.MAIL: """
        jo.doe@gmail.com | a_b+news@mail.example-shop.co.uk | MARIA@WEB.DE | x@y.io
        o'neil@post.ie | jean-luc@société.fr | 12345@qq.com | info@sub.dom.ain.museum
        first.last@uni-bonn.de | mia [at] posteo [dot] net | kim(at)naver.com
        ivan@почта.рф | q%w@host.org | long.name.with.dots@company.travel
        """,
    Kind.PHONE: """
        +49 171 1234567 | +1 (415) 555-2671 | +44 20 7946 0958 | 0049 30 1234567
        +33 6 12 34 56 78 | 06 12 34 56 78 | 01.42.68.53.00 | 030/12345678
        0171-1234567 | (415) 555-2671 | 415-555-2671 | 415.555.2671 | 1-415-555-2671
        +14155552671 | 020 7946 0958 | 07700 900123 | 07700900123 | +34 612 345 678
        +39 333 1234567 | 333 1234567 | +31 6 12345678 | 06-12345678 | +48 601 234 567
        +7 912 345-67-89 | 8 (912) 345-67-89 | 8 912 345 67 89 | +380 67 123 4567
        0532 123 45 67 | +90 532 123 45 67 | +966 50 123 4567 | +91 98765 43210
        98765 43210 | 13812345678 | 138 1234 5678 | +86 138 1234 5678 | 090-1234-5678
        03-1234-5678 | 010-1234-5678 | +82 10-1234-5678 | +84 91 234 56 78
        0912 345 678 | +62 812-3456-7890 | 0812-3456-7890 | (11) 91234-5678
        +55 11 91234-5678 | +41 44 668 18 00 | 044 668 18 00 | +43 1 5880070
        +32 2 555 12 12 | tel: 555-0123456 | call me at 612345678 | phone 2025550143
        Telefon: 4711 08154 | 电话：62345678 | +420 601 123 456 | +353 87 123 4567
        087 123 4567 | +61 412 345 678 | 0412 345 678
        """,
    Kind.IBAN: """
        DE89370400440532013000 | DE89 3704 0044 0532 0130 00
        GB29 NWBK 6016 1331 9268 19 | FR14 2004 1010 0505 0001 3M02 606
        NL91 ABNA 0417 1643 00 | BE68 5390 0754 7034 | ES91 2100 0418 4502 0005 1332
        IT60X0542811101000000123456 | AT611904300234573201
        CH93 0076 2011 6238 5295 7 | PL61 1090 1014 0000 0712 1981 2874
        gb29nwbk60161331926819 | SE45 5000 0000 0583 9825 7466 | NO93 8601 1117 947
        """,
    Kind.CARD: """
        4111 1111 1111 1111 | 4111111111111111 | 5555-5555-5555-4444 | 378282246310005
        6011111111111117 | 3530111333300000 | 5105 1051 0510 5100 | 4012888888881881
        2223003122003222 | 30569309025904 | 371449635398431 | 4222222222222
        """,
    Kind.KEY: """
        AKIAIOSFODNN7EXAMPLE | sk-proj-abcdefghijklmnopqrstuvwx1234
        ghp_0123456789abcdefghijABCDEFGHIJ012345 | xoxb-123456789012-abcdefghijkl
        -----BEGIN RSA PRIVATE KEY----- | hf_abcdefghijklmnopqrstuvwxyzABCDEFGH
        """,
    Kind.ADDRESS: "84.112.33.7 | 203.0.114.5 | 2a02:8388:8bff:1a80:1c2d:3e4f:5a6b:7c8d",
    Kind.SOCIAL: "219-09-9999 | 078-05-1120 | 2 69 05 49 588 157 80 | 12345678Z",
}
HARMLESS = """
on 2024-01-31 12:30:45 we met
from 01.02.2020 to 03.04.2021
version 1.2.3.4 and 10.15.7
Python 3.11.7, Django 5.2, 4.19.0-27-amd64
it costs 1,234,567.89 dollars, or 12 345 678 EUR
1234567890 + 9876543210 = 11111111100
ISBN 978-3-16-148410-0
1939-1945 and 1914 - 1918
x = [1000, 2000, 3000, 4000]
3.14159265358979
0.123456789012
localhost 127.0.0.1 and 192.168.1.20
ask 8.8.8.8 for names
the sum of 123 456 789 and 987 654 321
10 20 30 40 50 60 70
order 4111 1111 1111 1112 is no card
DE00 3704 0044 0532 0130 00 fails its check
@property is no address
user@localhost
a[i]@b[j]
1e10 and 0x1234567890
192.0.2.1 stands in manuals
the year 2020, 2021, 2022 and 2023
01/02/2020 and 1/2/99
population 1 402 112 000
timestamps 1700000000 and 1699999999
sk-learn and sklearn
00:1A:2B:3C:4D:5E
550e8400-e29b-41d4-a716-446655440000
room 101, floor 3, seat 12-14
9.81 m/s2, 299 792 458 m/s, 6.02214076e23
aspect 1920x1080, 16:9
numbers 2 3 5 7 11 13 17 19 23 29 31
write to someone@example.com
call the function f(1234567) twice
the string 0123456789 and its reverse 9876543210
"""


def cases() -> list[tuple[Kind, str]]:
    return [
        (kind, item.strip())
        for kind, block in PLANTED.items()
        for item in block.replace("\n", "|").split("|")
        if item.strip()
    ]


def test_nearly_all_that_is_planted_is_found() -> None:
    planted = cases()

    missed = [
        (kind, item)
        for kind, item in planted
        if kind not in find(f"Well, {item}, thanks")
    ]

    assert len(planted) >= 100
    assert len(missed) <= 0.05 * len(planted), missed


def test_dates_versions_prices_and_sums_are_left_alone() -> None:
    alarms = [
        (line, find(line)) for line in HARMLESS.strip().splitlines() if find(line)
    ]

    assert alarms == []


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("mail a@b.de or +49 171 1234567", [Kind.MAIL, Kind.PHONE]),
        ("DE89 3704 0044 0532 0130 00 please pay", [Kind.IBAN]),
        ("card 4111 1111 1111 1111", [Kind.CARD]),
    ],
)
def test_a_number_is_of_one_kind(text: str, kinds: list[Kind]) -> None:
    assert find(text) == kinds


def test_the_warning_says_what_was_found() -> None:
    assert sentence([]) == ""
    assert sentence([Kind.CARD]) == "This looks as if it held a card number."
    assert sentence([Kind.MAIL, Kind.PHONE]) == (
        "This looks as if it held an e-mail address and a phone number."
    )
    assert sentence([Kind.MAIL, Kind.PHONE, Kind.IBAN]) == (
        "This looks as if it held an e-mail address, a phone number "
        "and an account number (IBAN)."
    )


@pytest.mark.parametrize(
    ("name", "file", "field", "alarms"),
    [
        ("llmfao", "prompts.jsonl", "text", 0),
        ("vicuna", "question.jsonl", "text", 0),
        ("koala", "koala_test_set.jsonl", "prompt", 0),
    ],
)
def test_real_prompts_raise_few_alarms(
    name: str, file: str, field: str, alarms: int
) -> None:
    lines = (folder(name) / file).read_text().splitlines()

    hits = [find(json.loads(line)[field]) for line in lines]

    assert sum(map(bool, hits)) <= alarms
