"""What a server writes of itself: warnings as before, or a line for each request, as text or JSON.

No line holds what a request said, a query or a person's name; a path stands quoted, so that nobody
can make a line that was not written here.
"""

import logging
import logging.config
import os
import time
from typing import Any, Literal, get_args

Format = Literal["text", "json"]
FORMATS: tuple[Format, ...] = get_args(Format)
SETTING = "YANZHEN_LOG"
"""Environment variable with the format, which workers and other processes of a server read."""
REQUESTS = "yanzhen.requests"
TEXT = "%(asctime)s %(levelname)s %(name)s %(message)s"


def set_logs() -> None:
    """Log to standard error in the format that the environment names; without one, warnings alone.

    Raises
    ------
    ValueError
        The environment names no format.
    """
    named = os.environ.get(SETTING, "")
    if not named:
        return
    if named not in FORMATS:
        raise ValueError(named)
    logging.config.dictConfig(settings(named))


def settings(named: str) -> dict[str, object]:
    """Return what `logging.config` takes for a format."""
    json_lines = {
        "()": "yanzhen.api.logs.one_object",
        "fmt": TEXT,
        "rename_fields": {"asctime": "at", "levelname": "level", "name": "logger"},
        "json_ensure_ascii": False,
    }
    text_lines = {"class": "yanzhen.api.logs.OneLine", "format": TEXT}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": json_lines if named == "json" else text_lines},
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "formatter": "lines"},
        },
        "root": {"level": "WARNING", "handlers": ["stderr"]},
        "loggers": {"yanzhen": {"level": "INFO"}},
    }


def for_uvicorn() -> dict[str, Any]:
    """Return what `uvicorn.run` is told of logs, and to say nothing of itself to readers.

    Nothing is to be set up where `set_logs` has done it.
    """
    named: dict[str, Any] = {"log_config": None} if os.environ.get(SETTING) else {}
    return {**named, "log_level": "warning", "access_log": False, "server_header": False}


def one_object(**said: Any) -> logging.Formatter:
    """Return what writes a record as an object of JSON."""
    from pythonjsonlogger.json import JsonFormatter

    return _in_utc(JsonFormatter(**said))


def _in_utc(formatter: logging.Formatter) -> logging.Formatter:
    """Let a formatter tell times in UTC and say so, whatever the machine's own time is."""
    formatter.converter = time.gmtime
    formatter.default_time_format, formatter.default_msec_format = "%Y-%m-%dT%H:%M:%S", "%s.%03dZ"
    return formatter


class OneLine(logging.Formatter):
    """Text, of which a message is one line; a stack trace follows on lines of its own."""

    def __init__(self, *said: Any, **named: Any) -> None:
        super().__init__(*said, **named)
        _in_utc(self)

    def formatMessage(self, record: logging.LogRecord) -> str:
        """Return the line of a record."""
        return super().formatMessage(record).replace("\r", "\\r").replace("\n", "\\n")
