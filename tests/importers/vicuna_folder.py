"""A small folder in Vicuna's format, of our own writing, to be spoilt by tests."""

from pathlib import Path
from typing import Any

from tests.importers.imports import write_lines

Files = dict[str, list[Any]]
ANSWERS = {"wren": ["An **oak**.", "four"], "linnet": ["The beech", " "]}


def files() -> Files:
    texts = ("Name a tree.", "Add 2 and 2.")
    return {
        "question.jsonl": [
            {"question_id": n, "text": text, "category": "generic"}
            for n, text in enumerate(texts, start=1)
        ],
        "model.jsonl": [
            {"model_id": f"{name}:v1", "model_name": name} for name in ANSWERS
        ],
        **{
            f"answers/{name}.jsonl": [
                {
                    "answer_id": f"{name}{n}",
                    "model_id": f"{name}:v1",
                    "question_id": n,
                    "text": text,
                }
                for n, text in enumerate(answers, start=1)
            ]
            for name, answers in ANSWERS.items()
        },
        "reviews/review_linnet_wren.jsonl": [
            _review(1, [8, 9.5], "The second is bold."),
            _review(2, [1, 1], "Neither."),
        ],
    }


def _review(question: int, score: list[float], text: str) -> dict[str, Any]:
    return {
        "review_id": f"r{question}",
        "question_id": question,
        "answer1_id": f"linnet{question}",
        "answer2_id": f"wren{question}",
        "text": text,
        "score": score,
    }


def write(folder: Path, content: Files) -> Path:
    for name, lines in content.items():
        write_lines(folder / name, lines)
    return folder
