"""What each reader is given first: small files that it reads, as the code itself writes them."""

import io
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path

import polars as pl

from tests.fuzzing.agreement_readers import terms_text
from tests.fuzzing.api_readers import WORDS, bodies
from tests.fuzzing.exchange_readers import KINDS
from tests.study.importing.chinese_files import indicators_of_cities, list_of_enterprises
from tests.study.importing.layouts import write_text, write_workbook
from tests.study.importing.published_files import (
    county_business_patterns,
    eurostat_tsv,
    quarterly_census,
    saved_system,
    sdmx_csv,
)
from tests.study.small import small, small_study
from yanzhen.api.pagination import cursor_of
from yanzhen.exchange.listings.from_csv import template
from yanzhen.study import write_study

OLD = Path(__file__).parents[1] / "study" / "importing" / "made_by_excel_97.xls"
PROJECTS = (
    "project,year,value_added_tax,enterprise_income_tax,outlay,gdp,move\n"
    "甲,2020,1000,500.25,0,3,2020\n甲,2021,1200,600,10,4,2020\n"
)
PAYMENTS = (
    PROJECTS.replace("project,year", "project,year,quarter")
    .replace(",2020,", ",2020,1,")
    .replace(",2021,", ",2021,2,")
)
INPUT_OUTPUT = (
    ",,A,A,A\n,,s1,s2,government consumption\nA,s1,1,2,3\nA,s2,2,1,4\n"
    ",imports,1,1,\n,operating surplus,2,3,\n"
)


@cache
def seeds(name: str) -> tuple[bytes, ...]:
    """Return the first inputs of a reader."""
    with tempfile.TemporaryDirectory() as folder:
        return tuple(MADE[name](Path(folder)))


def _csv(folder: Path) -> list[bytes]:
    text = (small_study(folder / "small") / "activity.csv").read_text("utf-8")
    few = "\n".join(text.splitlines()[:8]) + "\n"
    return [few.encode(each) for each in ("utf-8", "utf-8-sig", "utf-16", "gb18030")]


def _few() -> pl.DataFrame:
    return small().tables["activity"].head(8)


def _parquet(folder: Path) -> list[bytes]:
    _few().write_parquet(folder / "a.parquet", compression="uncompressed")
    _few().select("region", "year", "output").write_parquet(folder / "b.parquet")
    return [(folder / f"{each}.parquet").read_bytes() for each in "ab"]


def _xlsx(folder: Path) -> list[bytes]:
    rows = [list(_few().columns), *map(list, _few().iter_rows())]
    write_workbook(folder / "a.xlsx", {"activity": rows})
    return [(folder / "a.xlsx").read_bytes()]


def _whole(suffix: str) -> Callable[[Path], list[bytes]]:
    def make(folder: Path) -> list[bytes]:
        write_study(small(), folder / f"study.{suffix}")
        return [(folder / f"study.{suffix}").read_bytes()]

    return make


def _packed(folder: Path) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(folder).as_posix())
    return content.getvalue()


def _archive(folder: Path) -> list[bytes]:
    return [_packed(small_study(folder / "small"))]


def _texts(folder: Path) -> list[bytes]:
    made = (eurostat_tsv, sdmx_csv, quarterly_census, county_business_patterns)
    paths = [each(folder).path for each in made]
    few = [b"\n".join(path.read_bytes().split(b"\n")[:14]) for path in paths]
    head, rows = ["城市", "行业", "2016年", "2017年"], [["济南市", "纺织业", "100", "120"]]
    path = write_text(folder / "年鉴.csv", [head, *rows], "gb18030")
    return [*few, path.read_bytes()]


def _office(folder: Path) -> list[bytes]:
    return [each(folder).path.read_bytes() for each in (indicators_of_cities, list_of_enterprises)]


def _ods(folder: Path) -> list[bytes]:
    del folder
    cells = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{each}</text:p>'
            "</table:table-cell>"
            for each in row
        )
        + "</table:table-row>"
        for row in (("城市", "行业", "2016年"), ("济南市", "纺织业", "100"))
    )
    spaces = " ".join(
        f'xmlns:{each}="urn:oasis:names:tc:opendocument:xmlns:{each}:1.0"'
        for each in ("office", "table", "text", "manifest")
    )
    sheet = f'<table:table table:name="表">{cells}</table:table>'
    body = f"<office:body><office:spreadsheet>{sheet}</office:spreadsheet></office:body>"
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            f'<?xml version="1.0"?><office:document-content {spaces}>{body}'
            "</office:document-content>",
        )
        archive.writestr("META-INF/manifest.xml", f"<manifest:manifest {spaces}/>")
    return [content.getvalue()]


def _pymrio(folder: Path) -> list[bytes]:
    return [_packed(saved_system(folder).path)]


def _scenarios(folder: Path) -> list[bytes]:
    del folder
    own = files("yanzhen.market.counterfactuals").joinpath("scenarios")
    return [each.read_bytes() for each in own.iterdir() if each.name.endswith(".toml")]


def _terms(folder: Path) -> list[bytes]:
    del folder
    return [terms_text(each).encode() for each in ("zibo", "songjiang_luan", "equity_venture")]


def _concordance(folder: Path) -> list[bytes]:
    rows: list[list[object]] = [["行业代码", "IPC"], ["3841", "H01M 10/54; H01M 4/00"]]
    write_workbook(folder / "a.xlsx", {"a": rows})
    return [(folder / "a.xlsx").read_bytes()]


def _listings(folder: Path) -> list[bytes]:
    del folder
    heads = [template(each) for each in KINDS]  # type: ignore[arg-type]
    return [
        bytes([number]) + (head + ",".join("1" for _ in head.split(",")) + "\r\n").encode()
        for number, head in enumerate(heads)
    ]


def _scoreboard(folder: Path) -> list[bytes]:
    scores = {"indicator": ["a"], "plan_year": [2025], "plan": [1.0], "plan_low": [0.5],
              "plan_high": [2.0], "cells": [3]}  # fmt: skip
    values = {"indicator": ["a"], "year": [2025], "value": [1.0], "cells": [3]}
    cells = {"region": ["11"], "industry": ["13"]}
    for name, made in (("scoreboard", scores), ("goal_values", values), ("goal_plan_cells", cells)):
        pl.DataFrame(made).write_parquet(folder / f"{name}.parquet", compression="uncompressed")
    return [_packed(folder)]


def _as_files(*contents: Mapping[str, str]) -> Callable[[Path], list[bytes]]:
    def make(folder: Path) -> list[bytes]:
        made = []
        for number, each in enumerate(contents):
            place = folder / str(number)
            place.mkdir()
            for name, text in each.items():
                (place / name).write_text(text, encoding="utf-8")
            made.append(_packed(place))
        return made

    return make


def _said(*texts: str | bytes) -> Callable[[Path], list[bytes]]:
    return lambda folder: [each.encode() if isinstance(each, str) else each for each in texts]


PUBLICATION = (
    '{"unit": 1, "money": "", "hierarchies": {"region": {"all": null, "11": "all"}}, '
    '"tables": {"t": {"region": "all"}}, "files": {"t.csv": "0"}}'
)
MADE: Mapping[str, Callable[[Path], list[bytes]]] = {
    "table_csv": _csv,
    "table_xlsx": _xlsx,
    "table_parquet": _parquet,
    "settings": lambda folder: [(small_study(folder / "s") / "study.toml").read_bytes()],
    "workbook": _whole("xlsx"),
    "duckdb": _whole("duckdb"),
    "archive": _archive,
    "import_text": _texts,
    "import_xlsx": _office,
    "import_xls": lambda folder: [OLD.read_bytes()],
    "import_ods": _ods,
    "import_parquet": _parquet,
    "import_pymrio": _pymrio,
    "mapping": _said(
        'table = "activity"\nyear = 2017\ncolumn = "output"\n[regions]\n"莱芜" = "371200"\n'
        '[units]\noutput = "万元"\n[headings.activity]\n"产值" = "output"\n[only]\nunit = ["a"]\n'
    ),
    "scenario": _scenarios,
    "terms": _terms,
    "agreed_terms": _terms,
    "projects": _said(PROJECTS, PROJECTS.replace("project,year", "项目,年份")),
    "payments": _said(PAYMENTS, PROJECTS),
    "listings": _listings,
    "documents": _said(
        b"a.pdf\n%PDF-1.7\n", b"b.png\n\x89PNG\r\n\x1a\n", "c.txt\n文\n", b"d.docx\nPK\x03\x04"
    ),
    "statistics": _said(
        "hcode,parent,zh,en\nall,,,\n11,all,京,Beijing\n", "centerprise,value,region\na,1.5,11\n"
    ),
    "statistics_tables": _said('[t]\nen = "T"\nzh = "表"\nlevels = {region = 1}\n'),
    "statistics_earlier": _as_files({"manifest.json": PUBLICATION, "t.csv": "region\n"}),
    "feedback": _said("achievement,partner,verdict,reason,day\na,b,accept,,2020-01-01\n"),
    "concordance": _concordance,
    "concordance_text": _said("ipc,industry\nH01M 10/54;H01M,3841\n"),
    "input_output": _said(INPUT_OUTPUT),
    "scoreboard": _scoreboard,
    "nation": _as_files({"nation.toml": 'title_en = "a"\ntitle_zh = "b"\nmarginals = "c"\n'}),
    "plan_folder": _as_files({"run.json": '{"study": "a"}', "manifest.json": "{}"}),
    "backup": _as_files({"manifest.json": '{"form": 1, "tables": {}, "files": {}}'}),
    "mail_settings": _said(
        'host = "localhost"\nport = 25\nsecurity = "none"\nfrom = "a@b.cn"\n'
        'address = "https://x.cn"\nuser = "u"\npassword = "p"\n'
    ),
    "openid_settings": _said(
        'issuer = "https://x.cn"\nclient_id = "a"\nclient_secret = "b"\nrole = "analyst"\n'
    ),
    "formula": _said(
        "100 * total(activity.output, macro_region=('Central', 'West')) / total(activity.output)",
        "number(policies) + herfindahl(activity.output, over='industry') - -gdp",
        "theil_between(activity.output, activity.employment)",
    ),
    "condition": _said(
        "class = energy and macro_region = West|East: clean_energy_share >= 0.4 and eco >= 1"
    ),
    "cursor": lambda folder: [cursor_of(("a", 1)).encode(), cursor_of(("京", -1)).encode()],
    "text": _said("文本\n", "文本\n".encode("gb18030"), "文本\n".encode("utf-16")),
    "api_body": lambda folder: list(bodies()),
    "search": _said(*WORDS),
}
