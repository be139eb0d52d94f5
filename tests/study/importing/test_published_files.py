"""Files of statistical offices elsewhere, made up here, go in without an edit. All SYNTHETIC."""

from pathlib import Path

from tests.study.importing.layouts import write_text
from tests.study.importing.read_back import KEY, assert_holds, read
from yanzhen.study.importing.mapping import Mapped
from yanzhen.study.importing.understanding import understood


def test_eurostat_tsv_with_flags_and_a_hierarchy(tmp_path: Path) -> None:
    path = tmp_path / "nama_10r_3gva.tsv"
    path.write_text(
        "freq,unit,nace_r2,na_item,geo\\TIME_PERIOD\t2016 \t2017 \n"
        "A,MIO_EUR,TOTAL,B1G,DE11\t60 \t66 p\n"
        "A,MIO_EUR,C10-C12,B1G,DE11\t30 \t33 p\n"
        "A,MIO_EUR,C10,B1G,DE11\t10 \t11 e\n"
        "A,MIO_EUR,C11,B1G,DE11\t20 \t22 \n"
        "A,MIO_EUR,C13,B1G,DE11\t30 \t: c\n"
        "A,MIO_EUR,C10,B1G,DE12\t1.5 b\t: \n"
        "A,MIO_EUR,C11,B1G,DE12\t2 \t3 \n"
        "A,MIO_EUR,C13,B1G,DE12\t4 \t5 \n",
        encoding="utf-8",
    )
    found = read(path)
    assert found.about.currency == "EUR"
    assert_holds(
        found.tables["activity"],
        (*KEY, "value_added", "value_added_status"),
        [
            ("DE11", "C10", 2016, 10.0, None),
            ("DE11", "C10", 2017, 11.0, "estimated"),
            ("DE11", "C11", 2016, 20.0, None),
            ("DE11", "C11", 2017, 22.0, None),
            ("DE11", "C13", 2016, 30.0, None),
            ("DE11", "C13", 2017, None, None),
            ("DE12", "C10", 2016, 1.5, None),
            ("DE12", "C10", 2017, None, None),
            ("DE12", "C11", 2016, 2.0, None),
            ("DE12", "C11", 2017, 3.0, None),
            ("DE12", "C13", 2016, 4.0, None),
            ("DE12", "C13", 2017, 5.0, None),
        ],
    )
    assert {total.label for total in found.totals} == {"TOTAL", "C10-C12"}
    assert found.about.industry_classification == "NACE Rev. 2"
    assert dict(found.tables["industries"].select("industry", "name_en").iter_rows()) == {
        "C10": "Manufacture of food products",
        "C11": "Manufacture of beverages",
        "C13": "Manufacture of textiles",
    }


def test_sdmx_csv(tmp_path: Path) -> None:
    rows = [
        [
            "DATAFLOW",
            "LAST UPDATE",
            "freq",
            "unit",
            "wstatus",
            "nace_r2",
            "na_item",
            "geo",
            "TIME_PERIOD",
            "OBS_VALUE",
            "OBS_FLAG",
        ],
        [
            "ESTAT:X(1.0)",
            "01/01/24",
            "A",
            "THS",
            "EMP",
            "C13",
            "EMP_DC",
            "DE11",
            "2016",
            "12.5",
            "",
        ],
        ["ESTAT:X(1.0)", "01/01/24", "A", "THS", "EMP", "C13", "EMP_DC", "DE11", "2017", "", "c"],
        ["ESTAT:X(1.0)", "01/01/24", "A", "THS", "EMP", "C14", "EMP_DC", "DE11", "2016", "7", "e"],
        ["ESTAT:X(1.0)", "01/01/24", "A", "THS", "EMP", "C14", "EMP_DC", "DE11", "2017", "8", "p"],
    ]
    found = read(write_text(tmp_path / "estat.csv", rows))
    assert_holds(
        found.tables["activity"],
        (*KEY, "employment", "employment_status"),
        [
            ("DE11", "C13", 2016, 1.25, None),
            ("DE11", "C13", 2017, None, None),
            ("DE11", "C14", 2016, 0.7, "estimated"),
            ("DE11", "C14", 2017, 0.8, None),
        ],
    )


def test_qcew_with_cells_that_are_not_disclosed(tmp_path: Path) -> None:
    rows = [
        [
            "area_fips",
            "own_code",
            "industry_code",
            "agglvl_code",
            "size_code",
            "year",
            "qtr",
            "disclosure_code",
            "annual_avg_estabs",
            "annual_avg_emplvl",
        ],
        ["01001", "5", "311", "75", "0", "2022", "A", "", "12", "340"],
        ["01001", "5", "313", "75", "0", "2022", "A", "N", "3", "0"],
        ["01003", "5", "311", "75", "0", "2022", "A", "", "8", "0"],
        ["01003", "5", "313", "75", "0", "2022", "A", "", "5", "120"],
    ]
    found = read(write_text(tmp_path / "2022.annual.csv", rows))
    assert found.about.industry_classification == "NAICS"
    names = dict(found.tables["industries"].select("industry", "name_en").iter_rows())
    assert names == {"311": "Food Manufacturing", "313": "Textile Mills"}
    assert_holds(
        found.tables["activity"],
        (*KEY, "employment", "enterprises"),
        [
            ("01001", "311", 2022, 0.034, 12.0),
            ("01001", "313", 2022, None, 3.0),
            ("01003", "311", 2022, 0.0, 8.0),
            ("01003", "313", 2022, 0.012, 5.0),
        ],
    )


def test_county_business_patterns(tmp_path: Path) -> None:
    rows = [
        ["fipstate", "fipscty", "naics", "emp_nf", "emp", "est"],
        ["01", "001", "------", "G", "460", "15"],
        ["01", "001", "31----", "G", "460", "15"],
        ["01", "001", "311///", "G", "340", "12"],
        ["01", "001", "313///", "H", "120", "3"],
        ["01", "003", "311///", "D", "0", "1"],
        ["01", "003", "313///", "G", "50", "2"],
    ]
    found = read(write_text(tmp_path / "cbp16co.csv", rows))
    assert_holds(
        found.tables["activity"],
        (*KEY, "employment", "enterprises"),
        [
            ("01001", "311", 2016, 0.034, 12.0),
            ("01001", "313", 2016, 0.012, 3.0),
            ("01003", "311", 2016, None, 1.0),
            ("01003", "313", 2016, 0.005, 2.0),
        ],
    )


def test_codes_that_only_look_like_nuts_hold_nothing(tmp_path: Path) -> None:
    rows = [
        ["geo", "nace_r2", "2016 value added (million EUR)", "2017 value added (million EUR)"],
        ["DE1", "C13", "10", "11"],
        ["DE11", "C13", "40", "41"],
        ["DE2", "C13", "5", "6"],
    ]
    found = read(write_text(tmp_path / "regions.csv", rows))
    assert found.totals == ()
    assert "parent" in found.tables["regions"].columns
    assert found.tables["regions"]["parent"].null_count() == 3


def test_codes_get_published_names_only_where_a_heading_says_which_they_are(
    tmp_path: Path,
) -> None:
    rows = [
        ["geo", "industry", "2016 output (million USD)"],
        ["N1", "311", "1"],
        ["N2", "313", "2"],
    ]
    own = read(write_text(tmp_path / "own.csv", rows))
    assert own.tables["industries"]["name_en"].to_list() == ["311", "313"]
    rows[0][1] = "naics"
    named = understood([write_text(tmp_path / "naics.csv", rows)], tmp_path / "other", Mapped())
    assert named.tables["industries"]["name_en"].to_list() == [
        "Food Manufacturing",
        "Textile Mills",
    ]
    assert named.tables["industries"]["sector"].to_list() == ["manufacturing", "manufacturing"]
