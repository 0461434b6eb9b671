import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from evaluations.markdown import RENDERER_VERSION, Rendered, Renderer, render_safely
from tests.markdown.hostile_shapes import SHAPES

ROOT = Path(__file__).resolve().parents[2]
TRAP = SHAPES["code that traps the RST lexer"](64_000)


@pytest.fixture
def renderer() -> Iterator[Renderer]:
    renderer = Renderer(seconds=1.5)
    yield renderer
    renderer.close()


def children_of(pid: int) -> set[int]:
    found = subprocess.run(
        ["ps", "-o", "pid=,args=", "--ppid", str(pid)], capture_output=True, text=True
    )
    lines = [line for line in found.stdout.splitlines() if "markdown.child" in line]
    return {int(line.split()[0]) for line in lines}


def gone(pids: set[int], *, within_seconds: float) -> bool:
    deadline = time.monotonic() + within_seconds
    while any(Path(f"/proc/{pid}").exists() for pid in pids):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def test_a_text_comes_back_as_html_with_its_version() -> None:
    assert render_safely("*a*") == Rendered(
        html="<p><em>a</em></p>", version=RENDERER_VERSION, fallback=False
    )


@pytest.mark.parametrize("text", ["", " \n\t"])
def test_a_blank_text_is_empty(text: str) -> None:
    assert render_safely(text) == Rendered(html="")


def test_a_text_over_the_limit_is_shown_as_it_is(renderer: Renderer) -> None:
    within = renderer.render("é" * 32_768)
    over = renderer.render("é" * 32_769)

    assert not within.fallback
    assert over.fallback
    assert over.html == f'<pre class="plain" tabindex="0">{"é" * 32_769}</pre>'


def test_a_text_over_every_limit_is_cut_visibly(renderer: Renderer) -> None:
    html = renderer.render("&" * 5_000_000).html

    assert len(html.encode()) <= 1_000_000
    assert html.endswith("\n[…]</pre>")


def test_plain_text_is_escaped(renderer: Renderer) -> None:
    html = renderer.render("<script>\0&" + "x" * 70_000).html

    assert html.startswith('<pre class="plain" tabindex="0">&lt;script&gt;\ufffd&amp;x')


def test_a_text_that_is_no_unicode_is_rendered_all_the_same() -> None:
    assert render_safely("a \ud800 b").html == "<p>a ? b</p>"


def test_many_threads_get_their_own_answers(renderer: Renderer) -> None:
    texts = [f"**{number}** {'x ' * (number % 50)}" for number in range(400)]

    with ThreadPoolExecutor(32) as threads:
        rendered = list(threads.map(renderer.render, texts))

    assert [result.fallback for result in rendered] == [False] * 400
    for number, result in enumerate(rendered):
        assert f"<strong>{number}</strong>" in result.html


def test_the_processes_are_few_and_kept(renderer: Renderer) -> None:
    before = children_of(os.getpid())
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(renderer.render, ["*a*"] * 100))
    first = children_of(os.getpid()) - before
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(renderer.render, ["*a*"] * 100))

    assert 1 <= len(first) <= 2
    assert first <= children_of(os.getpid()) - before
    renderer.close()
    assert gone(first, within_seconds=5)


def test_a_slow_text_ends_its_process_and_says_so(
    renderer: Renderer, caplog: pytest.LogCaptureFixture
) -> None:
    before = children_of(os.getpid())
    renderer.render("a")
    started = children_of(os.getpid()) - before

    with caplog.at_level(logging.WARNING):
        rendered = renderer.render(TRAP)

    assert rendered.fallback
    assert gone(started, within_seconds=5)
    assert caplog.messages == ["64007 bytes not rendered in 1.5 s"]


def test_a_process_that_was_killed_is_replaced_for_the_same_text(
    renderer: Renderer,
) -> None:
    before = children_of(os.getpid())
    renderer.render("a")
    for pid in children_of(os.getpid()) - before:
        os.kill(pid, signal.SIGKILL)

    assert renderer.render("*b*") == Rendered(html="<p><em>b</em></p>")


def test_a_refusal_names_its_kind_and_never_the_text(
    renderer: Renderer, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        rendered = renderer.render("> " * 40 + "secret")

    assert rendered.fallback
    assert caplog.messages == ["86 bytes not rendered: TooDeep"]


def test_the_process_is_given_no_secrets(
    renderer: Renderer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARENA_FIELD_KEYS", "canary-of-the-environment")
    before = children_of(os.getpid())
    renderer.render("a")
    (pid,) = children_of(os.getpid()) - before

    environment = Path(f"/proc/{pid}/environ").read_bytes()
    assert b"PATH=" in environment
    assert b"canary" not in environment


@pytest.mark.parametrize("text", ["a", TRAP], ids=["idle", "busy"])
def test_the_process_ends_with_a_parent_that_was_killed(text: str) -> None:
    script = (
        "import sys; from evaluations.markdown import Renderer\n"
        "renderer = Renderer(seconds=0.5)\n"
        "renderer.render('warm'); print('warm', flush=True)\n"
        "renderer.render(sys.stdin.read()); sys.stdin.close(); import time\n"
        "time.sleep(60)\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with parent:
        assert parent.stdin is not None
        assert parent.stdout is not None
        parent.stdout.readline()
        children = children_of(parent.pid)
        parent.stdin.write(text.encode())
        parent.stdin.close()
        time.sleep(0.2)
        parent.kill()

    assert len(children) == 1
    assert gone(children, within_seconds=10)


def test_a_forked_process_starts_a_renderer_of_its_own() -> None:
    script = (
        "import os; from evaluations.markdown import render_safely\n"
        "render_safely('warm'); child = os.fork()\n"
        "name = 'parent' if child else 'child'\n"
        "right = all(\n"
        "    render_safely(f'*{name} {i}*').html == f'<p><em>{name} {i}</em></p>'\n"
        "    for i in range(300)\n"
        ")\n"
        "if not child: os._exit(0 if right else 1)\n"
        "print(right, os.waitpid(child, 0)[1])\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True
    )

    assert (done.stdout, done.stderr) == ("True 0\n", "")


def test_a_thread_that_ends_does_not_take_the_process_along(
    renderer: Renderer,
) -> None:
    before = children_of(os.getpid())
    first = threading.Thread(target=renderer.render, args=("a",))
    first.start()
    first.join()
    started = children_of(os.getpid()) - before

    assert renderer.render("*b*").html == "<p><em>b</em></p>"
    assert children_of(os.getpid()) - before == started


@pytest.mark.parametrize("text", ["#", "##\n\n#"])
def test_a_text_that_markdown_swallows_is_shown_as_it_is(text: str) -> None:
    rendered = render_safely(text)

    assert rendered.fallback
    assert rendered.html.startswith('<pre class="plain"')
    assert text in rendered.html


def test_a_started_renderer_has_all_its_processes(renderer: Renderer):
    before = children_of(os.getpid())

    renderer.start()

    started = children_of(os.getpid()) - before
    assert len(started) == 2
    assert renderer.render("*Why?*").html == "<p><em>Why?</em></p>"
    assert children_of(os.getpid()) - before == started
