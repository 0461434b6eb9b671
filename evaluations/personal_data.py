"""Finds what a volunteer may not have meant to send: addresses, numbers, keys.

A warning only: it asks, it does not refuse. Where a checksum exists it decides, so
that sums, versions and dates are left alone.
"""

import re
from collections.abc import Callable, Iterable
from enum import StrEnum
from ipaddress import IPv6Address, ip_address


class Kind(StrEnum):
    MAIL = "mail"
    PHONE = "phone"
    IBAN = "iban"
    CARD = "card"
    KEY = "key"
    ADDRESS = "address"
    SOCIAL = "social"


WORDS = {
    Kind.MAIL: "an e-mail address",
    Kind.PHONE: "a phone number",
    Kind.IBAN: "an account number (IBAN)",
    Kind.CARD: "a card number",
    Kind.KEY: "a secret key",
    Kind.ADDRESS: "an IP address",
    Kind.SOCIAL: "a social security number",
}
# Lengths of the IBAN register (SWIFT), by country.
IBAN_LENGTHS = {
    country: int(length)
    for length, countries in (
        ("15", "NO"),
        ("16", "BE"),
        ("18", "DK FI FO GL NL"),
        ("19", "MK SI"),
        ("20", "AT BA EE KZ LT LU XK MN"),
        ("21", "CH HR LI LV"),
        ("22", "BG BH CR DE GB GE IE ME RS VA"),
        ("23", "AE GI IL IQ OM TL"),
        ("24", "AD CZ ES MD PK RO SA SE SK TN VG"),
        ("25", "LY PT ST"),
        ("26", "IS TR"),
        ("27", "BI DJ FR GR IT MC MR SM"),
        ("28", "AL AZ BY CY DO GT HU LB NI PL SV"),
        ("29", "BR EG PS QA UA"),
        ("30", "JO KW MU"),
        ("31", "MT SC"),
        ("33", "RU"),
    )
    for country in countries.split()
}
_MAIL = re.compile(
    r"(?<![\w.+-])[\w.+%'-]{1,64}(?:@|\s?[\[(](?:at|@)[\])]\s?)"
    r"(?!(?:[\w-]+\.)*example\.)(?:[\w-]+(?:\.|\s?[\[(]dot[\])]\s?))+[^\W\d_]{2,}"
)
_IBAN = re.compile(r"(?<![^\W_])[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]){11,30}", re.IGNORECASE)
_CARD = re.compile(
    r"(?<![\d.,-])(?:\d{13,19}|\d{4}(?P<gap>[ -])\d{4}(?P=gap)\d{4}(?P=gap)\d{1,4}"
    r"|\d{4}[ -]\d{6}[ -]\d{4,5})(?!\d|[.,-]\d)"
)
_KEY = re.compile(
    r"(?<![\w-])(?:sk-(?:[a-z]+-)*[A-Za-z0-9_-]{20,}|(?:AKIA|ASIA)[A-Z0-9]{16}"
    r"|gh[pousr]_[A-Za-z0-9]{36,}|github_pat_\w{30,}|xox[abprs]-[\w-]{10,}"
    r"|AIza[\w-]{35}|hf_[A-Za-z0-9]{30,}|glpat-[\w-]{20,}|[sr]k_live_[A-Za-z0-9]{16,}"
    r"|npm_[A-Za-z0-9]{36}|pypi-[\w-]{40,}|eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,})"
    r"|-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----"
)
_SOCIAL = re.compile(
    r"(?<![\w-])(?:(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}"
    r"|(?P<fr>[12] ?\d{2} ?(?:0[1-9]|1[0-2]) ?(?:\d{2}|2[AB]) ?\d{3} ?\d{3} ?\d{2})"
    r"|(?P<es>\d{8}[A-HJ-NP-TV-Z])"
    r"|[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z])(?![\w-])"
)
_ADDRESS = re.compile(
    r"(?<![\w.:-])(?<!version )(?<!release )"
    r"(?:(?:\d{1,3}\.){3}\d{1,3}|(?:[0-9a-f]{1,4}:){3,7}(?::?[0-9a-f]{1,4}){1,4})"
    r"(?![\w:]|\.\d)",
    re.IGNORECASE,
)
# Open resolvers stand in every tutorial.
_PUBLIC_ADDRESSES = frozenset({"8.8.8.8", "8.8.4.4", "1.1.1.1", "1.0.0.1", "9.9.9.9"})
_DATE = re.compile(
    r"(?:\d{1,2}[./ -]\d{1,2}[./ -](?:19|20)?\d{2}|(?:19"
    r"|20)\d{2}[./-]\d{1,2}[./-]\d{1,2})"
    r"(?!\d|[ .-]\d{2}[ .-]\d{2}(?!\d))"
)
_EDGE = r"(?<![\w.,+*/=$€£-])(?<!\d )(?:"
_END = r")(?!\w|[.,/*=-]\d| \d|[ ]?[%€$£=*])"
_PHONE = re.compile(
    # Abroad: a plus or 00, a country, seven to twelve more digits.
    _EDGE + r"\(?(?:\+|00)[1-9]\d{0,2}\)?(?:[ ./-]?\(?\d\)?){7,13}"
    # North America and India.
    r"|\(?(?:1[ .-])?\(?[2-9]\d{2}\)?[ .-][2-9]\d{2}[.-]\d{4}"
    r"|\([2-9]\d{2}\) ?\d{3}[ .-]?\d{4}"
    r"|[2-9]\d{2} [2-9]\d{2} \d{4}|[6-9]\d{4}[ -]\d{5}"
    # A trunk zero, as in most of Europe, Turkey, Japan, Korea.
    r"|\(?0[1-9]\d{0,4}\)?[ ]?[/. -][ ]?\d{2,8}(?:[ .-]\d{2,5}){0,4}"
    r"|0[1-9](?:[ .-]\d{2}){4}"
    r"|010[ -]\d{4}[ -]\d{4}|0[1-9]\d{8,9}"
    # Brazil, Russia, Italy, China.
    r"|\(\d{2}\) ?9?\d{4}-\d{4}|8[ -]?\(?9\d{2}\)?[ -]?\d{3}[ -]?\d{2}[ -]?\d{2}"
    r"|3[2-9]\d[ .-]\d{3}[ .-]?\d{3,4}|1[3-9]\d(?:[ -]?\d{4}){2}" + _END
)
_CALLED = re.compile(
    r"(?<!\w)(?:tel(?:efon\w*|éf\w*|ephone)?|phone(?: number)?|mobile|mobil|cell"
    r"|call(?: me)?"
    r"|whats ?app|fax|ring me|text me|handy(?:nummer)?|portable|teléfono|móvil|celular"
    r"|telefone|cellulare|telefoon\w*|numer|телефон\w*|номер|тел|звони\w*|电话|手机|電話|전화"
    r"|हेल्पलाइन|फ़ोन|फोन|هاتف|جوال|điện thoại|hp|wa)"
    r"(?: (?:is|ist|est|es|é|number|nummer|me|at|on|под|unter|au|al|no\.?))*[.:：#]?\s*"
    r"(?P<number>\+?\(?\d(?:[ ./()-]{0,2}\d){6,14})(?!\d|[.,]\d)",
    re.IGNORECASE,
)


def find(text: str) -> list[Kind]:
    """List the kinds that a text seems to hold, each once."""
    found = []
    for kind, look in _LOOKS:
        text, seen = look(text)
        if seen:
            found.append(kind)
    return [kind for kind in Kind if kind in found]


def sentence(kinds: Iterable[Kind]) -> str:
    """Say to the volunteer what was found; nothing for nothing."""
    words = [WORDS[kind] for kind in kinds]
    if not words:
        return ""
    *most, last = words
    listed = f"{', '.join(most)} and {last}" if most else last
    return f"This looks as if it held {listed}."


def _look(
    pattern: re.Pattern[str], is_true: Callable[[re.Match[str]], bool]
) -> Callable[[str], tuple[str, bool]]:
    """Make a search that blanks what it found, so that a number counts once."""

    def look(text: str) -> tuple[str, bool]:
        spans = [match.span() for match in pattern.finditer(text) if is_true(match)]
        for start, end in spans:
            text = text[:start] + "\n" * (end - start) + text[end:]
        return text, bool(spans)

    return look


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isdecimal())


def _always(_: re.Match[str]) -> bool:
    return True


def _is_iban(match: re.Match[str]) -> bool:
    """ISO 13616: moved to the end and read as a number, the rest by 97 is 1."""
    joined = re.sub(r"[ -]", "", match[0]).upper()
    length = IBAN_LENGTHS.get(joined[:2])
    if length is None or len(joined) < length:
        return False
    turned = joined[4:length] + joined[:4]
    return int("".join(str(int(sign, 36)) for sign in turned)) % 97 == 1


def _is_card(match: re.Match[str]) -> bool:
    """ISO/IEC 7812: the check digit of Luhn, and an issuer that sells cards."""
    digits = _digits(match[0])
    if digits[0] not in "3456" and not 2221 <= int(digits[:4]) <= 2720:
        return False
    doubled = (int(digit) * 2 for digit in digits[-2::-2])
    total = sum(map(int, digits[-1::-2])) + sum(n - 9 if n > 9 else n for n in doubled)
    return total % 10 == 0 and len(set(digits)) > 1


def _is_social(match: re.Match[str]) -> bool:
    """Ask the key of the French and the letter of the Spanish number."""
    if number := match["fr"]:
        joined = number.replace(" ", "").replace("2A", "19").replace("2B", "18")
        return 97 - int(joined[:13]) % 97 == int(joined[13:])
    if number := match["es"]:
        return "TRWAGMYFPDXBNJZSQVHLCKE"[int(number[:8]) % 23] == number[8]
    return True


def _is_address(match: re.Match[str]) -> bool:
    try:
        address = ip_address(match[0])
    except ValueError:
        return False
    if isinstance(address, IPv6Address):
        return address.is_global
    plain = match[0] in _PUBLIC_ADDRESSES or match[0].endswith((".0", ".0.1"))
    return address.is_global and not plain and int(match[0].split(".")[0]) > 9


def _is_phone(match: re.Match[str]) -> bool:
    number = match[0]
    digits = _digits(number)
    counted = digits in "012345678901234567890" or len(set(digits)) < 3
    return 9 <= len(digits) <= 15 and not counted and not _DATE.match(number)


def _is_called(match: re.Match[str]) -> bool:
    return not _DATE.match(match["number"])


_LOOKS: tuple[tuple[Kind, Callable[[str], tuple[str, bool]]], ...] = (
    (Kind.KEY, _look(_KEY, _always)),
    (Kind.MAIL, _look(_MAIL, _always)),
    (Kind.IBAN, _look(_IBAN, _is_iban)),
    (Kind.SOCIAL, _look(_SOCIAL, _is_social)),
    (Kind.CARD, _look(_CARD, _is_card)),
    (Kind.ADDRESS, _look(_ADDRESS, _is_address)),
    (Kind.PHONE, _look(_PHONE, _is_phone)),
    (Kind.PHONE, _look(_CALLED, _is_called)),
)
