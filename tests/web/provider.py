"""A provider of OpenID Connect that runs beside the tests: it knows one person and signs for it."""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "yanzhen", "a secret of the client"


class LocalProvider(ThreadingHTTPServer):
    """What it says can be changed: claims, the key it signs with, whether it lets anybody in."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.key = RSAKey.generate_key(2048, parameters={"kid": "1"}, private=True)
        self.signs_with = self.key
        self.claims: dict[str, Any] = {}
        self.refuses = ""
        self.codes: dict[str, dict[str, str]] = {}

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def authorize(self, asked: dict[str, str]) -> str:
        """Let the person in; return where the browser goes then."""
        assert asked["response_type"] == "code" and asked["client_id"] == CLIENT
        assert asked["code_challenge_method"] == "S256" and "openid" in asked["scope"].split()
        if self.refuses:
            said = {"error": self.refuses, "state": asked["state"]}
        else:
            code = f"code-{len(self.codes)}"
            self.codes[code] = asked
            said = {"code": code, "state": asked["state"]}
        return f"{asked['redirect_uri']}?{urlencode(said)}"

    def token(self, sent: dict[str, str], authorization: str) -> dict[str, Any]:
        """Give the ID token for a code, which is taken once, from the client alone."""
        known = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        assert authorization == f"Basic {known}"
        asked = self.codes.pop(sent["code"])
        digest = hashlib.sha256(sent["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        assert challenge == asked["code_challenge"]
        assert sent["redirect_uri"] == asked["redirect_uri"]
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": "7",
            "iat": now,
            "exp": now + 60,
            "nonce": asked["nonce"],
            **self.claims,
        }
        signed = jwt.encode({"alg": "RS256", "kid": "1"}, claims, self.signs_with)
        return {"access_token": "nothing", "token_type": "Bearer", "id_token": signed}


class Answer(BaseHTTPRequestHandler):
    """One request to the provider."""

    server: LocalProvider

    def do_GET(self) -> None:
        split = urlsplit(self.path)
        issuer = self.server.issuer
        if split.path == "/authorize":
            asked = {key: value[0] for key, value in parse_qs(split.query).items()}
            self.send_response(302)
            self.send_header("Location", self.server.authorize(asked))
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif split.path == "/keys":
            self._say({"keys": [self.server.key.as_dict(private=False)]})
        else:
            self._say(
                {
                    "issuer": issuer,
                    "authorization_endpoint": f"{issuer}/authorize",
                    "token_endpoint": f"{issuer}/token",
                    "jwks_uri": f"{issuer}/keys",
                }
            )

    def do_POST(self) -> None:
        sent = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        given = {key: value[0] for key, value in sent.items()}
        self._say(self.server.token(given, self.headers["Authorization"]))

    def _say(self, said: dict[str, Any]) -> None:
        content = json.dumps(said).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *arguments: Any) -> None:
        """Say nothing."""


@contextmanager
def local_provider() -> Iterator[LocalProvider]:
    """Run a provider."""
    with LocalProvider() as provider:
        threading.Thread(target=provider.serve_forever, daemon=True).start()
        try:
            yield provider
        finally:
            provider.shutdown()
