"""An empty study to fill in: settings with comments, empty tables, an Excel template."""

import os
import tempfile
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from yanzhen.study.about import About, Units
from yanzhen.study.columns import KIND_WORDS, UNIT_KINDS, Meaning
from yanzhen.study.problem import Problem, StudyError
from yanzhen.study.settings import TABLE
from yanzhen.study.sources import OPTIONAL, SETTINGS_FILE
from yanzhen.study.study_toml import flatten
from yanzhen.study.tables import REQUIRED_TABLES, TABLES, description, meanings
from yanzhen.study.units import KINDS, units_of
from yanzhen.study.writing import MADE, TEXT_FORMAT

WORKBOOK = "template.xlsx"

# Rows that the template prepares with lists to choose from.
_PREPARED_ROWS = 10_000

_SETTINGS = """\
# 研究的基本信息；# 之后是注释。
# What the study says about itself. Text after # is a comment.

title_zh = ""                 # 中文标题
title_en = ""                 # title in English
currency = "CNY"
base_year = 0                 # 规划的起始年，activity 表中要有该年；year that a plan starts from
region_classification = "GB/T 2260"
industry_classification = "GB/T 4754-2017"
licence = ""                  # 数据使用条款；terms of use of the figures
synthetic = false             # 数据系编造时写 true；true where the figures are made up

# 口径有修订或存疑的区域代码；codes of regions whose figures were revised or are doubtful
flagged_regions = []
flag_reason_zh = ""
flag_reason_en = ""

# 规模以什么衡量："output" 产出、"employment" 就业、"energy" 能源消费、"emissions" 碳排放
# what sizes are measured by; a study without output says which column of activity it has
size = "output"

# 确知未收集的年份；years known not to have been collected
missing_years = []
# 规划回看的起始年；更早年份仅用于回测和地区投入结构。
# First year that a plan looks back to; earlier ones serve backtests and regions' input structure.
# past_from = 2012

[units]
{units}

# 各表是全部（"all"）还是一部分（"part"）；whether each table is all there is, or a part.
# 一部分时，表外的其余照没有该表时一样；in part, the rest stays as it would be without the table.
[coverage]
sites = "part"                # "all"：只有列出的承接地可以承接；only listed sites are destinations
resources = "part"            # "all"：未列出的承接地不受限；places without a row are not limited
enterprises = "part"          # "all"：只有列出的企业会转移；only listed enterprises move
# 本单位的承接地与企业列全、其余地区沿用以往的区域代码；regions whose own sites and enterprises
# are listed completely, the rest of the country staying as its past shows: in_full = ["340000"]
in_full = []
# moves_from = 2013           # moves 表覆盖的首年；first year that the table moves covers
# moves_to = 2017             # moves 表覆盖的末年；last year that the table moves covers

# 每个来源一节；one section for each source. 去掉行首的 # 即启用；remove the # to use it.
# [[sources]]
# key = "yearbook"
# title = ""
# title_zh = ""
# publisher = ""              # 发布单位；who published it
# publisher_zh = ""
# year = ""                   # 版次或数据年份；of the edition, or of the figures
# url_or_doc = ""
# table = "activity"
# columns = ["output", "employment"]
# licence = ""
# note = ""
"""

_READ_ME = (
    ("中文", "English"),
    (
        "每个工作表是一张表，第一行是列名，请勿改动；数据从第二行起，不留空行，不合并单元格。",
        "Each sheet is a table. Row 1 holds the names of the columns: leave it as it is. "
        "Figures begin in row 2, without empty rows or merged cells.",
    ),
    (
        "只有 regions、industries、activity 三张表必填，其余按需要填写，不用的可以不管。",
        "Only regions, industries and activity must be filled. Fill others as needed.",
    ),
    (
        "鼠标停在列名上可见含义和单位。深色列名为必填列。",
        "Point at the name of a column to see its meaning and unit. Dark names must be filled.",
    ),
    (
        "未知的数据请留空，不要写 0、“-”或“无”。",
        "Leave a cell empty where the figure is not known: no 0, no dash.",
    ),
    (
        "代码列已设为文本，前导零（如 06）会保留。",
        "Columns of codes are text, so that leading zeros (06) stay.",
    ),
    (
        "来源写在 study 工作表末尾，每个来源数行：sources.1.key、sources.1.title、"
        "sources.1.table、sources.1.columns（多列用 ; 分隔）等。",
        "Sources go below the other rows of the sheet study, some rows for each: sources.1.key, "
        "sources.1.title, sources.1.table, sources.1.columns (several separated by ;) and so on.",
    ),
    (
        "先在 study 工作表填写标题、基年和单位，完成后运行：yanzhen check template.xlsx",
        "Fill in title, base year and units in the sheet study; then run: "
        "yanzhen check template.xlsx",
    ),
)


def new_study(folder: str | Path) -> None:
    """Write an empty study to a new or empty folder.

    The folder holds `study.toml`, the three tables that must be filled, the others in the
    folder `optional`, to be moved up when needed, and `template.xlsx` with all of them, for
    those who rather fill in a workbook.

    Raises
    ------
    StudyError
        The path is a file, or a folder that is not empty.
    """
    folder = Path(folder)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise StudyError([Problem.of("folder_in_use", str(folder), "", None, "")])
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".yanzhen-") as beside:
        written = Path(beside) / folder.name
        (written / OPTIONAL).mkdir(parents=True)
        (written / SETTINGS_FILE).write_text(_settings(), encoding="utf-8")
        for name in TABLES:
            place = written if name in REQUIRED_TABLES else written / OPTIONAL
            header = ",".join(meanings(name))
            # With a byte order mark, Excel opens and saves the file as UTF-8.
            (place / f"{name}.csv").write_text(f"{header}\n", encoding="utf-8-sig")
        _write_template(written / WORKBOOK)
        os.replace(written, folder)


def _settings() -> str:
    lines = []
    for kind in KINDS:
        others = [unit for unit in units_of(kind) if kind != "money" or unit.endswith("CNY")]
        setting = f'{kind} = "{getattr(Units(), kind)}"'
        lines.append(f"{setting:<30}# {', '.join(others)}")
    return _SETTINGS.format(units="\n".join(lines))


def _write_template(path: Path) -> None:
    with xlsxwriter.Workbook(path, {"in_memory": True}) as book:
        book.set_properties({"created": MADE})
        formats = _Formats(book)
        notes = book.add_worksheet("README")
        notes.set_column(0, 1, 70, formats.wrapped)
        for row, words in enumerate(_READ_ME):
            notes.write_row(row, 0, words, formats.optional if row == 0 else formats.wrapped)
        _write_settings(book.add_worksheet(TABLE), formats)
        for name in TABLES:
            _write_sheet(book.add_worksheet(name), name, formats)


class _Formats:
    """How the cells of the template look."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.text: Format = book.add_format({"num_format": TEXT_FORMAT})
        self.wrapped: Format = book.add_format({"text_wrap": True, "valign": "top"})
        self.required: Format = book.add_format(
            {"bold": True, "font_color": "#FFFFFF", "bg_color": "#1F4E79", "border": 1}
        )
        self.optional: Format = book.add_format({"bold": True, "bg_color": "#D9E2EC", "border": 1})


def _write_settings(sheet: Worksheet, formats: _Formats) -> None:
    empty = About(
        title_zh="",
        title_en="",
        currency="CNY",
        units=Units(),
        base_year=0,
        region_classification="GB/T 2260",
        industry_classification="GB/T 4754-2017",
        licence="",
        synthetic=False,
    )
    sheet.set_column(0, 0, 28, formats.text)
    sheet.set_column(1, 1, 60, formats.text)
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, ("key", "value"), formats.required)
    for row, (key, value) in enumerate(flatten(empty), start=1):
        cell = "" if key == "base_year" else value
        sheet.write_string(row, 0, key)
        sheet.write_string(row, 1, cell, formats.text)
        kind = key.removeprefix("units.")
        if kind in KINDS:
            units = [unit for unit in units_of(kind) if kind != "money" or unit.endswith("CNY")]
            # A list in the sheet is split at commas, which names of units contain.
            sheet.write_comment(row, 1, "\n".join(units))
        elif key == "synthetic":
            sheet.data_validation(row, 1, row, 1, _list(("true", "false")))


def _write_sheet(sheet: Worksheet, table: str, formats: _Formats) -> None:
    english, chinese = description(table)
    sheet.freeze_panes(1, 0)
    if table in REQUIRED_TABLES:
        sheet.set_tab_color("#1F4E79")
    for position, (name, said) in enumerate(meanings(table).items()):
        textual = said.kind in ("code", "codes", "text", "date", "choice")
        width = max(12, len(name) + 4)
        sheet.set_column(position, position, width, formats.text if textual else None)
        sheet.write_string(
            0, position, name, formats.required if said.required else formats.optional
        )
        note = _note(said)
        if position == 0:
            note = f"{table}\n{chinese}\n{english}\n\n{note}"
        sheet.write_comment(0, position, note, {"x_scale": 2.5, "y_scale": 2})
        rule = _rule(said)
        if rule:
            sheet.data_validation(1, position, _PREPARED_ROWS, position, rule)


def _note(said: Meaning) -> str:
    lines = [said.zh, said.en, " · ".join(reversed(KIND_WORDS[said.kind]))]
    unit_en, unit_zh = UNIT_KINDS[said.unit]
    if unit_en:
        lines.append(f"单位 {unit_zh} · unit: {unit_en}")
    lines.append("必填 · required" if said.required else "可空 · may be empty")
    return "\n".join(lines)


def _rule(said: Meaning) -> dict[str, object] | None:
    """Return what the template lets be typed into a column, in Excel's terms."""
    if said.kind == "choice":
        return _list(said.values)
    if said.kind == "flag":
        return _list(("TRUE", "FALSE"))
    if said.kind == "year":
        return {
            "validate": "integer",
            "criteria": "between",
            "minimum": 1900,
            "maximum": 2200,
            "error_title": "年份 · year",
            "error_message": "四位数年份 · a year of four digits",
        }
    return None


def _list(values: tuple[str, ...]) -> dict[str, object]:
    return {
        "validate": "list",
        "source": list(values),
        "error_title": "选项 · choices",
        "error_message": "请从列表中选择 · choose from the list",
    }
