"""Ask a secure server twice at once where greenlets stand in for threads.

    python -m tests.providers.in_greenlets PORT CERTIFICATE

The live worker runs like this. Prints both answers, rendered.
"""

from gevent import monkey

monkey.patch_all()

import ssl  # noqa: E402  nothing may be imported before it is patched
import sys  # noqa: E402
from concurrent.futures import ThreadPoolExecutor  # noqa: E402

from evaluations.markdown import render_safely  # noqa: E402
from evaluations.providers.base import Connection, Request  # noqa: E402
from evaluations.providers.http import make_client  # noqa: E402
from evaluations.providers.openai_chat import OpenAIChat  # noqa: E402
from tests.fakes.behaviour import name_with  # noqa: E402


def main(port: str, certificate: str) -> None:
    trusted = ssl.create_default_context(cafile=certificate)
    asked = Request([{"role": "user", "content": "Why?"}])
    with make_client(allow_local=True, tls=trusted) as client:

        def ask(text: str) -> str:
            model = name_with("m", text=text, first_token_seconds=1.0)
            connection = Connection(f"https://127.0.0.1:{port}", model)
            answer = OpenAIChat().stream(connection, asked, client=client)
            return render_safely(answer.text).html

        with ThreadPoolExecutor(2) as pool:
            print(*pool.map(ask, ["*One.*", "*Two.*"]), sep="\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
