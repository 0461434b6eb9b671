"""A browser's side of HTTP without a browser: cookies, the form secret, the forms."""

import re
from typing import Any
from uuid import UUID

import httpx2

from evaluations.volunteers import left_side

SECRET = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


class Person:
    """One visitor over real HTTP; redirects are not followed by themselves."""

    def __init__(self, url: str, *, consented: bool = True) -> None:
        self.url = url
        self.http = httpx2.Client(base_url=url, timeout=30)
        found = SECRET.search(self.get("/consent").text)
        assert found is not None
        self.secret_of_form = found[1]
        if consented:
            assert self.post("/consent", {"agree": "yes"}).status_code == 302

    def __enter__(self) -> "Person":
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    @property
    def token(self) -> str:
        """What the signed cookie holds before its date and signature."""
        return str(self.http.cookies["arena_visitor"]).strip('"').split(":")[0]

    @property
    def headers(self) -> dict[str, str]:
        """What lets another connection speak for the same visitor."""
        cookies = "; ".join(f"{n}={v}" for n, v in self.http.cookies.items())
        return {"Cookie": cookies, "X-CSRFToken": self.secret_of_form}

    def get(self, path: str, **headers: str) -> Any:
        return self.http.get(path, headers=headers)

    def post(self, path: str, fields: dict[str, Any], *, json: bool = False) -> Any:
        headers = {"X-CSRFToken": self.secret_of_form}
        if json:
            headers["Accept"] = "application/json"
            return self.http.post(path, json=fields, headers=headers)
        return self.http.post(path, data=fields, headers=headers)

    def left(self, battle_id: UUID) -> str:
        return left_side(token=self.token, battle_id=battle_id)
