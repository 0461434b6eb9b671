"""A Chromium context in which nothing may run, come from outside or be blocked."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import Browser, BrowserContext, Page, Route

HOOKS = """
for (const name of ["alert", "confirm", "prompt", "print"]) {
  window[name] = () => void sawScript(name + " at " + location);
}
addEventListener("securitypolicyviolation", (event) =>
  sawViolation(event.effectiveDirective + " of " + event.blockedURI));
"""
# What a reader's pointer and keyboard do to every element of the page.
POKE = """
() => {
  const kinds = ["pointerover", "mouseover", "mouseenter", "mousemove", "focus",
                 "focusin", "pointerenter", "toggle", "beforetoggle", "animationend"];
  const elements = [...document.querySelectorAll("main *, #content *")];
  for (const element of elements) {
    for (const kind of kinds) element.dispatchEvent(new Event(kind, {bubbles: true}));
    element.focus?.({preventScroll: true});
  }
  document.activeElement?.blur();
  return elements.length;
}
"""
ODD_LINKS = """
() => [...document.querySelectorAll("[href], [src], [action], [formaction]")]
  .flatMap(e => ["href", "src", "action", "formaction"].map(n => e.getAttribute(n)))
  .filter(Boolean)
  .filter(text => !/^(https?:|mailto:|data:image|[/#?.])/i.test(text.trim()))
"""


@dataclass
class Watch:
    context: BrowserContext
    ran: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    blocked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def new_page(self) -> Page:
        page = self.context.new_page()
        page.on("dialog", lambda dialog: (self.ran.append("dialog"), dialog.dismiss()))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on(
            "console",
            lambda message: (
                self.complaints.append(message.text)
                if message.type in {"error", "warning"}
                else None
            ),
        )
        return page


@contextmanager
def watched(browser: Browser, url: str = "", **options: object) -> Iterator[Watch]:
    """A context whose pages may only speak with this address."""
    context = browser.new_context(base_url=url or None, **options)  # type: ignore[arg-type]
    watch = Watch(context)

    def turn_away(route: Route) -> None:
        watch.outside.append(route.request.url)
        route.abort()

    context.expose_function("sawScript", lambda text: watch.ran.append(text))
    context.expose_function("sawViolation", lambda text: watch.blocked.append(text))
    context.add_init_script(HOOKS)
    context.route(lambda address: not address.startswith(url), turn_away)
    yield watch
    context.close()
