"""`yanzhen technology` and its page."""

import json
import re
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from tests.modes.technology.small_study import small_study
from yanzhen.cli.app import app
from yanzhen.modes.technology.matching.matching import match
from yanzhen.report.analyses.technology import technology_document
from yanzhen.report.document.folder import write_report
from yanzhen.report.document.html import page as page_of
from yanzhen.report.findings.technology import technology_findings
from yanzhen.report.text.reader import Reader
from yanzhen.report.text.words import Lang, word

EXAMPLE = "china-technology-synthetic"


def run(*words: str) -> tuple[int, str, str]:
    found = CliRunner().invoke(app, ["technology", *words])
    return found.exit_code, found.stdout, found.stderr


def test_json_alone_is_on_standard_output() -> None:
    code, out, _ = run(EXAMPLE, "--to", "needs", "--json", "--lang", "en")
    said = json.loads(out)
    assert code == 0
    assert said["synthetic"] is True
    assert said["certificate"]["passed"] is True
    assert said["tables"]["matches"]


def test_the_page_and_the_tables_are_written(tmp_path: Path) -> None:
    code, out, _ = run(EXAMPLE, "--lang", "zh", "--out", str(tmp_path))
    assert code == 0
    assert "SYNTHETIC" in out
    page = (tmp_path / "technology.html").read_text("utf-8")
    assert "合成数据" in page
    assert re.search(r"用于 technologies 表\s*<", page)
    matches = pl.read_csv(tmp_path / "tables" / "SYNTHETIC_matches.csv", infer_schema_length=None)
    assert matches["share"].max() > 0.5
    named = pl.read_csv(tmp_path / "tables" / "SYNTHETIC_columns.csv")
    distance = named.filter(table="matches", column="kilometres").row(0, named=True)
    assert (distance["unit"], distance["description_zh"]) == ("km", "距离")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_options_are_named_where_they_can_be_given(lang: Lang) -> None:
    code, out, _ = run(EXAMPLE, "--to", "needs", "--lang", lang)
    assert code == 0
    assert "--model" in out and "--concordance" in out
    study = small_study()
    findings = technology_findings(match(study, "needs"), Reader(study, lang))
    lacking = word(lang, "technology.needed.concordance")
    assert any(lacking in sentence for sentence in findings)
    assert not any("--" in sentence for sentence in findings)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_page_stands_alone_and_names_every_match(lang: Lang) -> None:
    matching = match(small_study(), "needs")
    page = page_of(technology_document(matching, Reader(matching.study, lang)))
    written = re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)
    assert re.findall(r"""src=["'][^"']*""", written) == []
    assert set(re.findall(r"""<link[^>]*href=["']([^"']*)""", written)) == {"data:,"}
    assert "退役锂电池中锂的回收" in page
    assert "lithium = 锂" in page
    assert page == page_of(technology_document(matching, Reader(matching.study, lang)))


def test_hostile_texts_stay_texts(tmp_path: Path) -> None:
    study = small_study()
    title = pl.lit("</script><img src=x onerror=alert(1)> lithium battery").alias("title")
    needs = study.tables["technology_needs"].with_columns(title)
    harmful = type(study)(study.about, {**study.tables, "technology_needs": needs}, study.path)
    page = page_of(technology_document(match(harmful, "needs"), Reader(harmful, "en")))
    assert "<img src=x" not in page
    assert "alert(1)" in page
    document = technology_document(match(harmful, "needs"), Reader(harmful, "en"))
    write_report(document, tmp_path, "technology")
    assert (tmp_path / "technology.html").is_file()


def test_a_verdict_is_recorded_and_used(tmp_path: Path) -> None:
    record = tmp_path / "feedback.csv"
    words = (EXAMPLE, "--to", "needs", "--json", "--feedback", str(record))
    before = json.loads(run(EXAMPLE, "--to", "needs", "--json")[1])["tables"]["matches"][0]
    pair = f"{before['achievement']}:{before['partner']}"
    code, out, _ = run(*words, "--reject", pair, "--reason", "价格")
    assert code == 0
    after = json.loads(out)["tables"]
    assert after["rejected"][0]["reason"] == "价格"
    assert pair not in {f"{m['achievement']}:{m['partner']}" for m in after["matches"]}
    assert record.is_file()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("no-such-study",), "no-such-study"),
        ((EXAMPLE, "--accept", "A:B"), "--feedback"),
        ((EXAMPLE, "--feedback", "x.csv", "--accept", "A"), "ACHIEVEMENT:PARTNER"),
        ((EXAMPLE, "--set", "distance"), "NAME=VALUE"),
        ((EXAMPLE, "--set", "distence=1"), "distance"),
        ((EXAMPLE, "--model", "/no/such/model"), "no such folder"),
        (("china-provinces",), "technologies"),
    ],
)
def test_wrong_input_ends_with_two_and_says_why(words: tuple[str, ...], said: str) -> None:
    code, _, err = run(*words, "--lang", "en")
    assert code == 2
    assert said in re.sub(r"[\s│]+", " ", err)


def test_without_its_packages_the_command_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("yanzhen.cli.technology.find_spec", lambda name: None)
    code, _, err = run(EXAMPLE, "--lang", "en")
    assert code == 2
    assert "yanzhen[text]" in err
