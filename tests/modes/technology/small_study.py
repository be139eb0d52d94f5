"""A study with a few achievements, for the tests. SYNTHETIC texts."""

from dataclasses import replace

import polars as pl

from yanzhen.study import TABLES, Study, read_study

TECHNOLOGIES = [
    ("T1", "Recovery of lithium from spent lithium-ion batteries", None, "C22B 26/12", 7, "440000"),
    ("T2", "污水处理厂污泥低温干化成套设备", "适用于市政污泥深度脱水", "C02F 11/12", 8, "310000"),
    ("T3", "Laser cladding of wear-resistant coatings", None, "C23C 24/10", 5, "320000"),
    ("T4", "名优茶采摘机器人", "机器视觉识别嫩芽", "A01D 46/04", 6, "330000"),
]
NEEDS = [
    ("N1", "退役锂电池中锂的回收", "360000", 6),
    ("N2", "Drying of municipal sewage sludge", "420000", 8),
    ("N3", "激光熔覆耐磨涂层修复液压立柱", "610000", 8),
]
INCUBATORS = [
    ("P1", "电池回收中试基地", "360000", None, 4, 8, 1, None),
    ("P2", "江西驻沪孵化器", "310000", "360000", 3, 7, 2, "zibo"),
]


def rows(table: str, names: str, values: list[tuple[object, ...]]) -> pl.DataFrame:
    """Rows of a declared table, other columns empty."""
    schema = {name: column.dtype for name, column in TABLES[table].columns().items()}
    given = names.split()
    frame = pl.DataFrame(values, schema={name: schema[name] for name in given}, orient="row")
    empty = [pl.lit(None, schema[name]).alias(name) for name in schema if name not in given]
    return frame.with_columns(empty).select(list(schema))


def small_study() -> Study:
    study = read_study("china-provinces")
    made = {
        "technologies": rows(
            "technologies", "technology title abstract ipc trl region", list(TECHNOLOGIES)
        ),
        "technology_needs": rows("technology_needs", "need title region trl_low", list(NEEDS)),
        "incubators": rows(
            "incubators",
            "incubator title region home_region stage_low stage_high capacity contract",
            list(INCUBATORS),
        ),
    }
    return replace(study, tables={**study.tables, **made})
