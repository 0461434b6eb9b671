import json
from collections import Counter
from pathlib import Path

from evaluations.providers.house import PROGRAMS, reading

STARTER = Path(__file__).parents[2] / "evaluations" / "starter"
PROMPTS = [
    json.loads(line)
    for line in (STARTER / "prompts.jsonl").read_text(encoding="utf-8").splitlines()
]
CONTESTANTS = json.loads((STARTER / "contestants.json").read_text(encoding="utf-8"))


def test_every_program_is_a_contestant_and_the_other_way_round() -> None:
    assert {entry["api_model"] for entry in CONTESTANTS} == set(PROGRAMS)
    assert len(CONTESTANTS) == len(PROGRAMS) >= 6
    for entry in CONTESTANTS:
        assert entry["slug"] == f"house-{entry['api_model']}"
        assert entry["name"] == PROGRAMS[entry["api_model"]].name
        assert entry["maker"] == "Open Arena"


def test_eight_categories_hold_at_least_eight_prompts_each() -> None:
    counts = Counter(prompt["category"] for prompt in PROMPTS)

    assert len(PROMPTS) >= 72
    assert len(counts) == 8
    assert min(counts.values()) >= 8


def test_no_prompt_stands_twice() -> None:
    texts = Counter(prompt["turns"][0].casefold() for prompt in PROMPTS)

    assert max(texts.values()) == 1


def test_the_language_of_every_prompt_is_the_one_it_is_written_in() -> None:
    wrong = [
        prompt["turns"][0]
        for prompt in PROMPTS
        if reading.language(prompt["turns"][0]) != prompt["language"]
    ]

    assert wrong == []
