import random
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluations.markdown import Growing, Piece, Renderer, render_safely
from evaluations.markdown.calming import settled
from evaluations.markdown.protocol import Context
from evaluations.markdown.rendering import render, render_growing
from evaluations.markdown.shortcuts import lengthened, open_code, paragraphs
from tests.markdown.hostile_shapes import SHAPES
from tests.markdown.hostile_texts import HOSTILE_TEXTS
from tests.markdown.strict import violations
from tests.markdown.test_row_08_xss import PAYLOADS

LIMIT_SECONDS = 0.4
PLAIN = '<pre class="plain" tabindex="0">'
# Coloured only once its end has come, and then for longer than anybody waits.
TRAP = SHAPES["code that traps the RST lexer"](64_000) + "\n```\n"

ANSWER = r"""# Baking *bread*
Take **flour** & water, see [the notes](https://example.org/a).

1. **Mix:** 500 g of `flour`
   with water.
2. **Rest:** for 2 hours:
   - once
   - [x] or twice

   ```python
   def rest(hours: int) -> None: ...
   ```
10. **Bake** it.

## How hot?
| oven | °C |
|------|---:|
| gas  | 230 |

\[
x = a
- b
\]
So \(x < 3\) and "y" > 2, \$5 in all.
> A quote
> of two lines

```python
def bake() -> int:

    return 1 < 2
```
### In the end
    indented code

[n]: https://example.org/n
See [n] for ***more***...
***
Good luck!"""

WORDS = ["a", "some words ", "Über", "x & y", "1", "12. ", '"so"', "<b>", "(c)", "&lt;"]
MARKS = [
    "**",
    "*",
    "_",
    "`",
    "[",
    "](",
    ")",
    "$",
    "\\",
    "#",
    "- ",
    "> ",
    "|",
    "~~",
    ";",
]
TEXTS = st.lists(
    st.sampled_from([*WORDS, *WORDS, *MARKS, "\n", "\n\n", " "]), max_size=14
).map("".join)
PLAIN_TEXTS = st.lists(
    st.one_of(st.sampled_from([*WORDS, "\n", "\n\n", " "]), st.characters()),
    max_size=14,
).map("".join)
BLOCKS = st.one_of(
    st.sampled_from(["# Head\n", "Plain words\n", "**b**\n`c`\n", "    code\n"]),
    st.sampled_from(["- a\n- b\n", "1. a\n\n2. b\n", "- a\n\n  b\n", "---\n"]),
    st.sampled_from(["```py\nx = 1\n```\n", "|a|b|\n|-|-|\n|1|2|\n", "> quote\n"]),
    st.sampled_from(["\\[\nx\n\\]\n", "$$\nx\n- y\n$$\n", "\\[ open\n"]),
)
DOCUMENTS = st.lists(
    st.tuples(BLOCKS, st.sampled_from(["", "\n"])).map("".join), max_size=8
).map(lambda blocks: "".join(blocks) + "\n\nThe end.")


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found = ""

    def handle_data(self, data: str) -> None:
        self.found += data


def text_of(html: str) -> str:
    reader = _Text()
    reader.feed(html)
    reader.close()
    return "".join(reader.found.split())


def cut(text: str, chance: random.Random) -> Iterator[str]:
    while text:
        size = chance.choice([1, 2, 5, 24, 200])
        yield text[:size]
        text = text[size:]


def html_of(growing: Growing) -> str:
    return (growing.so_far.stable + growing.so_far.tail).strip()


@pytest.fixture
def renderer() -> Iterator[Renderer]:
    renderer = Renderer(seconds=LIMIT_SECONDS)
    renderer.render("*Both* processes start at need; this starts the first.")
    yield renderer
    renderer.close()


def test_a_block_is_final_when_nothing_can_change_it_any_more() -> None:
    growing = Growing()

    assert growing.add("# Hi") == Piece("", "<h3>Hi</h3>")
    assert growing.add("\nSome **bo") == Piece(
        "<h3>Hi</h3>\n", "<p>Some <strong>bo</strong></p>"
    )
    assert growing.add("ld** text\n\n- a") == Piece(
        "<p>Some <strong>bold</strong> text</p>\n", "<ul>\n<li>a</li>\n</ul>"
    )
    assert growing.add("\n\nlast\n") == Piece(
        "<ul>\n<li>a</li>\n</ul>\n", "<p>last</p>"
    )


@pytest.mark.parametrize("size", [1, 3, 24, 1000])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_an_answer_ends_as_if_it_had_come_at_once(size: int, newline: str) -> None:
    answer = ANSWER.replace("\n", newline)
    growing = Growing()
    given: list[Piece] = []

    for start in range(0, len(answer), size):
        given.append(growing.add(answer[start : start + size]))

    assert html_of(growing) == render_safely(ANSWER).html
    assert growing.so_far == Piece(
        "".join(piece.stable for piece in given), given[-1].tail
    )


@pytest.mark.parametrize(
    "pieces",
    [
        ["1. a\n\n12345", ". b\n\nEnd."],
        ["Words\n\\[\nx\n# y\n", "z\n\\]\n\nEnd."],
        ["Words\n\\[\nx\n- y\n\n", "\\]\n\nEnd."],
        ["[x]: https://a.example\n'one\n", "two'\n\nEnd of [x]."],
        ["- a\n\n", "  b\n\n", "c\n"],
        ["    a\n\n", "    b\n\n", "c\n"],
        ["| a |\n", "|---|\n", "| b |\n", "c\n\nEnd."],
        ["a\n", "---\n", "b"],
        ["```\na\n```", "`\nb\n````\n\nEnd."],
    ],
)
def test_no_block_is_final_too_early(pieces: list[str]) -> None:
    growing = Growing()

    for piece in pieces:
        growing.add(piece)

    assert html_of(growing) == render("".join(pieces))


@settings(max_examples=80, deadline=None)
@given(DOCUMENTS, st.randoms(use_true_random=False))
def test_no_text_is_lost_or_doubled(document: str, chance: random.Random) -> None:
    growing = Growing()

    for piece in cut(document, chance):
        growing.add(piece)

    assert text_of(html_of(growing)) == text_of(render(document))


@settings(max_examples=300, deadline=None)
@given(PLAIN_TEXTS)
def test_plain_paragraphs_come_out_as_the_parser_writes_them(text: str) -> None:
    shown = settled(text.replace("\r", "\n").encode("utf-8", "replace").decode())
    found = paragraphs(shown)

    growth = render_growing(shown, Context())

    assert found is None or found[1:] == (growth.final, growth.tail)


@settings(max_examples=100, deadline=None)
@given(PLAIN_TEXTS)
def test_open_code_comes_out_as_the_parser_writes_it(text: str) -> None:
    shown = settled("```py\n" + text.encode("utf-8", "replace").decode())
    found = open_code(shown)

    assert found is None or found == render_growing(shown, Context()).tail


@settings(max_examples=300, deadline=None)
@given(TEXTS, st.text("ab 1.);:-|", max_size=4))
def test_a_lengthened_tail_is_what_the_parser_writes(before: str, added: str) -> None:
    source, longer = settled(before), settled(before + added)
    drawn = render_growing(source, Context())
    rest = source[drawn.length :]

    found = lengthened(drawn.tail, rest, longer[len(source) :])

    if found is not None and longer.startswith(source):
        again = render_growing(longer[drawn.length :], drawn.context)
        assert (again.final, again.tail) == ("", found)


def test_the_shortcuts_are_taken() -> None:
    assert paragraphs("Is 2 < 3?\nYes & no.\n\nNext") == (
        len("Is 2 < 3?\nYes & no.\n\n"),
        "<p>Is 2 &lt; 3?<br>\nYes &amp; no.</p>\n",
        "<p>Next</p>",
    )
    assert open_code("```py\na < `b`") is not None
    assert lengthened("<ul>\n<li>a b</li>\n</ul>", "- a b ", "c") == (
        "<ul>\n<li>a b c</li>\n</ul>"
    )


@pytest.mark.parametrize(
    ("tail", "source", "added"),
    [
        ("<p>R&amp;am</p>", "R&am", "p;"),
        ('<p>so [a](https://b "c</p>', 'so [a](https://b "c', '")'),
        ("<p>a</p>", "a", "\n"),
        ("<p>a</p>", "a", " *"),
        ("<p>a</p>", "\\a", "b"),
        ("<p><code>a</code></p>", "`a", "b"),
        ("<p>a <bdi>(b.c)</bdi></p>", "[a](https://b.c", "d"),
    ],
)
def test_the_parser_is_asked_where_a_mark_may_matter(
    tail: str, source: str, added: str
) -> None:
    assert lengthened(tail, source, added) is None


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("so **", "<p>so </p>"),
        ("so **bold", "<p>so <strong>bold</strong></p>"),
        ("so **bold*", "<p>so <strong>bold</strong></p>"),
        ("so `co", "<p>so <code>co</code></p>"),
        ("see [the notes](https://exam", "<p>see the notes</p>"),
        ("- one\n-", "<ul>\n<li>one</li>\n</ul>"),
        ("1. one\n2", "<ol>\n<li>one</li>\n</ol>"),
        ("title\n--", "<p>title</p>"),
        ("so $x + y", "<p>so $x + y</p>"),
        ("2 * 3", "<p>2 * 3</p>"),
    ],
)
def test_the_end_is_calm_while_a_mark_is_half_written(text: str, html: str) -> None:
    tail = Growing().add(text).tail

    assert tail.replace(" </p>", "</p>") == html.replace(" </p>", "</p>")


def test_headings_and_links_know_what_came_before() -> None:
    growing = Growing()

    for piece in ["# a\n", "[x]: https://a.example\n\n", "words\n\n", "## b\n\n[x]"]:
        growing.add(piece)

    assert "<h4>b</h4>" in html_of(growing)
    assert 'href="https://a.example"' in html_of(growing)


def test_code_is_coloured_when_its_end_has_come() -> None:
    growing = Growing()

    assert "<span" not in growing.add("```python\nimport os\n").tail
    assert '<span class="k">import</span>' in growing.add("```\n").stable


def test_a_hostile_text_is_safe_at_every_step() -> None:
    chance = random.Random(8)

    for text in [*HOSTILE_TEXTS, *PAYLOADS[::40]]:
        growing = Growing()
        for piece in cut(text, chance):
            growing.add(piece)
            assert violations(html_of(growing)) == [], text


@pytest.mark.parametrize("shape", SHAPES)
def test_each_shape_goes_on_within_the_limit(renderer: Renderer, shape: str) -> None:
    text = SHAPES[shape](11_500)
    growing = Growing(renderer)

    slowest = 0.0
    for start in range(0, len(text), 1_500):
        began = time.perf_counter()
        growing.add(text[start : start + 1_500])
        slowest = max(slowest, time.perf_counter() - began)

    assert slowest < LIMIT_SECONDS + 0.6
    assert violations(html_of(growing).replace(PLAIN, "<pre>")) == []


def test_after_a_time_out_the_rest_is_plain(renderer: Renderer) -> None:
    growing = Growing(renderer)
    growing.add("*First*\n\n" + TRAP)

    began = time.perf_counter()
    pieces = [growing.add(f"**{number}** <b>\n") for number in range(600)]

    assert time.perf_counter() - began < LIMIT_SECONDS
    assert growing.so_far.tail.startswith(PLAIN)
    assert pieces[-1].tail.endswith("**599** &lt;b&gt;\n</pre>")
    assert max(len(piece.tail) for piece in pieces[-100:]) < 10_000
    expected = text_of("".join(f"**{number}** &lt;b&gt;" for number in range(600)))
    assert text_of(html_of(growing)).endswith(expected)


def test_many_answers_grow_at_once(renderer: Renderer) -> None:
    def grown(number: int) -> str:
        growing = Growing(renderer)
        for _ in range(5):
            growing.add(f"- **{number}** words\n")
        return html_of(growing)

    with ThreadPoolExecutor(250) as threads:
        answers = list(threads.map(grown, range(250)))

    for number, html in enumerate(answers):
        assert set(text_of(html).split("words")) == {str(number), ""} or (
            # A busy moment shows the text as it came; the next piece draws it.
            f"**{number}**" in html
        )


def test_an_answer_does_not_wait_long_for_a_free_process() -> None:
    renderer = Renderer(seconds=LIMIT_SECONDS, processes=1)
    growing = Growing(renderer)
    growing.add("*One*")
    trapped = threading.Thread(target=Growing(renderer).add, args=[TRAP])

    trapped.start()
    time.sleep(0.05)
    began = time.perf_counter()
    piece = growing.add(" and **two**")
    waited = time.perf_counter() - began
    trapped.join()
    growing.add(" and three")
    renderer.close()

    assert waited < LIMIT_SECONDS + 0.2 or "<strong>" in piece.tail
    assert html_of(growing) == (
        "<p><em>One</em> and <strong>two</strong> and three</p>"
    )
