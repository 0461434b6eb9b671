"""A browser without JavaScript: it reads forms and sends them as they stand."""

from html.parser import HTMLParser
from typing import Any

from django.test import Client


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, Any]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "form":
            self.forms.append({"action": values.get("action") or "", "fields": {}})
        elif tag == "input" and self.forms and values.get("type") == "hidden":
            name, value = values.get("name") or "", values.get("value") or ""
            self.forms[-1]["fields"][name] = value


class Visit:
    """One browser: its cookies, the page it is on, and that page's forms."""

    def __init__(self) -> None:
        self.client = Client(enforce_csrf_checks=True)
        self.address = ""
        self.response: Any = None

    def get(self, address: str) -> Any:
        return self._stay(self.client.get(address, follow=True), address)

    def send(self, action: str, **fields: Any) -> Any:
        """Send the page's form whose address ends so, with these fields besides."""
        form = next(f for f in self.forms() if f["action"].endswith(action))
        address = form["action"] or self.address
        sent = form["fields"] | fields
        return self._stay(self.client.post(address, sent, follow=True), address)

    def forms(self) -> list[dict[str, Any]]:
        reader = _Forms()
        reader.feed(self.text)
        return reader.forms

    @property
    def text(self) -> str:
        return str(self.response.content.decode())

    def _stay(self, response: Any, address: str) -> Any:
        chain = response.redirect_chain
        self.address = chain[-1][0] if chain else address
        self.response = response
        return response


def judge_with_consent() -> Visit:
    """A browser that has agreed and looks at a pair."""
    visit = Visit()
    visit.get("/consent")
    visit.send("/consent", agree="yes")
    return visit
