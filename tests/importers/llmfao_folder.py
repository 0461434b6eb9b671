"""A small folder in the llmfao format, of our own writing, to be spoilt by tests."""

import json
from pathlib import Path
from typing import Any

MODELS = [
    {"id": n, "name": name, "org": org, "api": "own", "api_id": f"own/{n}"}
    for n, name, org in (
        (1, "Linnet (7B)", "Hedge"),
        (2, "Wren 1.5", "Hedge"),
        (3, "Dunnock", "Copse"),
    )
]
PROMPTS = [
    {"id": 10, "text": "Name a tree.", "type": "knowledge", "note": None, "stop": None},
    {"id": 11, "text": "Add 2 and 2.", "type": "instruct", "note": "4", "stop": "\n"},
]
ANSWERS = {
    (1, 10): "An **oak**.",
    (2, 10): "The beech\0 tree",
    (3, 10): "  \n",
    (1, 11): "4",
    (2, 11): "four",
}
PAIRS = [(0, 10, 1, 2), (1, 10, 2, 3), (2, 11, 2, 1)]
VOTES = [(0, "7", "left"), (0, "8", "tie"), (1, "7", "right"), (2, "9", "right")]

Files = dict[str, list[Any]]


def files() -> Files:
    """The five files, each a list of its lines."""
    texts = {prompt["id"]: prompt["text"] for prompt in PROMPTS}
    return {
        "models.jsonl": [dict(model) for model in MODELS],
        "prompts.jsonl": [dict(prompt) for prompt in PROMPTS],
        "results.jsonl": [
            {"model": model, "prompt": prompt, "result": text, "duration": 812.4}
            for (model, prompt), text in ANSWERS.items()
        ],
        "pairs-crowd.jsonl": [
            {
                "id": number,
                "prompt": prompt,
                "text": texts[prompt],
                "model_x": x,
                "result_x": ANSWERS[x, prompt],
                "model_y": y,
                "result_y": ANSWERS[y, prompt],
            }
            for number, prompt, x, y in PAIRS
        ],
        "crowd-comparisons.csv": [
            "id,prompt,model_x,model_y,worker,winner,left,right",
            *(_vote(*vote) for vote in VOTES),
        ],
    }


def verdicts(first: str = "right") -> Files:
    """The file of a model's verdicts, which a folder may have."""
    lines = (_vote(0, "7", first), _vote(2, "7", "tie"))
    header = "id,prompt,model_x,model_y,winner,left,right"
    return {
        "gpt4-crowd-comparisons.csv": [header, *(s.replace(",7,", ",") for s in lines)]
    }


def _vote(number: int, worker: str, winner: str) -> str:
    names = {model["id"]: model["name"] for model in MODELS}
    _, prompt, x, y = PAIRS[number]
    return f"{number},{prompt},{x},{y},{worker},{winner},{names[x]},{names[y]}"


def write(folder: Path, content: Files) -> Path:
    for name, lines in content.items():
        written = [
            line if isinstance(line, str) else json.dumps(line) for line in lines
        ]
        (folder / name).write_text("\n".join(written) + "\n", encoding="utf-8")
    return folder
