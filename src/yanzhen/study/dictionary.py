"""The data dictionary, made from the declarations of the tables.

`python -m yanzhen.study.dictionary > docs/en/reference/data-dictionary.md` writes it anew.
"""

from yanzhen.study.columns import KIND_WORDS, UNIT_KINDS, Meaning
from yanzhen.study.tables import REQUIRED_TABLES, TABLES, description, meanings
from yanzhen.study.units import KINDS, UNITS, units_of

_INTRODUCTION = """\
# Data dictionary · 数据字典

Generated from the declarations in `yanzhen.study.tables`.
由 `yanzhen.study.tables` 中的声明生成。

A study is a folder with `study.toml` and one table a file (CSV in UTF-8, or Parquet), or one
Excel workbook with a sheet a table, or a DuckDB file. Only {required}
must be there. An empty cell is not known; it is never zero. Columns marked * make the key of a
table, those marked ! must be filled in every row; a column that is not needed may be left out.

一项研究是一个文件夹，内有 `study.toml` 和每表一个文件（UTF-8 编码的 CSV，或 Parquet），
也可以是每表一个工作表的 Excel 工作簿，或 DuckDB 文件。只有 {required} 必需。
空白单元格表示未知，绝不等于零。标 * 的列构成表的主键，标 ! 的列每行必填；用不到的列可以不要。
"""

_SIZE = """\
## What sizes are measured by · 规模以什么衡量

`size` in `study.toml`: `output` (as it comes), `employment`, `energy` or `emissions`, the \
column of `activity` that what moves, room and every share are measured by. An enterprise's size \
is then its `jobs`, `energy` or `emissions`, room that of the resource of the same name, and a \
move's `employment` (observed moves in energy or emissions have no column). Gains and premiums \
stay shares of an enterprise's own output; prices, subsidies and rents in money take output and \
are refused or left out.
`study.toml` 的 `size`：`output`（默认，产出）、`employment`（就业）、`energy`（能源消费）\
或 `emissions`（碳排放），即 `activity` 中用以衡量转移、承接空间和各项比重的列。\
企业规模相应取 `jobs`、`energy` 或 `emissions`，承接空间取同名资源，转移取 `employment`\
（按能源或排放的转移没有对应的列）。收益与溢价仍为占企业自身产出的比重；\
以金额计的价格、补贴须有产出，没有产出的不予采用，租值等不列出。
"""

_COVERAGE = """\
## Whether a table is all there is · 表是全部还是一部分

The section `[coverage]` of `study.toml`; in a workbook rows such as `coverage.sites`.
`study.toml` 的 `[coverage]` 一节；工作簿中写作 `coverage.sites` 等行。

| Setting 设置 | Values 取值 | Meaning | 含义 |
| --- | --- | --- | --- |
| `sites` | `part`, `all` | `part` (as it comes): regions without a site of their own remain \
destinations as a whole; `all`: only listed sites are | `part`（默认）：没有列出承接地的区域\
作为整体仍可承接；\
`all`：只有列出的可以承接 |
| `resources` | `part`, `all` | `part` (as it comes): places without a row keep the room of the \
past; `all`: they are not limited | `part`（默认）：未列出的承接地沿用以往的空间；`all`：不受限 |
| `enterprises` | `part`, `all` | `part` (as it comes): what `activity` holds beyond the listed \
ones moves as blocks; `all`: nobody else moves | `part`（默认）：`activity` 中此外的产值成组\
参与转移；\
`all`：此外无人转移 |
| `in_full` | codes of regions 区域代码 | Regions whose own sites and enterprises are listed \
completely, wherever the tables list any of them: nothing else there is a destination or moves; \
the rest of the country stays as its past shows | 承接地与企业已列全的区域（表中有其记录时）：\
除列出的外不承接、不转移；其余地区沿用以往 |
| `moves_from`, `moves_to` | year 年份 | Years that `moves` covers; otherwise those of its first \
and last row | `moves` 覆盖的年份；不写则为首行至末行的年份 |
"""


def data_dictionary() -> str:
    """Return the data dictionary as a Markdown page in both languages."""
    required = ", ".join(f"`{name}`" for name in REQUIRED_TABLES)
    parts = [_INTRODUCTION.format(required=required)]
    parts += [_table(name) for name in TABLES]
    parts += [_SIZE, _COVERAGE, _units()]
    return "\n".join(parts)


def _table(name: str) -> str:
    english, chinese = description(name)
    lines = [
        f"## {name}",
        "",
        english,
        chinese,
        "",
        "| Column 列 | Type 类型 | Unit 单位 | Meaning | 含义 |",
        "| --- | --- | --- | --- | --- |",
    ]
    lines += [_row(column, said) for column, said in meanings(name).items()]
    return "\n".join(lines) + "\n"


def _row(column: str, said: Meaning) -> str:
    mark = "*" if said.key else "!" if said.required else ""
    kind = " · ".join(KIND_WORDS[said.kind])
    unit = " · ".join(word for word in UNIT_KINDS[said.unit] if word)
    english, chinese = said.en, said.zh
    if said.refers:
        english += f"; a code of {', '.join(said.refers)}"
        chinese += f"；取自 {'、'.join(said.refers)}"
    if said.also:
        english += f", or {', '.join(said.also)}"
    if said.kind == "choice":
        english += f": {', '.join(f'`{value}`' for value in said.values)}"
    return f"| `{column}`{mark} | {kind} | {unit} | {english} | {chinese} |"


def _units() -> str:
    lines = [
        "## Units · 单位",
        "",
        "Units that `study.toml` may declare. `study.toml` 可以声明的单位。",
        "",
        "| Kind 类别 | Units 单位 |",
        "| --- | --- |",
    ]
    for kind in KINDS:
        names = ", ".join(f"{name} {UNITS[name].zh}" for name in units_of(kind))
        lines.append(f"| `{kind}` | {names} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(data_dictionary(), end="")
