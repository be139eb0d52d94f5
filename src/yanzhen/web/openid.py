"""OpenID Connect: to the provider and back, by authorization code with PKCE (Authlib)."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from yanzhen.api.accounts import COOKIE, brought, cookie
from yanzhen.report.text.words import Lang
from yanzhen.store.database.connection import Database
from yanzhen.store.people.identities import (
    KEPT,
    Newcomers,
    begin_openid,
    end_openid,
    log_in_by_openid,
    not_verified,
    provider_gone,
    refused_by_provider,
)
from yanzhen.store.people.persons import ROLES
from yanzhen.store.people.refusals import PeopleError
from yanzhen.study import StudyError
from yanzhen.study.encoding import text_of
from yanzhen.web.plain import FormRequest, local_path, said_of

BEGUN = "yanzhen_login"
"""Cookie of the browser that began to log in."""
WAITING = 10.0
"""Seconds that the provider may take to answer."""
SECRET = "YANZHEN_OPENID_SECRET"
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"]
SLACK = 60
"""Seconds that the provider's clock may be off."""
KEYS = frozenset(
    ("issuer", "client_id", "client_secret", "name_zh", "name_en", "organisation", "role")
)


@dataclass(frozen=True)
class Provider:
    """A provider of identities.

    Attributes
    ----------
    issuer : its address, below which `/.well-known/openid-configuration` lies
    client_id, client_secret : by which it knows this server
    name_zh, name_en : on the button
    newcomers : where people whom nobody invited are let in; None for nowhere
    """

    issuer: str
    client_id: str
    client_secret: str
    name_zh: str = "统一身份登录"
    name_en: str = "Log in with your organisation"
    newcomers: Newcomers | None = None

    def named(self, lang: Lang) -> str:
        return self.name_zh if lang == "zh" else self.name_en


class WrongSettings(ValueError):
    """Settings of a provider that cannot be used; says every reason."""


def read_provider(path: Path, environment: Mapping[str, str] = os.environ) -> Provider:
    """Read the settings of a provider from a TOML file.

    The secret may stand in the environment instead, as `YANZHEN_OPENID_SECRET`.

    Raises
    ------
    WrongSettings
        The file cannot be read, lacks something, or says what is not known.
    """
    try:
        settings = tomllib.loads(text_of(path))
    except (OSError, StudyError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise WrongSettings(f"{path}: {error}") from None
    settings = {"client_secret": environment.get(SECRET, ""), **settings}
    wrong = [f"{key}: not known" for key in sorted(set(settings) - KEYS)]
    wrong += [
        f"{key}: a text is expected" for key, value in settings.items() if type(value) is not str
    ]
    needed = ("issuer", "client_id", "client_secret")
    wrong += [f"{key}: missing" for key in needed if not settings.get(key)]
    if settings.get("role") and settings["role"] not in ROLES:
        wrong.append(f"role: one of {', '.join(ROLES)} is expected")
    if wrong:
        raise WrongSettings(f"{path}: {'; '.join(wrong)}")
    organisation, role = settings.pop("organisation", ""), settings.pop("role", "analyst")
    newcomers = Newcomers(organisation, role) if organisation else None
    return Provider(**settings, newcomers=newcomers)


def add_openid(app: FastAPI, database: Database, lang: Lang, provider: Provider) -> None:
    """Add the way to a provider, and the way back."""

    @app.get("/login/openid", include_in_schema=False)
    async def go(request: Request) -> Response:
        asked = FormRequest(request, lang)
        after = local_path(request.query_params.get("after", "/"))
        try:
            begun = await run_in_threadpool(begin_openid, database, after)
            address = await run_in_threadpool(_address, provider, _back(request), begun)
        except PeopleError as error:
            return _explained(asked, error, 502)
        answer = Response(None, 303, {"Location": address, "Cache-Control": "no-store"})
        age = int(KEPT.total_seconds())
        # The way back is a navigation from the provider's site: Lax cookies go with it.
        answer.headers.append("set-cookie", cookie(request.scope, BEGUN, begun.browser, age, "Lax"))
        return answer

    @app.get("/login/openid/back", include_in_schema=False)
    async def back(request: Request) -> Response:
        asked, query = FormRequest(request, lang), request.query_params
        state, browser = query.get("state", ""), brought(request, BEGUN)
        try:
            begun = await run_in_threadpool(end_openid, database, state, browser)
            if "error" in query or "code" not in query:
                reason = query.get("error", "no code")[:100]
                raise refused_by_provider(reason)
            claims = await run_in_threadpool(
                _claims, provider, _back(request), query["code"], begun.code_verifier, begun.nonce
            )
            token = await run_in_threadpool(
                log_in_by_openid,
                database,
                claims,
                provider.newcomers,
                brought(request, COOKIE),
            )
        except PeopleError as error:
            return _explained(asked, error, 403 if error.key == "openid.unknown" else 400)
        answer = asked.go("/login/second", token, after=begun.after)
        answer.headers.append("set-cookie", cookie(request.scope, BEGUN, "", 0, "Lax"))
        return answer


def _explained(asked: FormRequest, error: PeopleError, status: int) -> Response:
    again = escape(asked.url("/login"))
    said = (
        f'<div class="card narrow">{said_of(error, asked.lang)}<p><a class="plain-link" '
        f'href="{again}">{escape(asked.word("login.again"))}</a></p></div>'
    )
    return asked.page(asked.word("login.failed"), said, status)


def _back(request: Request) -> str:
    return str(request.base_url).rstrip("/") + "/login/openid/back"


def _client(provider: Provider, redirect: str) -> Any:
    from authlib.integrations.httpx_client import OAuth2Client

    return OAuth2Client(
        provider.client_id,
        provider.client_secret,
        scope="openid email profile",
        redirect_uri=redirect,
        code_challenge_method="S256",
        timeout=WAITING,
    )


def _metadata(provider: Provider) -> dict[str, Any]:
    path = "/.well-known/openid-configuration"
    found = _read(provider.issuer.rstrip("/") + path)
    if found.get("issuer") != provider.issuer:
        raise not_verified()
    return found


def _read(address: str) -> dict[str, Any]:
    """Return the JSON at an address of the provider."""
    import httpx

    answer = httpx.get(address, timeout=WAITING)
    answer.raise_for_status()
    found: dict[str, Any] = answer.json()
    return found


def _address(provider: Provider, redirect: str, begun: Any) -> str:
    """Return where the browser goes to log in."""
    import httpx

    with _client(provider, redirect) as client:
        try:
            metadata = _metadata(provider)
            address, _ = client.create_authorization_url(
                metadata["authorization_endpoint"],
                state=begun.state,
                nonce=begun.nonce,
                code_verifier=begun.code_verifier,
            )
        except (httpx.HTTPError, KeyError, ValueError) as error:
            raise _failed(error) from error
    return str(address)


def _claims(
    provider: Provider, redirect: str, code: str, verifier: str, nonce: str
) -> Mapping[str, Any]:
    """Return what the provider says of who logged in, once it is verified."""
    import httpx
    from authlib.integrations.base_client.errors import OAuthError
    from joserfc import jwt
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet

    with _client(provider, redirect) as client:
        try:
            metadata = _metadata(provider)
            told = client.fetch_token(
                metadata["token_endpoint"],
                grant_type="authorization_code",
                code=code,
                code_verifier=verifier,
            )
            keys = KeySet.import_key_set(_read(metadata["jwks_uri"]))  # type: ignore[arg-type]
            token = jwt.decode(told["id_token"], keys, algorithms=ALGORITHMS)
            jwt.JWTClaimsRegistry(
                leeway=SLACK,
                iss={"essential": True, "value": provider.issuer},
                aud={"essential": True, "value": provider.client_id},
                sub={"essential": True},
                exp={"essential": True},
                iat={"essential": True},
                nonce={"essential": True, "value": nonce},
            ).validate(token.claims)
        except (httpx.HTTPError, OAuthError, JoseError, KeyError, ValueError) as error:
            raise _failed(error) from error
    if token.claims.get("azp", provider.client_id) != provider.client_id:
        raise not_verified()
    return token.claims


def _failed(error: Exception) -> PeopleError:
    import httpx

    if isinstance(error, PeopleError):
        return error
    return provider_gone() if isinstance(error, httpx.HTTPError) else not_verified()
