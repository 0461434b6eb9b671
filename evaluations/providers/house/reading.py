"""Read a text the plain way: words, stems, sentences, language."""

import re
import unicodedata
from collections.abc import Iterator

STOP_WORDS = {
    "en": (
        "a an and are as at be been but by can could did do does for from get give had "
        "has have he her his how i if in into is it its let me my no not of on one or "
        "our please she should so some tell than that the their them then there these "
        "they this to us was we were what when where which who why will with would you "
        "your about explain describe write make mean means work works happen happens "
        "many much come comes use used very just also any good best way always never "
        "short word words sentence sentences name names list between difference "
        "without special ten year old simply basic more less again never before simple "
        "points matter three four five needs need wants "
        "compare example examples thing things first day people say says look looks"
    ),
    "de": (
        "der die das den dem des ein eine einen einem einer eines und oder aber ist "
        "sind war wird wie was wer wo warum wann welche welcher ich du er sie es wir "
        "ihr mein meine dein man im in ins am an auf aus bei mit nach von vor zu zum "
        "zur über für nicht kein keine bitte gibt sich so dass auch wenn schreibe mir "
        "erkläre kurz kurzes kurze hat viele tun macht kann"
    ),
    "fr": (
        "le la les un une des du de d l et ou mais est sont était comment quoi qui que "
        "quel quelle quels quelles pourquoi quand où je tu il elle nous vous ils elles "
        "mon ma mes ton ta sur dans en au aux avec pour par pas ne se ce cette ces s "
        "écris explique moi court courte fait faire peut il y a qu est-ce"
    ),
    "es": (
        "el la los las un una unos unas de del y o pero es son era cómo qué quién que "
        "cuál cuáles por cuándo dónde yo tú él ella nosotros mi tu su en al con para "
        "no se lo este esta estos escribe explica breve corto corta hay hacer puede me "
        "hace sobre"
    ),
}
MORE_SIGNS = {"de": "äöüß", "fr": "çèêàùœ", "es": "ñ¿¡óíá"}
SYNONYMS = {
    "fridge": "refrigerator",
    "fast": "fast speed",
    "plane": "airplane",
    "vaccination": "vaccine",
    "immunisation": "vaccine",
    "bacterium": "bacteria",
    "colour": "color",
    "gdp": "gross domestic product",
    "asymmetric": "public key",
    "photo": "picture",
    "tallest": "highest",
    "biggest": "largest",
    "quijote": "quixote",
    "quote": "quotation",
    "wash": "washing",
    "kettle": "kettle limescale",
}

_WORD = re.compile(r"[^\W_]+(?:[’'][^\W_]+)?")
_SENTENCE_END = re.compile(r"(?<=[.!?。])\s+|\n{2,}")
_SMALL_NUMBER = re.compile(r"\d{1,2}|[^\W\d_]")
_ENDINGS = ("ing", "ies", "ed", "es", "s", "ly")
_SHORTEST_STEM = 4


def words(text: str) -> list[str]:
    return [match.group().casefold() for match in _WORD.finditer(text)]


def terms(text: str) -> list[str]:
    """Return the stems of the words that carry meaning, in their order."""
    return [_stem(_fold(word)) for word in _meaningful(text)]


def sentences(text: str) -> list[str]:
    parts = (part.strip() for part in _SENTENCE_END.split(text))
    return [part for part in parts if part]


def first_sentence(text: str) -> str:
    found = sentences(text)
    return found[0] if found else ""


def language(text: str) -> str:
    """Guess the language by its small words; English when in doubt."""
    seen = words(text[:2000])
    folded = text[:2000].casefold()
    scores = {
        code: sum(word in stop for word in seen)
        + 2 * any(sign in folded for sign in MORE_SIGNS.get(code, ""))
        for code, stop in _STOP_SETS.items()
    }
    best = max(scores, key=lambda code: scores[code])
    return best if scores[best] > scores["en"] else "en"


def mentions(text: str, *starts: str) -> bool:
    """Tell whether a word or phrase of the text begins with one of the starts."""
    pattern = "|".join(re.escape(start) for start in starts)
    return re.search(rf"(?<!\w)(?:{pattern})", text, re.IGNORECASE) is not None


def _meaningful(text: str) -> Iterator[str]:
    for word in words(text):
        if word not in _ALL_STOP_WORDS and not _SMALL_NUMBER.fullmatch(word):
            yield from SYNONYMS.get(word, word).split()


def _fold(word: str) -> str:
    plain = unicodedata.normalize("NFKD", word.split("'")[0].split("’")[0])
    return "".join(sign for sign in plain if not unicodedata.combining(sign)) or word


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM - 1:
            word = word.removesuffix(ending) + ("y" if ending == "ies" else "")
            break
    if len(word) > _SHORTEST_STEM and word[-1] == word[-2]:
        word = word[:-1]
    return word.removesuffix("e") if len(word) >= _SHORTEST_STEM else word


_STOP_SETS = {code: frozenset(text.split()) for code, text in STOP_WORDS.items()}
_ALL_STOP_WORDS = frozenset().union(*_STOP_SETS.values())
