"""Requests that may be sent twice: a POST with an Idempotency-Key is done once."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from hashlib import sha256
from tempfile import SpooledTemporaryFile

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from yanzhen.api.problem_details import MEDIA_TYPE, Refusal, answer_to
from yanzhen.store.answers.keeping import (
    AtWork,
    Kept,
    Reserved,
    UsedForAnother,
    forget_old,
    keep_answer,
    release,
    reserve,
)
from yanzhen.store.database.connection import Database, Unavailable
from yanzhen.store.people.viewing import current_viewer

HEADER = "idempotency-key"
LONGEST_KEY = 200
IN_MEMORY = 1024**2
"""Bytes of a request that are held in memory; longer ones go to a file."""
PIECE = 64 * 1024
TIDY_EVERY = 600.0
"""Seconds between two times that old answers are forgotten."""
# What failed for now is worth another attempt with the same key.
PASSING = frozenset({408, 425, 429})


class Idempotency:
    """Let a POST with an idempotency key be done once, whoever asks again.

    Parameters
    ----------
    app : that answers
    database : gives what keeps the answers
    """

    def __init__(self, app: ASGIApp, database: Callable[[], Database]) -> None:
        self.app = app
        self.database = database
        self._tidied = time.monotonic()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection."""
        key = _key_of(scope)
        if key is None:
            await self.app(scope, receive, send)
            return
        if not re.fullmatch(r"[\x21-\x7e]+", key) or len(key) > LONGEST_KEY:
            await _say(_no_key(), scope, receive, send)
            return
        with SpooledTemporaryFile(max_size=IN_MEMORY) as content:
            if not await _read(receive, content):
                return
            try:
                said = await run_in_threadpool(_hash_of, scope, content)
                found = await run_in_threadpool(self._reserve, current_viewer().person, key, said)
            except (AtWork, UsedForAnother, Unavailable) as error:
                await _say(error, scope, receive, send)
                return
            if isinstance(found, Kept):
                headers = {"Idempotent-Replayed": "true", "Content-Type": found.media_type}
                await Response(found.body, found.status, headers)(scope, receive, send)
                return
            await self._first(found, scope, _replayed(content, receive), send)

    async def _first(self, reserved: Reserved, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the first request with a key, and keep the answer before it is sent."""
        messages: list[Message] = []

        async def hold(message: Message) -> None:
            messages.append(message)

        try:
            await self.app(scope, receive, hold)
        except BaseException:
            await run_in_threadpool(self._release, reserved)
            raise
        # The work is done: where its answer cannot be kept, the key stays reserved until it lapses.
        with suppress(Unavailable):
            await run_in_threadpool(self._settle, reserved, messages)
        for message in messages:
            await send(message)

    def _settle(self, reserved: Reserved, messages: list[Message]) -> None:
        first = messages[0]
        status = int(first["status"])
        if status >= 500 or status in PASSING:
            self._release(reserved)
            return
        headers = Headers(raw=first["headers"])
        if "no-store" in headers.get("cache-control", ""):
            keep_answer(self.database(), reserved, _told_once())
            return
        media_type = headers.get("content-type", "")
        body = b"".join(message.get("body", b"") for message in messages[1:])
        keep_answer(self.database(), reserved, Kept(status, media_type, body))

    def _reserve(self, person: str, key: str, said: str) -> Kept | Reserved:
        if time.monotonic() - self._tidied > TIDY_EVERY:
            self._tidied = time.monotonic()
            forget_old(self.database())
        return reserve(self.database(), person, key, said)

    def _release(self, reserved: Reserved) -> None:
        release(self.database(), reserved)


def _key_of(scope: Scope) -> str | None:
    if scope["type"] != "http" or scope["method"] != "POST":
        return None
    return Headers(scope=scope).get(HEADER)


async def _read(receive: Receive, content: "SpooledTemporaryFile[bytes]") -> bool:
    """Read the whole request; false where the reader left meanwhile."""
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return False
        content.write(message.get("body", b""))
        if not message.get("more_body", False):
            content.seek(0)
            return True


def _replayed(content: "SpooledTemporaryFile[bytes]", receive: Receive) -> Receive:
    content.seek(0)
    is_over = False

    async def replay() -> Message:
        nonlocal is_over
        if is_over:
            return await receive()
        piece = content.read(PIECE)
        is_over = len(piece) < PIECE
        return {"type": "http.request", "body": piece, "more_body": not is_over}

    return replay


def _hash_of(scope: Scope, content: "SpooledTemporaryFile[bytes]") -> str:
    """Return what two requests share that ask the same (SHA-256, hexadecimal)."""
    media_type, _, rest = Headers(scope=scope).get("content-type", "").partition(";")
    asked = f"{scope['method']} {scope['path']}?{scope['query_string'].decode('latin-1')}"
    digest = sha256(f"{asked}\n{media_type.strip()}\n".encode())
    boundary = re.search(r'boundary="?([^";]+)', rest)
    for piece in _pieces(content):
        # The same form sent again comes with another boundary between its fields.
        is_boundary = boundary and piece.strip().strip(b"-") == boundary[1].encode().strip(b"-")
        digest.update(b"--\n" if is_boundary else piece)
    return digest.hexdigest()


def _pieces(content: "SpooledTemporaryFile[bytes]") -> Iterator[bytes]:
    content.seek(0)
    yield from content


async def _say(error: Exception, scope: Scope, receive: Receive, send: Send) -> None:
    match error:
        case AtWork():
            error = Refusal(
                409,
                "The first request with this idempotency key is still at work.",
                "使用同一幂等键的首个请求仍在处理。",
                kind="key-at-work",
                retry_after=1,
            )
        case UsedForAnother():
            error = Refusal(
                422,
                "This idempotency key was used for another request.",
                "此幂等键已用于另一请求。",
                kind="key-used",
                errors=[_ABOUT_KEY | {"detail": "was used for another request"}],
            )
    await answer_to(error, scope.get("root_path", ""))(scope, receive, send)


def _told_once() -> Kept:
    """What is kept in place of an answer with a secret, which is told once and not kept."""
    refusal = Refusal(
        409,
        "This was done; its answer held a secret, which is told only once.",
        "已执行；答复中含有只显示一次的机密，不再重复。",
    )
    answer = answer_to(refusal)
    return Kept(409, MEDIA_TYPE, bytes(answer.body))


_ABOUT_KEY = {"in": "header", "pointer": "#/Idempotency-Key"}


def _no_key() -> Refusal:
    said = f"has 1 to {LONGEST_KEY} letters, digits and signs of ASCII"
    return Refusal(
        422,
        f"An idempotency key {said}.",
        f"幂等键须为1至{LONGEST_KEY}个 ASCII 字母、数字或符号。",
        kind="wrong-request",
        errors=[_ABOUT_KEY | {"detail": said}],
    )
