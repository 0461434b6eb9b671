"""The settings for tools that read code and reach no service, such as mypy."""

from arena.local.command import use_placeholders

use_placeholders()

from arena.settings import *  # noqa: E402, F403
