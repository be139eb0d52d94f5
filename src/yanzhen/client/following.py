"""A job followed by server-sent events, also over a line that breaks."""

import json
from collections.abc import Iterable, Iterator

import httpx

from yanzhen.client.answers import Job, read
from yanzhen.client.sending import FIRST_REST, Sending


def follow(sending: Sending, name: str) -> Iterator[Job]:
    """Give a job as it stands whenever there is news of it, until it has ended.

    Raises
    ------
    ApiError
        There is no such job.
    """
    known = ""
    while True:
        headers = {"Last-Event-ID": known} if known else {}
        try:
            with sending.streamed(f"/jobs/{name}/events", headers) as answer:
                if answer.status_code == 204:
                    return
                for identity, data in events(answer.iter_lines()):
                    job = read(Job, json.loads(data))
                    known = identity
                    yield job
                    if job.ended:
                        return
        except httpx.TransportError:
            # The line broke; the next asks for what is new.
            pass
        sending.sleep(FIRST_REST)


def events(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Give identity and data of each event of a stream (HTML Standard, 9.2.6)."""
    identity, data = "", ""
    for line in lines:
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if field == "id":
            identity = value
        elif field == "data":
            data += value
        elif not line and data:
            yield identity, data
            data = ""
