"""Who may ask: the middleware that checks Host, Origin and token before any route sees a request.

A web page that a user visits can send requests to this machine, and a name in its DNS may point at 127.0.0.1. So the
``Host`` header must name what is served, and a request that changes something must not come from another site.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import logging
import socket
from typing import Final
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from unionscreen.errors import fault
from unionscreen.serve.problem import Problem
from unionscreen.serve.settings import ServeSettings, bracketed, is_loopback

# Requests that change nothing, whatever page sends them. Browsers do not let another site read the answers.
_READS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
# A POST here asks a question about names. OpenRefine's own page, another origin, sends it.
_QUESTIONS: Final = ("/reconcile",)
# Hosts that stand for all addresses of the machine.
_EVERY_ADDRESS: Final = frozenset({"0.0.0.0", "::", ""})  # noqa: S104 - recognized, not bound

# Nothing is stored by browsers or proxies, and no other site learns an address. A route's own headers take precedence.
_HEADERS: Final = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}
# Of answers that are not pages: no script, no frame.
_API_HEADERS: Final = {
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "cross-origin-resource-policy": "same-origin",
}
_log: Final = logging.getLogger("unionscreen.serve")


class Guard:
    """Refuses what must not be answered, and turns an unexpected error into a problem."""

    def __init__(self, app: ASGIApp, settings: ServeSettings) -> None:
        """Guard an application with the settings of this run."""
        self.app = app
        self.hosts = served_hosts(settings)
        self.any_address = settings.host in _EVERY_ADDRESS
        self.port = settings.port
        self.token = settings.token
        self.cookie = f"unionscreen-{settings.port}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return  # a websocket is not accepted
        started = False

        async def with_headers(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                more = _API_HEADERS if scope["path"].startswith("/api/") else {}
                for name, value in {**_HEADERS, **more}.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            if (login := self._login(scope)) is not None:
                await login(scope, receive, with_headers)
                return
            self._check(scope)
            await self.app(scope, receive, with_headers)
        except Problem as problem:
            await problem.response()(scope, receive, with_headers)
        except Exception as error:  # the last place where a fault of ours can become a problem that names it
            _log.error("%s", fault(error))
            if started:
                raise
            await Problem(500, fault(error)).response()(scope, receive, with_headers)

    def _check(self, scope: Scope) -> None:
        """Refuse a request that must not be answered.

        Raises:
            Problem: a foreign host or site, or no token.
        """
        headers = Headers(scope=scope)
        hosts = headers.getlist("host")
        if len(hosts) != 1 or not self._is_served(hosts[0]):
            raise Problem(
                421, f"this server is at {', '.join(sorted(self.hosts))}; the request names another host in its header"
            )
        changes = scope["method"] not in _READS and not scope["path"].startswith(_QUESTIONS)
        if changes and not self._is_own_site(headers):
            raise Problem(403, "the request comes from a page of another site")
        if self.token is not None and not self._has_token(headers):
            raise Problem(
                401,
                "a token is needed: open the address that `unionscreen serve` printed, "
                "or send `Authorization: Bearer TOKEN`",
                headers={"www-authenticate": "Bearer"},
            )

    def _is_served(self, host: str) -> bool:
        name, port = split_host(host)
        return port == self.port and (name in self.hosts or (self.any_address and _is_address(name)))

    def _is_own_site(self, headers: Headers) -> bool:
        """Whether a request that changes something comes from our page, or from a program that is not a browser."""
        if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            return False
        origins = headers.getlist("origin")
        return all(each.startswith("http://") and self._is_served(each.removeprefix("http://")) for each in origins)

    def _has_token(self, headers: Headers) -> bool:
        scheme, _, given = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and _same(given.strip(), self.token or ""):
            return True
        # Not http.cookies: it gives up at the first cookie that another server on this host wrote in a form of its own.
        cookies = cookie_parser(headers.get("cookie", ""))
        return _same(cookies.get(self.cookie, ""), self._cookie_value())

    def _cookie_value(self) -> str:
        """What the cookie holds: proof that the token was shown, but not the token."""
        return hmac.new((self.token or "").encode(), self.cookie.encode(), hashlib.sha256).hexdigest()

    def _login(self, scope: Scope) -> RedirectResponse | None:
        """The answer to a page that is opened with ``?token=...``: a cookie, and the same page without the token.

        Raises:
            Problem: the token is wrong, or the host is.
        """
        if self.token is None or scope["method"] != "GET" or scope["path"].startswith("/api/"):
            return None
        asked = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        given = [value for name, value in asked if name == "token"]
        if not given:
            return None
        if not self._is_served(Headers(scope=scope).get("host", "")):
            return None  # refused by the check
        if not _same(given[0], self.token):
            raise Problem(401, "this is not the token of this run", headers={"www-authenticate": "Bearer"})
        rest = urlencode([(name, value) for name, value in asked if name != "token"])
        # Slashes at the start would make the path the name of another server.
        path = "/" + scope["path"].lstrip("/\\")
        answer = RedirectResponse(path + (f"?{rest}" if rest else ""), 303)
        # Lax, not strict: a link in a message must open the page, too.
        answer.set_cookie(self.cookie, self._cookie_value(), httponly=True, samesite="lax")
        return answer


def served_hosts(settings: ServeSettings) -> frozenset[str]:
    """The hosts, without port, under which this run may be asked for."""
    hosts = {"localhost", "127.0.0.1", "[::1]"}
    if settings.host in _EVERY_ADDRESS:
        hosts |= {socket.gethostname().lower(), socket.getfqdn().lower()}
    elif not is_loopback(settings.host) or settings.host not in hosts:
        hosts.add(bracketed(settings.host).lower())
    return frozenset(hosts)


def split_host(host: str) -> tuple[str, int]:
    """The name and the port of a ``Host`` header; HTTP's own port where there is none, -1 where it is not a port.

    >>> split_host("localhost:8765"), split_host("[::1]"), split_host("a:b")
    (('localhost', 8765), ('[::1]', 80), ('a', -1))
    """
    name, colon, port = host.lower().rpartition(":")
    if not colon or port.endswith("]"):
        return host.lower(), 80
    return name, int(port) if port.isascii() and port.isdecimal() and len(port) <= len("65535") else -1


def _is_address(name: str) -> bool:
    """Whether it is an IP address: no DNS can make one point here."""
    try:
        ipaddress.ip_address(name.removeprefix("[").removesuffix("]"))
    except ValueError:
        return False
    return True


def _same(given: str, right: str) -> bool:
    """Compare in a time that does not show how much is right."""
    return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), right.encode("utf-8", "surrogateescape"))
