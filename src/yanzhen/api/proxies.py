"""Behind a reverse proxy: a path in front of every address, and forwarded headers from named hosts.

A proxy may hand on `/yanzhen/zone` as it is or as `/zone`: both are the page `/zone` under the root
path `/yanzhen`. What a proxy says of the reader in X-Forwarded-* is believed only if it comes from
a named proxy; from anybody else it is dropped, so that nobody can pretend to be elsewhere.
"""

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from yanzhen.api.problem_details import Refusal, answer_to
from yanzhen.api.safe_headers import SafeHeaders

Headers = list[tuple[bytes, bytes]]
FORWARDED = b"x-forwarded-"
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class BehindProxies:
    """Serve an application under a root path, believing named proxies.

    Parameters
    ----------
    app : the application, whose addresses begin at `/`
    root_path : prefix that readers see, as `/yanzhen`; empty for none
    proxies : addresses or networks of proxies that are believed
    hosts : names that a reader may call the server by when no proxy is between; empty for any

    Raises
    ------
    ValueError
        A proxy is no address and no network.
    """

    def __init__(
        self,
        app: ASGIApp,
        root_path: str = "",
        proxies: Sequence[str] = (),
        hosts: Sequence[str] = (),
    ) -> None:
        self.root_path = tidy_root(root_path)
        self.networks = [ip_network(proxy, strict=False) for proxy in proxies]
        self.hosts = frozenset(hosts)
        self.app = app
        # Scheme and address of the reader, from X-Forwarded-Proto and X-Forwarded-For.
        self.believing = ProxyHeadersMiddleware(app, trusted_hosts=list(proxies))  # type: ignore[arg-type]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or hand on, one connection."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers: Headers = list(scope["headers"])
        said = dict(headers)
        by_proxy = self._is_proxy(scope) and any(key.startswith(FORWARDED) for key in said)
        root = self.root_path
        if by_proxy:
            root = root or tidy_root(_first(said, b"prefix"))
            host = _first(said, b"host")
            if host:
                headers = [pair for pair in headers if pair[0] != b"host"]
                headers.append((b"host", host.encode("latin-1")))
        elif not self._is_own(_text(said, b"host")):
            await self._refuse(_text(said, b"host"), scope, receive, send)
            return
        # NiceGUI would put the prefix in front a second time, and would believe anybody.
        dropped = (b"x-forwarded-prefix", b"x-forwarded-host") if by_proxy else ()
        kept = [
            pair
            for pair in headers
            if pair[0] not in dropped and (by_proxy or not pair[0].startswith(FORWARDED))
        ]
        inner = {**scope, "headers": kept, **_under(root, scope)}
        await (self.believing if by_proxy else self.app)(inner, receive, send)  # type: ignore[arg-type]

    def _is_proxy(self, scope: Scope) -> bool:
        client = scope.get("client")
        try:
            address = ip_address(client[0]) if client else None
        except ValueError:
            return False
        return address is not None and any(_within(address, each) for each in self.networks)

    def _is_own(self, host: str) -> bool:
        name = host.rpartition(":")[0] if not host.endswith("]") and ":" in host else host
        return not self.hosts or name.strip("[]") in self.hosts

    async def _refuse(self, host: str, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        refused = SafeHeaders(answer_to(_another_host(host), self.root_path))
        await refused(scope, receive, send)


def another_origin(origin: str, host: str) -> Refusal:
    """Return the refusal of what another site's page sends in a user's name."""
    return Refusal(
        403,
        f"Another site may not do this: the header Origin says {origin!r} and Host {host!r}. "
        "Behind a reverse proxy, name it with --proxy and let it send X-Forwarded-Host.",
        f"不接受其他网站发来的操作：请求头 Origin 为“{origin}”，Host 为“{host}”。"
        "若经反向代理访问，请用 --proxy 指明代理地址，并由其发送 X-Forwarded-Host。",
    )


def tidy_root(path: str) -> str:
    """Return a prefix with a slash before and none behind."""
    inside = path.strip().strip("/")
    return f"/{inside}" if inside else ""


def _another_host(host: str) -> Refusal:
    return Refusal(
        400,
        f"The header Host says {host!r}, which is no name of this machine's own. To let others in "
        "use --host; behind a reverse proxy, name it with --proxy and let it send "
        "X-Forwarded-Host.",
        f"请求头 Host 为“{host}”，不是本机名称。若要让他人访问，请用 --host；"
        "若经反向代理访问，请用 --proxy 指明代理地址，并由其发送 X-Forwarded-Host。",
    )


def _under(root: str, scope: Scope) -> dict[str, Any]:
    """Return path and root path of a connection, whether or not the proxy cut the prefix off."""
    path, raw_path = scope["path"], scope.get("raw_path")
    if not root:
        return {"root_path": scope.get("root_path", "")}
    if path != root and not path.startswith(f"{root}/"):
        path = root + path
        raw_path = None if raw_path is None else root.encode() + raw_path
    return {"root_path": root, "path": path, "raw_path": raw_path}


def _within(address: Any, network: IPv4Network | IPv6Network) -> bool:
    return address.version == network.version and address in network


def _text(said: dict[bytes, bytes], key: bytes) -> str:
    return said.get(key, b"").decode("latin-1")


def _first(said: dict[bytes, bytes], what: bytes) -> str:
    """Return what the first of several proxies said."""
    return _text(said, FORWARDED + what).split(",")[0].strip()
