"""That the tables of a result are the ones its class declares."""

from dataclasses import fields
from typing import Any

import polars as pl

from yanzhen.study.result_columns import columns_of


def undeclared(result: Any) -> list[str]:
    """Tables of a result that have no declared columns, or others than it declares."""
    declared = columns_of(type(result))
    frames = {field.name: getattr(result, field.name) for field in fields(result)}
    return [
        f"{name}: {dict(frame.schema)}, not {declared.get(name)}"
        for name, frame in frames.items()
        if isinstance(frame, pl.DataFrame)
        and (name not in declared or dict(frame.schema) != declared[name].types)
    ]
