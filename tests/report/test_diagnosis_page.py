"""A diagnosis as page, workbook and files."""

import re
from html import unescape
from pathlib import Path

import fastexcel
import polars as pl
import pytest

from tests.report.diagnosed import example_diagnosis, synthetic_diagnosis
from tests.report.document.test_html import Elements, text_of
from tests.report.test_browser import Opened
from tests.study.small import small
from yanzhen.advantage.diagnosis import Diagnosis, diagnose
from yanzhen.report.analyses.diagnosis import diagnosis_document
from yanzhen.report.document.folder import write_report
from yanzhen.report.document.html import page
from yanzhen.report.findings.diagnosis import diagnosis_findings
from yanzhen.report.tables.diagnosis import COLUMNS, diagnosis_tables
from yanzhen.report.text.focus import WHOLE, Focus, focused
from yanzhen.report.text.reader import Reader
from yanzhen.report.text.words import phrases

CHONGQING = Focus("500000")
ELECTRONICS = Focus(None, "IO42-20")


@pytest.fixture(scope="module")
def diagnosis() -> Diagnosis:
    return example_diagnosis()


@pytest.fixture(scope="module", params=["zh", "en"])
def written(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Path]:
    folder = tmp_path_factory.mktemp("diagnosis")
    found = synthetic_diagnosis()
    document = diagnosis_document(found, Reader(found.study, request.param))
    write_report(document, folder, "diagnosis")
    return request.param, folder


def page_of(written: tuple[str, Path]) -> str:
    return (written[1] / "diagnosis.html").read_text("utf-8")


def test_the_contents_lead_to_every_section(written: tuple[str, Path]) -> None:
    elements = Elements(page_of(written)).found
    ids = [attributes["id"] for tag, attributes in elements if tag == "section"]
    links = [a["href"] for tag, a in elements if tag == "a" and str(a["href"]).startswith("#")]
    assert links == [f"#{section}" for section in ids]
    assert ids[0] == "findings" and ids[-2:] == ["limits", "sources"] and len(ids) == 10


def test_ids_are_unique(written: tuple[str, Path]) -> None:
    ids = [a["id"] for _, a in Elements(page_of(written)).found if "id" in a]
    assert len(ids) == len(set(ids))


def test_findings_stand_on_the_page(written: tuple[str, Path]) -> None:
    lang, _ = written
    text = unescape(text_of(page_of(written)))
    found = synthetic_diagnosis()
    for finding in diagnosis_findings(found, Reader(found.study, lang), WHOLE):
        assert finding in text


def test_a_synthetic_page_and_its_files_say_so(written: tuple[str, Path]) -> None:
    assert 'class="synthetic"' in page_of(written)
    names = [path.name for path in (written[1] / "tables").iterdir()]
    assert all(name.startswith("SYNTHETIC_") for name in names)
    book = fastexcel.read_excel(written[1] / "diagnosis.xlsx")
    for place in range(len(book.sheet_names)):
        first = book.load_sheet(place, header_row=None, n_rows=1).to_polars().row(0)
        assert "SYNTHETIC" in first[0]


def test_a_real_page_does_not_say_synthetic(diagnosis: Diagnosis) -> None:
    assert "SYNTHETIC" not in page(diagnosis_document(diagnosis, Reader(diagnosis.study, "en")))


def test_every_frame_is_there_as_parquet_and_csv(written: tuple[str, Path]) -> None:
    for key, frame in focused(synthetic_diagnosis(), WHOLE).items():
        path = written[1] / "tables" / f"SYNTHETIC_{key}.parquet"
        assert pl.read_parquet(path).equals(frame)
        assert pl.read_csv(path.with_suffix(".csv"), schema=frame.schema).height == frame.height


def test_every_column_is_explained(written: tuple[str, Path]) -> None:
    explained = pl.read_csv(written[1] / "tables" / "SYNTHETIC_columns.csv")
    without = explained.filter(pl.col("description_en").is_null())
    assert without.select("table", "column").rows() == []


def test_every_column_is_shown(diagnosis: Diagnosis) -> None:
    for key, frame in focused(diagnosis, WHOLE).items():
        assert set(COLUMNS[key]) == set(frame.columns), key


def test_there_is_a_sheet_a_table(written: tuple[str, Path]) -> None:
    lang, folder = written
    found = synthetic_diagnosis()
    tables = diagnosis_tables(found, Reader(found.study, lang), WHOLE)
    shown = [table for table in tables.values() if table.rows]
    sheets = fastexcel.read_excel(folder / "diagnosis.xlsx").sheet_names
    assert len(sheets) == len(shown) + 2


def test_estimated_cells_look_different(diagnosis: Diagnosis) -> None:
    cells = diagnosis_tables(diagnosis, Reader(diagnosis.study, "en"), WHOLE)["specialisation"]
    column = cells.index("location_quotient")
    marked = sum((row, column) in cells.estimated for row in range(len(cells.rows)))
    assert marked == diagnosis.specialisation.filter(output_status="estimated").height


@pytest.mark.parametrize("focus", [CHONGQING, ELECTRONICS, Focus("500000", "IO42-20")])
def test_tables_hold_the_rows_of_the_focus(diagnosis: Diagnosis, focus: Focus) -> None:
    cells = focused(diagnosis, focus)["specialisation"]
    assert 0 < cells.height < diagnosis.specialisation.height
    for column, code in (("region", focus.region), ("industry", focus.industry)):
        if code is not None:
            assert set(cells[column]) == {code}


def test_findings_of_an_industry_in_focus_name_no_other(diagnosis: Diagnosis) -> None:
    named = dict(diagnosis.study.tables["industries"].select("industry", "name_en").iter_rows())
    told = " ".join(diagnosis_findings(diagnosis, Reader(diagnosis.study, "en"), ELECTRONICS))
    others = [name for code, name in named.items() if code != ELECTRONICS.industry]
    assert named[ELECTRONICS.industry] in told
    assert [name for name in others if name in told] == []


def test_the_focus_is_named_in_the_title(diagnosis: Diagnosis) -> None:
    html = page(
        diagnosis_document(diagnosis, Reader(diagnosis.study, "en"), Focus("500000", "IO42-20"))
    )
    title = re.search(r"<title>(.*?)</title>", html)
    assert title is not None
    assert "Chongqing" in title[1]
    assert "Communication equipment" in title[1]


def test_what_is_not_evaluated_names_its_table(diagnosis: Diagnosis, lang: str) -> None:
    text = text_of(page(diagnosis_document(diagnosis, Reader(diagnosis.study, lang))))
    assert "enterprises.output" in text


def test_every_term_that_may_be_off_has_a_name() -> None:
    bare = diagnose(small(), 2012)
    terms = {*bare.not_evaluated["term"], *example_diagnosis().not_evaluated["term"]}
    coded = {*example_diagnosis().capacity_weights["indicator"]}
    assert {f"term.{term}" for term in terms | coded} - set(phrases()) == set()


def test_findings_name_no_estimated_pair(diagnosis: Diagnosis) -> None:
    said = " ".join(diagnosis_findings(diagnosis, Reader(diagnosis.study, "en"), WHOLE))
    highest = diagnosis.specialisation.filter(output_status="estimated").sort("location_quotient")
    row = highest.row(-1, named=True)
    tables = diagnosis.study.tables
    region = dict(tables["regions"].select("region", "name_en").iter_rows())[row["region"]]
    industry = dict(tables["industries"].select("industry", "name_en").iter_rows())
    assert f"{region}: {industry[row['industry']]}" not in said


def test_flagged_regions_are_left_out_of_a_second_count(diagnosis: Diagnosis) -> None:
    said = " ".join(diagnosis_findings(diagnosis, Reader(diagnosis.study, "en"), WHOLE))
    assert "Without the flagged regions (Tianjin, Inner Mongolia, Liaoning): Central" in said


def test_a_bare_study_still_has_a_page(lang: str) -> None:
    bare = diagnose(small(), 2012)
    text = text_of(page(diagnosis_document(bare, Reader(bare.study, lang))))
    assert diagnosis_findings(bare, Reader(bare.study, lang), WHOLE)[0] in text


def test_the_same_diagnosis_gives_the_same_bytes(written: tuple[str, Path], tmp_path: Path) -> None:
    lang, folder = written
    found = synthetic_diagnosis()
    document = diagnosis_document(found, Reader(found.study, lang))
    write_report(document, tmp_path, "diagnosis")
    for path in folder.rglob("*.*"):
        assert (tmp_path / path.relative_to(folder)).read_bytes() == path.read_bytes(), path.name


def test_the_page_draws_every_chart_and_asks_nothing(
    browser: object, written: tuple[str, Path]
) -> None:
    opened = Opened(browser, written[1] / "diagnosis.html")
    assert set(opened.all("chart.dataset.state")) == {"drawn"}
    assert opened.complaints == []
    assert [url for url in opened.requests if not url.startswith(("file:", "data:", "blob:"))] == []
