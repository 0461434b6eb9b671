"""Row 9 of the acceptance table: a hostile shape costs a limit, never the service."""

import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from evaluations.markdown import Renderer
from evaluations.markdown.limits import MAX_HTML_BYTES, RENDER_SECONDS
from evaluations.markdown.rendering import render
from tests.markdown.hostile_shapes import SHAPES
from tests.markdown.strict import violations

ROOT = Path(__file__).resolve().parents[2]
TRAP = SHAPES["code that traps the RST lexer"](64_000)


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    renderer = Renderer(seconds=0.5)
    yield renderer
    renderer.close()


@pytest.mark.parametrize("size", [20_000, 64_000])
@pytest.mark.parametrize("shape", SHAPES)
def test_each_shape_ends_rendered_or_as_plain_text(
    renderer: Renderer, shape: str, size: int
) -> None:
    rendered = renderer.render(SHAPES[shape](size))

    assert rendered.html
    assert len(rendered.html.encode()) <= 1_000_000
    assert rendered.html.startswith('<pre class="plain"') == rendered.fallback
    assert rendered.fallback or violations(rendered.html) == []


def test_other_texts_go_through_while_a_hostile_one_is_read() -> None:
    renderer = Renderer(seconds=1.0)
    renderer.render("Both processes start at need; this one starts the first.")
    trapped: list[bool] = []
    hostile = threading.Thread(
        target=lambda: trapped.append(renderer.render(TRAP).fallback)
    )

    hostile.start()
    meanwhile = []
    while hostile.is_alive():
        meanwhile.append(renderer.render("*Still* served."))
    hostile.join()
    renderer.close()

    assert trapped == [True]
    assert len(meanwhile) > 1
    assert {rendered.html for rendered in meanwhile} == {
        "<p><em>Still</em> served.</p>"
    }


def test_the_renderer_works_on_after_it_ended_a_process(renderer: Renderer) -> None:
    assert renderer.render(TRAP).fallback

    assert renderer.render("*next*").html == "<p><em>next</em></p>"


def test_without_a_limit_the_trap_holds_a_process_for_longer() -> None:
    # The control: the shape does hurt where nothing ends it.
    unlimited = "import sys; from evaluations.markdown.rendering import render"

    with pytest.raises(subprocess.TimeoutExpired):
        subprocess.run(
            [sys.executable, "-c", f"{unlimited}; render(sys.stdin.read())"],
            input=TRAP.encode(),
            cwd=ROOT,
            timeout=RENDER_SECONDS + 1,
        )


def test_without_a_limit_the_html_is_too_large(
    caplog: pytest.LogCaptureFixture,
) -> None:
    text = SHAPES["links that grow thirtyfold"](45_000)
    renderer = Renderer(seconds=20)

    with caplog.at_level(logging.WARNING):
        rendered = renderer.render(text)
    renderer.close()

    assert len(render(text)) > MAX_HTML_BYTES
    assert rendered.fallback
    assert caplog.messages == ["45000 bytes not rendered: too large"]
