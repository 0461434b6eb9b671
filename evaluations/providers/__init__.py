"""The ways to ask a model: one file per wire protocol, found here by name."""

from evaluations.providers.anthropic_messages import AnthropicMessages
from evaluations.providers.base import Provider
from evaluations.providers.house_provider import HousePrograms
from evaluations.providers.openai_chat import OpenAIChat

PROVIDERS: dict[str, Provider] = {
    "openai": OpenAIChat(),
    "anthropic": AnthropicMessages(),
    "house": HousePrograms(),
}
