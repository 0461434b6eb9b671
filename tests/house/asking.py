from evaluations.providers.house import PROGRAMS


def ask(slug: str, *texts: str) -> str:
    """Return the program's answer to the last text, after the earlier ones."""
    messages: list[dict[str, str]] = []
    for text in texts[:-1]:
        messages += [
            {"role": "user", "content": text},
            {"role": "assistant", "content": PROGRAMS[slug].answer([*messages])},
        ]
    return PROGRAMS[slug].answer([*messages, {"role": "user", "content": texts[-1]}])
