"""The graded set is what its README says, and no pair is graded without a reason."""

import re
from importlib.resources import files

import polars as pl
import pytest

from yanzhen.modes.technology.search.evaluation import HALVES, Half, graded_set

FOLDER = files("yanzhen.modes.technology.search").joinpath("graded")
README = FOLDER.joinpath("README.md").read_text(encoding="utf-8")


def table(name: str) -> pl.DataFrame:
    text = FOLDER.joinpath(f"synthetic_{name}.csv").read_bytes()
    return pl.read_csv(text, infer_schema=False)


def test_every_text_is_marked_as_invented() -> None:
    assert "SYNTHETIC" in README.splitlines()[0]
    owners = table("achievements")["owner"]
    enterprises = pl.concat(
        [
            table(f"{kind}_{half}")["enterprise"]
            for kind in ("needs", "unanswered")
            for half in HALVES
        ]
    )
    assert pl.concat([owners, enterprises]).str.contains("^(虚构|Invented )").all()
    data = [entry.name for entry in FOLDER.iterdir() if entry.name.endswith(".csv")]
    assert len(data) == 7
    assert all(name.startswith("synthetic_") for name in data)


def test_the_readme_counts_the_rows() -> None:
    for name, rows in re.findall(r"\| `synthetic_(\w+)\.csv` \| (\d+)", README):
        assert table(name).height == int(rows), name
    for name, chinese, english in re.findall(
        r"`synthetic_(\w+)\.csv` \| \d+ \((\d+) zh, (\d+) en\)", README
    ):
        counts = dict(table(name)["language"].value_counts().iter_rows())
        assert counts == {"zh": int(chinese), "en": int(english)}


def test_it_is_as_large_as_asked_and_its_halves_do_not_meet() -> None:
    needs = [table(f"needs_{half}") for half in HALVES]
    assert table("achievements").height >= 80
    assert sum(half.height for half in needs) >= 40
    assert abs(needs[0].height - needs[1].height) <= 1
    for half in needs:
        shares = half["language"].value_counts(normalize=True)["proportion"]
        assert shares.is_between(0.45, 0.55).all()
    assert pl.concat(needs)["need"].is_unique().all()
    assert pl.concat(needs)["text"].is_unique().all()


@pytest.mark.parametrize("half", HALVES)
def test_every_grade_has_a_reason_and_every_need_an_answer(half: Half) -> None:
    judged = table(f"judgements_{half}")
    needs = table(f"needs_{half}")
    assert judged["grade"].is_in(["0", "1", "2", "3"]).all()
    assert judged["reason"].str.len_chars().min() >= 10  # type: ignore[operator]
    assert not judged.select("need", "achievement").is_duplicated().any()
    assert judged["need"].is_in(needs["need"].implode()).all()
    assert judged["achievement"].is_in(table("achievements")["achievement"].implode()).all()
    met = judged.filter(pl.col("grade") == "3")
    assert needs["need"].is_in(met["need"].implode()).all()
    refused = judged.filter(pl.col("grade") == "0")
    assert refused["need"].n_unique() >= 0.9 * needs.height


@pytest.mark.parametrize("half", HALVES)
def test_many_pairs_join_the_two_languages(half: Half) -> None:
    graded = graded_set(half)
    pairs = graded.grades.join(graded.queries.select("query", "language"), on="query").join(
        graded.documents.select("document", spoken="language"), on="document"
    )
    across = pairs.filter(pl.col("language") != pl.col("spoken"))
    assert across.height >= 0.4 * pairs.height
    assert across["query"].n_unique() >= 0.75 * graded.queries.height


def test_classes_are_written_as_patent_offices_write_them() -> None:
    full = r"^[A-H]\d{2}[A-Z] \d{1,4}/\d{2,6}$"
    classes = table("achievements")["ipc"].str.split(";").explode()
    assert classes.str.contains(full).all()
    asked = pl.concat([table(f"needs_{half}")["ipc"] for half in HALVES]).drop_nulls()
    assert asked.str.contains(r"^[A-H]\d{2}[A-Z]$").all()
