"""The admin site, the only place whose policy lets scripts evaluate text."""

from collections.abc import Callable
from functools import partial
from typing import Any, cast

from csp.constants import NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse
from unfold.sites import UnfoldAdminSite

View = Callable[..., Any]

# Unfold's Alpine evaluates attributes and sets styles. No admin page renders a
# model's HTML, so nothing of a stranger's runs under this policy.
POLICY = {
    "default-src": [NONE],
    "script-src": [SELF, UNSAFE_EVAL],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:"],
    "font-src": [SELF],
    "connect-src": [SELF],
    "form-action": [SELF],
    "base-uri": [NONE],
    "frame-ancestors": [NONE],
}
with_admin_policy = csp_replace(POLICY)


class ArenaAdminSite(UnfoldAdminSite):
    def admin_view(self, view: View, cacheable: bool = False) -> View:
        return with_admin_policy(super().admin_view(view, cacheable))

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        login = with_admin_policy(partial(super().login, extra_context=extra_context))
        return cast(HttpResponse, login(request))
