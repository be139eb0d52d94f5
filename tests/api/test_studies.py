"""Studies that come in by upload."""

import io
import shutil
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from tests.store.ownership.organisations import OTHERS, OURS, add_organisations
from tests.study.small import complete, small, small_study
from yanzhen.api.problem_details import Refusal
from yanzhen.api.result_store import digest_of, write_whole
from yanzhen.api.studies import Studies
from yanzhen.api.workbench import Workbench
from yanzhen.pipeline.checking import check_for_all
from yanzhen.store.people.viewing import viewing_as
from yanzhen.study import examples, write_study


def studies_in(store: Path, named: Sequence[str] = ()) -> Studies:
    return Workbench(store, named).studies


def archive(folder: Path, inside: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as written:
        for path in folder.iterdir():
            written.write(path, f"{inside}{path.name}")
    return content.getvalue()


@pytest.mark.parametrize("inside", ["", "a/b/", "../../"])
def test_an_archive_is_read_wherever_its_tables_lie_and_writes_nowhere_else(
    tmp_path: Path, inside: str
) -> None:
    content = archive(small_study(tmp_path / "small"), inside)
    studies = studies_in(tmp_path / "store")
    known = studies.upload("../../my study.zip", content)
    assert studies.problems(known.key) == ()
    assert studies.read(known.key).tables["activity"].equals(small().tables["activity"])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["small", "store"]
    assert known in studies_in(tmp_path / "store").all()


def test_a_workbook_is_a_study(tmp_path: Path) -> None:
    write_study(small(), tmp_path / "study.xlsx")
    studies = studies_in(tmp_path / "store")
    known = studies.upload("研究.xlsx", (tmp_path / "study.xlsx").read_bytes())
    assert known.synthetic and known.title_zh == small().about.title_zh
    assert studies.read(known.key).tables["regions"].height == 6


@pytest.mark.parametrize("name", ["study.exe", "study", "broken.zip"])
def test_anything_else_is_refused_and_leaves_nothing(tmp_path: Path, name: str) -> None:
    studies = studies_in(tmp_path / "store")
    with pytest.raises(Refusal) as refusal:
        studies.upload(name, b"not a study")
    assert refusal.value.status == 415
    assert list((tmp_path / "store" / "studies").iterdir()) == []


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as written:
        for name, text in files.items():
            written.writestr(name, text)
    return content.getvalue()


def texts(folder: Path, inside: str) -> dict[str, str]:
    return {f"{inside}{path.name}": path.read_text(encoding="utf-8") for path in folder.iterdir()}


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("older", ["optional/activity.csv", "旧版/activity.csv", "../activity.csv"])
def test_what_lies_beside_the_settings_wins(tmp_path: Path, older: str, first: bool) -> None:
    present = texts(small_study(tmp_path / "small"), "my study/")
    other = {f"my study/{older}": "region,industry,year,output\n"}
    studies = studies_in(tmp_path / "store")
    known = studies.upload("s.zip", zipped({**other, **present} if first else {**present, **other}))
    assert studies.read(known.key).tables["activity"].equals(small().tables["activity"])


def test_a_table_that_lies_elsewhere_alone_is_taken(tmp_path: Path) -> None:
    present = texts(small_study(tmp_path / "small"), "")
    moved = {(f"tables/{name}" if name != "study.toml" else name): t for name, t in present.items()}
    studies = studies_in(tmp_path / "store")
    assert studies.problems(studies.upload("s.zip", zipped(moved)).key) == ()


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (["activity.csv", "activity.CSV"], "activity.csv, activity.CSV"),
        (["activity.csv", "Activity.parquet"], "activity.csv, Activity.parquet"),
        (["a/activity.csv", "b/activity.csv"], "a/activity.csv, b/activity.csv"),
        (["activity.csv", "study.toml", "b/study.toml", "b/activity.csv"], ""),
        (["a/study.toml", "b/study.toml"], "a/study.toml, b/study.toml"),
    ],
)
def test_a_table_that_is_there_twice_is_refused(
    tmp_path: Path, names: list[str], told: str
) -> None:
    studies = studies_in(tmp_path / "store")
    if not told:
        assert studies.upload("s.zip", zipped(dict.fromkeys(names, ""))).origin == "upload"
        return
    with pytest.raises(Refusal) as refusal:
        studies.upload("s.zip", zipped(dict.fromkeys(names, "")))
    assert [problem.found for problem in refusal.value.problems] == [
        f"one table in several files: {told}"
    ]
    assert list((tmp_path / "store" / "studies").iterdir()) == []


def test_a_table_is_taken_in_any_form_and_named_by_the_study_it_belongs_to(tmp_path: Path) -> None:
    studies = studies_in(tmp_path / "store", [str(small_study(tmp_path / "small"))])
    key = studies.all()[0].key
    sheet = io.BytesIO()
    small().tables["regions"].write_excel(sheet)
    first = studies.with_table(key, "regions", sheet.getvalue())
    assert studies.problems(first.key) == ()
    (tmp_path / "small" / "study.toml").write_text(
        (tmp_path / "small" / "study.toml").read_text("utf-8").replace("Small", "Other"), "utf-8"
    )
    assert studies.with_table(key, "regions", sheet.getvalue()).key != first.key


def test_terms_beside_a_study_stay_with_it(tmp_path: Path) -> None:
    terms = 'title_zh = "共建"\ntax_kinds = ["value_added_tax"]\n[[periods]]\nsplit = "50:50"\n'
    present = texts(small_study(tmp_path / "small"), "")
    present["agreements.csv"] = (
        "agreement,home,host,from_year,terms\nA1,110000,410000,2020,own.toml\n"
    )
    studies = studies_in(tmp_path / "store")
    known = studies.upload("s.zip", zipped({**present, "own.toml": terms}))
    study = studies.read(known.key)
    before = digest_of(study)
    write_whole(study, tmp_path / "kept", "parquet")
    assert (tmp_path / "kept" / "own.toml").read_text("utf-8") == terms
    (Path(study.path) / "own.toml").write_text(terms.replace("50:50", "60:40"), "utf-8")
    assert digest_of(study) != before


def test_warnings_are_told_and_refuse_nothing(tmp_path: Path) -> None:
    study = small()
    regions = study.tables["regions"].with_columns(tier=pl.lit("central city"))
    write_study(replace(study, tables={**study.tables, "regions": regions}), tmp_path / "study")
    studies = studies_in(tmp_path / "store", [str(tmp_path / "study")])
    key = studies.all()[0].key
    assert studies.problems(key) == ()
    of_tables = [(w.table, w.column, w.severity) for w in studies.read(key).warnings]
    assert of_tables == [("regions", "tier", "warning")]
    assert set(studies.read(key).warnings) < set(studies.warnings(key))


def test_a_study_says_what_check_says_and_serves_the_commands_it_can(tmp_path: Path) -> None:
    study = small()
    agreements = pl.DataFrame(
        {"agreement": ["A1"], "home": ["110000"], "host": ["410000"], "from_year": [2020]}
    ).with_columns(terms=pl.lit("none.toml"))
    tables = {**study.tables, "agreements": complete("agreements", agreements)}
    write_study(replace(study, tables=tables), tmp_path / "study")
    checks = check_for_all(tmp_path / "study")
    studies = studies_in(tmp_path / "store", [str(tmp_path / "study")])
    key = studies.all()[0].key
    assert checks.problems and studies.problems(key) == checks.problems
    assert any("yanzhen chain" in warning.found for warning in checks.warnings)
    assert studies.warnings(key) == checks.warnings
    assert studies.readable(key) and studies.read(key).tables["agreements"].height == 1


def test_examples_that_are_named_come_first_in_their_order(tmp_path: Path) -> None:
    named = ["china-technology-synthetic", "china-zones"]
    studies = studies_in(tmp_path, named)
    assert [each.key for each in studies.all()][:2] == named
    assert [each.key for each in studies.named] == named
    assert {each.key for each in studies.all()} == {each.name for each in examples()}
    assert studies_in(tmp_path).named == []


def test_uploads_from_before_are_the_local_users_wherever_the_store_is_moved(
    tmp_path: Path,
) -> None:
    known = studies_in(tmp_path / "old").upload("s.zip", archive(small_study(tmp_path / "s"), ""))
    (tmp_path / "new").mkdir()
    shutil.move(tmp_path / "old" / "studies", tmp_path / "new" / "studies")
    for _ in range(2):
        studies = studies_in(tmp_path / "new")
        assert known.key in [each.key for each in studies.all()]
        assert studies.read(known.key).tables["regions"].height == 6


def test_what_an_organisation_brings_is_nobody_elses(tmp_path: Path) -> None:
    bench = Workbench(tmp_path / "store")
    add_organisations(bench.database)
    content = archive(small_study(tmp_path / "small"), "")
    with viewing_as(OURS):
        known = bench.studies.upload("s.zip", content)
        assert bench.studies.find(known.key) == known
    with viewing_as(OTHERS):
        assert known.key not in [each.key for each in bench.studies.all()]
        with pytest.raises(Refusal) as refused:
            bench.studies.find(known.key)
        assert refused.value.status == 404
        assert bench.studies.upload("s.zip", content).source != known.source
    bench.close()
