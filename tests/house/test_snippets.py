import contextlib
import io
import re
import shutil
import sqlite3
import subprocess

import pytest

from evaluations.providers.house.snippets import Snippet, all_snippets
from tests.house.asking import ask

TABLES = """
CREATE TABLE customers (id INTEGER, name TEXT);
CREATE TABLE orders (id INTEGER, customer_id INTEGER, amount REAL);
CREATE TABLE employees (salary REAL);
CREATE TABLE users (email TEXT);
INSERT INTO customers VALUES (1, 'Ada'), (2, 'Bo'), (3, 'Cy');
INSERT INTO orders VALUES (1, 1, 80), (2, 1, 50), (3, 2, 20);
INSERT INTO employees VALUES (10), (30), (30), (20);
INSERT INTO users VALUES ('a@x.org'), ('b@x.org'), ('a@x.org');
"""
ROWS = {
    "Totals per customer": [(1, 2, 130.0)],
    "Rows without a partner": [(3, "Cy")],
    "Second highest value": [(20.0,)],
    "Find duplicates": [("a@x.org", 2)],
}


def _in(language: str) -> list[Snippet]:
    return [snippet for snippet in all_snippets() if snippet.language == language]


def _source(snippet: Snippet) -> str:
    return "\n".join(snippet.code.splitlines()[1:-1])


@pytest.mark.parametrize("snippet", _in("python"), ids=lambda s: s.title)
def test_a_python_snippet_prints_what_its_comments_say(snippet: Snippet) -> None:
    source = _source(snippet)
    promised = re.findall(r"^print\(.*\)(?:\n#|  #) (.+)$", source, re.MULTILINE)
    printed = io.StringIO()

    with contextlib.redirect_stdout(printed):
        exec(compile(source, snippet.title, "exec"), {})  # noqa: S102

    lines = printed.getvalue().splitlines()
    assert [line for line in promised if line not in lines] == []
    assert len(promised) == len(re.findall(r"^print\(", source, re.MULTILINE))


@pytest.mark.parametrize("snippet", _in("sql"), ids=lambda s: s.title)
def test_an_sql_snippet_returns_the_right_rows(snippet: Snippet) -> None:
    with contextlib.closing(sqlite3.connect(":memory:")) as database:
        database.executescript(TABLES)

        rows = database.execute(_source(snippet)).fetchall()

    assert rows == ROWS[snippet.title]


@pytest.mark.skipif(shutil.which("node") is None, reason="needs node")
@pytest.mark.parametrize("snippet", _in("javascript"), ids=lambda s: s.title)
def test_a_javascript_snippet_prints_what_its_comments_say(snippet: Snippet) -> None:
    source = _source(snippet)
    promised = re.findall(r"^console\.log\(.*\); // (.+)$", source, re.MULTILINE)

    run = subprocess.run(
        ["node", "-e", source], capture_output=True, text=True, check=True
    )

    printed = run.stdout.replace("[ ", "[").replace(" ]", "]").splitlines()
    assert [line for line in promised if line not in printed] == []


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("Write a Python function that reverses a list.", "items[::-1]"),
        ("Write FizzBuzz in JavaScript.", "function fizzbuzz"),
        ("Which SQL query gives the total per customer?", "GROUP BY customer_id"),
        ("How do I remove duplicates from a Python list?", "dict.fromkeys"),
        ("Prüfe in Python, ob eine Zahl eine Primzahl ist.", "def is_prime"),
        ("How do I center a div with CSS?", "place-items: center"),
        ("How do I undo my last git commit?", "git revert HEAD"),
    ],
)
def test_a_question_gets_the_snippet_that_fits(question: str, code: str) -> None:
    assert code in ask("coder", question)


def test_an_unknown_task_gets_an_honest_frame() -> None:
    answer = ask("coder", "Write a Python program that drives a submarine.")

    assert "no ready code" in answer


def test_a_question_without_code_gets_none() -> None:
    assert "```" not in ask("coder", "How do I clean a red wine stain from a shirt?")
