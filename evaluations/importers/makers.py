"""Who trained a model, as far as its name tells."""

import re

from django.utils.text import slugify

from evaluations.importers.records import JudgeModel, Model, SetFields

UNKNOWN = "not stated"
# The first that fits. Spelt as in the llmfao data, so that a maker has one name.
MAKERS = tuple(
    (re.compile(rf"(?<![a-z])(?:{pattern})"), maker)
    for pattern, maker in (
        (r"(?:chat)?gpt-?[34]|text_?-?davinci|o[134]-|gpt-oss", "OpenAI"),
        ("claude", "Anthropic"),
        ("bard|palm|gemini|gemma|flan", "Google"),
        ("vicuna|longchat|fastchat", "LM Sys"),
        ("alpaca", "Stanford"),
        ("koala", "Berkeley"),
        ("wizard", "WizardLM"),
        ("guanaco", "Tim Dettmers"),
        ("dolly|dbrx", "Databricks"),
        ("mpt", "Mosaic ML"),
        ("falcon", "TII UAE"),
        ("mistral|mixtral", "Mistral AI"),
        ("qwen", "Qwen"),
        ("deepseek", "DeepSeek"),
        ("command|cohere", "Cohere"),
        ("yi-", "01.AI"),
        ("phi-", "Microsoft"),
        ("oasst|openassistant", "OpenAssistant"),
        ("(?:meta-)?(?:code)?llama", "Meta"),
    )
)


def maker_of(name: str) -> str:
    lower = name.lower()
    for pattern, maker in MAKERS:
        if pattern.search(lower):
            return maker
    return UNKNOWN


def model_of_set(slug: str, name: str) -> Model:
    """A model under its own name and the set's: two sets may hold other versions."""
    return Model(
        name=f"{name} ({slug})",
        address=slugify(f"{slug}-{name}".replace(".", "-"))[:80],
        maker=maker_of(name),
        alias=name,
    )


def judge_of_set(fields: SetFields, name: str) -> JudgeModel:
    return JudgeModel(
        slug=slugify(f"{name}-{fields.slug}".replace(".", "-"))[:80],
        name=f"{name} ({fields.slug})"[:120],
        maker=maker_of(name),
        description=f"Verdicts that came with {fields.title}.",
        licence=fields.licence,
        source=fields.source,
    )
