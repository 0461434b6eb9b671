"""Words that an answer holds up rather than says: quotations, code, other speakers."""

import re

_FENCE = re.compile(r"^ {0,3}(?:```|~~~)", re.MULTILINE)
_PAIRS = ("«»", "「」", "『』", "‹›")
_OPENS = re.compile(r"(?:^|[\s(\[:,—])'(?=\w)")
_CLOSES = re.compile(r"(?<=[\w.!?,…])'(?!\w)")
# Leads into something that is not the author's own word.
_LEAD = re.compile(
    r"(?:example|sentence|phrase|line|prompt|translat\w+|quote|text|output|script"
    r"|dialog\w*"
    r"|says?|said|replie[sd]|answered|asked|wrote|write|writes|greeting|message"
    r"|template"
    r"|in (?:english|german|french|spanish|italian|dutch|polish|russian|turkish"
    r"|japanese"
    r"|chinese|korean|arabic|hindi|portuguese)"
    r"|beispiel|satz|übersetzung|sagt|sagte|schrieb|antwortete|auf (?:deutsch|englisch)"
    r"|exemple|phrase|traduction|dit|répond|répondit|en (?:anglais|français)"
    r"|ejemplo|frase|traducción|dijo|dice|respondió|en (?:inglés|español)"
    r"|exemplo|tradução|disse|diz|respondeu|em (?:inglês|português)"
    r"|esempio|traduzione|ha detto|dice|rispose|in (?:inglese|italiano)"
    r"|voorbeeld|zin|vertaling|zei|zegt|przykład|zdanie|tłumaczenie|powiedział\w*"
    r"|пример|предложение|перевод|сказал[аи]?|говорит|ответил[аи]?"
    r"|приклад|речення|переклад|сказав|сказала|каже|örnek|cümle|çeviri|dedi|diyor"
    r"|مثال|ترجمة|الترجمة|قال|قالت|يقول|उदाहरण|वाक्य|अनुवाद|कहा"
    r"|例如|例句|翻译|翻譯|译文|说|說|说道|回答道|例|例文|翻訳|訳|言った|예|예문|번역|말했다"
    r"|ví dụ|câu|bản dịch|nói|contoh|kalimat|terjemahan|berkata)"
    r"[^:：\n]{0,30}[:：]\s*\Z"
)
_SPEAKER = re.compile(r"(?:^|\n)\s*(?:#+\s*|- )?([^\s:.!?][^:.!?\n]{0,28}?)\s?:\s*\Z")
_ANSWERS = re.compile(
    r"(?:ai|assistant|answer|short answer|response|reply|system|bot|note|disclaimer"
    r"|hello"
    r"|to answer your question|me|al?right|ok(?:ay)?|well|yes|no|sure|simply put"
    r"|in short|honestly|indeed|fun fact|fact|disclosure|full disclosure|correction"
    r"|about me|identity|name|model|sorry|truth|kurz(?: gesagt)?|also|ja|oui|sí|sim"
    r"|sì|да|так|antwort|hinweis|réponse|note|respuesta|nota|resposta"
    r"|risposta|antwoord|odpowiedź|uwaga|ответ|примечание|відповідь|cevap|yanıt"
    r"|إجابة|الإجابة"
    r"|उत्तर|回答|答|注|답변|답|trả lời|jawaban)\Z"
)
_RIDDLE = re.compile(
    r"(?:what|who)\s+am\s+i\s?\?|wer\s+bin\s+ich\s?\?|was\s+bin\s+ich\s?\?"
    r"|qui\s+suis-je"
    r"|que\s+suis-je|quién\s+soy|qué\s+soy|quem\s+sou|o\s+que\s+sou|chi\s+sono\s?\?"
    r"|wie\s+ben\s+ik\s?\?|кто\s+я\s?\?|что\s+я\s+такое|хто\s+я\s?\?|我是谁|我是什么|私は誰"
)


def held_up(lower: str, at: int) -> bool:
    """Tell whether the folded text at this place is not the author's own word."""
    return (
        _in_code(lower, at)
        or _in_quotes(lower, at)
        or _is_led_in(lower, at)
        or _RIDDLE.search(lower, at, at + 300) is not None
    )


def _in_code(lower: str, at: int) -> bool:
    if len(_FENCE.findall(lower, 0, at)) % 2:
        return True
    line = lower.rfind("\n", 0, at) + 1
    if lower[line:at].lstrip().startswith(">"):
        return True
    return lower.count("`", line, at) % 2 == 1


def _in_quotes(lower: str, at: int) -> bool:
    start = lower.rfind("\n\n", 0, at) + 1
    end = lower.find("\n\n", at)
    after = lower[at : end if end >= 0 else len(lower)]
    before = lower[start:at]
    if before.count('"') % 2 and ('"' in after or end < 0):
        return True
    if any(before.rfind(pair[0]) > before.rfind(pair[1]) for pair in _PAIRS):
        return True
    return _in_single_quotes(before[-400:].rsplit("\n", 1)[-1], after)


def _in_single_quotes(before: str, after: str) -> bool:
    """Look for an opening sign that nothing closes; "don't" is neither."""
    opened = [match.end() for match in _OPENS.finditer(before + after[:1])]
    closed = [match.end() for match in _CLOSES.finditer(before)]
    if not opened or not _CLOSES.search(after):
        return False
    return not closed or opened[-1] > closed[-1]


def _is_led_in(lower: str, at: int) -> bool:
    lead = lower[max(0, at - 90) : at]
    if _LEAD.search(lead):
        return True
    speaker = _SPEAKER.search(lead)
    return speaker is not None and not _ANSWERS.match(speaker[1].strip("[] "))
