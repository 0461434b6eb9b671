"""Row 8 of the acceptance table, the sanitiser's part: nothing hostile gets through."""

import brs_kb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from evaluations.markdown.rendering import render
from evaluations.markdown.sanitising import sanitise
from tests.markdown.hostile_texts import HOSTILE_TEXTS
from tests.markdown.strict import violations

PAYLOADS = sorted({entry["payload"] for entry in brs_kb.get_all_payloads().values()})

# Pieces that mean something to HTML, to the Markdown parser or to TeX.
PIECES = st.one_of(
    st.sampled_from(["<", ">", '"', "'", "&lt;", "&#0;", "\0", "é", "\u202e", "onx="]),
    st.sampled_from(["<script>", "<svg onload=x>", "</math>", "<!--", "javascript:"]),
    st.sampled_from(["\n", "\n\n", "    ", "`", "```\n", "# ", "> ", "- [x] ", "**"]),
    st.sampled_from(["](", "[x](", "![", ")", "https://a.b/", "|", "|-|\n", "~~"]),
    st.sampled_from(["$", "$$", "\\(", "\\)", "\\[", "\\]", "{", "}", "\\text{"]),
)


def test_the_knowledge_base_is_whole() -> None:
    assert len(PAYLOADS) == 4462


def test_no_known_payload_gets_through_the_renderer() -> None:
    through = {text: found for text in PAYLOADS if (found := violations(render(text)))}

    assert through == {}


@pytest.mark.parametrize("text", HOSTILE_TEXTS)
def test_no_text_of_our_own_gets_through_the_renderer(text: str) -> None:
    assert violations(render(text)) == []


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join))
def test_no_mixture_of_marks_gets_through_the_renderer(text: str) -> None:
    assert violations(render(text)) == []


def test_reading_the_html_once_more_changes_nothing() -> None:
    # Mutation attacks live on a second reading that differs from the first.
    for text in [*HOSTILE_TEXTS, *PAYLOADS]:
        html = render(text)

        assert sanitise(html) == html


def test_a_hostile_text_stays_readable() -> None:
    html = render("Write <script>alert(1)</script> and [x](javascript:alert(1)).")

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "[x](javascript:alert(1))" in html


def test_the_same_check_finds_the_payloads_in_unsafe_markdown() -> None:
    unsafe = MarkdownIt("commonmark", {"html": True})

    bad = sum(1 for text in PAYLOADS if violations(unsafe.render(text)))

    assert bad >= 100
