"""The analyses of a study: each declared once, for command, address, job, page and report.

To add one: a module that says what it computes and shows (`WORK`, a `Work`), and an `Analysis` in
`ANALYSES` that names the module and what can be asked. Modules are imported when they are used, so
that help appears at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

if TYPE_CHECKING:
    from yanzhen.report.document.document import Document
    from yanzhen.report.figures.theme import Chart
    from yanzhen.report.tables.table import Table
    from yanzhen.report.text.reader import Reader
    from yanzhen.study import Study


Kind = Literal[
    "region", "leaf_region", "industry", "movable_industry", "text", "integer", "number", "flag",
    "settings",
]  # fmt: skip
Asked = Mapping[str, Any]
"""What is asked, by name."""
Tell = Callable[[float, "tuple[str, str] | None"], None]
"""Told the share done, and a line in English and in Chinese where there is something to say."""
Result = TypeVar("Result")
NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True)
class Ask:
    """What an analysis can be asked beside its study.

    Attributes
    ----------
    name : of the option and of the parameter of an address
    kind : how it is read; regions and industries by code or name, of all in the study, or of
        those regions that have no other below them, of those industries that move
    help : of the command's option, English, then Chinese
    usual : where nothing is said
    of : whether the result depends on it, or only what is shown of it
    asked_by : the command and the server, or only the command
    least, most : of a number
    metavar, flag, shown_usual : of the command's option, where these do not follow from the name
    """

    name: str
    kind: Kind
    help: str
    usual: Any = None
    of: Literal["result", "view"] = "view"
    asked_by: Literal["both", "command"] = "both"
    least: float | None = None
    most: float | None = None
    metavar: str | None = None
    flag: str | None = None
    shown_usual: bool | str = False


@dataclass(frozen=True)
class Analysis:
    """An analysis as it is declared.

    Attributes
    ----------
    name : of the job, the page and the files; `command` where that has another
    results : of the results in addresses and in the store
    module : that holds its `WORK`
    help : of the command, English, then Chinese
    working : while it is made, in Chinese and English
    title : of its page and its chapter, in Chinese and English
    stage : of its job
    asks : what it can be asked
    needs : tables without which it cannot begin
    in_plan : whether a plan's report has a chapter of it
    """

    name: str
    results: str
    module: str
    help: str
    working: tuple[str, str]
    title: tuple[str, str]
    stage: str
    command: str = ""
    asks: tuple[Ask, ...] = ()
    needs: tuple[str, ...] = ()
    in_plan: bool = False

    @property
    def work(self) -> Work[Any]:
        """What the analysis computes and shows."""
        found: Work[Any] = import_module(self.module).WORK
        return found

    def served(self, of: str) -> tuple[Ask, ...]:
        """What the server asks of the result, or of what is shown of it."""
        return tuple(ask for ask in self.asks if ask.of == of and ask.asked_by == "both")


@dataclass(frozen=True)
class Work(Generic[Result]):
    """What an analysis computes and shows.

    Attributes
    ----------
    result : what is computed: a frozen dataclass of frames and numbers with its `study`
    run : computes it; tells the share done, and a line where there is something to say
    findings : sentences
    document : the report
    year : that it is of
    tables : names of the tables that can be asked for one by one
    table : one of them
    figures : pictures by name
    table_of : the table that holds the figures of each picture
    values : JSON-able values for programs
    told : what the command prints, where that is not the findings
    refused : why the result must not be used, if it must not
    """

    result: type[Result]
    run: Callable[[Study, Asked, Tell], Result]
    findings: Callable[[Result, Asked, Reader], list[str]]
    document: Callable[[Result, Asked, Reader], Document]
    year: Callable[[Result], int]
    tables: tuple[str, ...]
    table: Callable[[Result, str, Asked, Reader], Table]
    figures: Mapping[str, Callable[[Result, Asked, Reader], Chart]]
    table_of: Mapping[str, str]
    values: Callable[[Result, Asked], dict[str, Any]]
    told: Callable[[Result, Asked, Reader], list[str]] | None = None
    refused: Callable[[Result, Reader], str | None] | None = None


class NotThere(Exception):
    """What was asked for is not in the study: said in Chinese and in English."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.said = (zh, en)


MAX_EXPOSURE = Ask(
    "max_exposure",
    "number",
    "Guard: most of a region's output that may be lost with another's supplies. "
    "底线：任一供给地断供时，一地产值损失比重的上限。",
    of="result",
    asked_by="command",
    least=0.0,
    most=1.0,
)
MAX_CONCENTRATION = replace(
    MAX_EXPOSURE,
    name="max_concentration",
    help="Guard: highest concentration (0 to 1) of a region's outside supply of an input. "
    "底线：一地一投入外部供给集中度（0至1）的上限。",
)
WORSEN_BY = replace(
    MAX_EXPOSURE,
    name="worsen_by",
    help="Guard: by how much the plan may raise either. 底线：方案可使二者上升多少。",
)
REGION = Ask(
    "region",
    "leaf_region",
    "Look at one region, by code or name. 只看一个地区（代码或名称）。",
    metavar="CODE",
)
INDUSTRY = Ask(
    "industry",
    "movable_industry",
    "Look at one industry, by code or name. 只看一个行业（代码或名称）。",
    metavar="CODE",
)
DIAGNOSIS = Analysis(
    "diagnosis",
    "diagnoses",
    "yanzhen.report.analyses.diagnosis",
    """Show where the advantage is: specialisation, change, capacity, pressure, opportunities.
    诊断优势所在：专业化、变动、承接能力、转出压力与机会。
    """,
    ("读取并诊断…", "Reading and diagnosing…"),
    ("诊断", "Diagnosis"),
    "advantage",
    command="diagnose",
    asks=(
        REGION,
        INDUSTRY,
        Ask(
            "year",
            "integer",
            "Year with observed output. 有产值的年份。",
            of="result",
            asked_by="command",
            metavar="YEAR",
            shown_usual="the last with output",
        ),
    ),
)
CHAIN = Analysis(
    "chain",
    "chains",
    "yanzhen.report.analyses.chain",
    """Look into industrial chains: the map, gaps, dependencies, cohorts, before and after the plan.
    产业链：谁供谁、缺什么、依赖谁、谁该一起走，以及方案前后的变化。

    A plan that breaks a guard is refused (exit code 1), or repaired with --repair.
    """,
    ("分析产业链…", "Looking into the chains…"),
    ("产业链", "Chains"),
    "chain",
    asks=(
        replace(INDUSTRY, of="result"),
        REGION,
        MAX_EXPOSURE,
        MAX_CONCENTRATION,
        WORSEN_BY,
        Ask(
            "repair",
            "flag",
            "Clear the market again under caps that keep the guard, instead of refusing. "
            "方案违反底线时，加上限重新出清，而不是不予通过。",
            usual=False,
            of="result",
            asked_by="command",
            flag="--repair",
        ),
        Ask(
            "linkage",
            "number",
            "Margin gained on what is traded at one site, by each side; an assumption. "
            "同地交易给双方各带来的利润率（假定）。",
            usual=0.05,
            of="result",
            asked_by="command",
            least=0.0,
            most=1.0,
            shown_usual=True,
        ),
    ),
    needs=("input_output",),
)
INPUTS = Ask(
    "inputs",
    "integer",
    "Largest inputs of each buyer. 每家最大的几项投入。",
    usual=5,
    of="result",
    asked_by="command",
    least=1,
    most=50,
    shown_usual=True,
)
DOCKING = Analysis(
    "docking",
    "dockings",
    "yanzhen.report.analyses.docking",
    """List suppliers for each buyer's largest inputs, cleared within both sides' capacity.
    供需对接：为每家企业的主要投入列出供应商，双方能力以内出清，逐对说明理由。
    """,
    ("对接供需…", "Docking…"),
    ("供需对接", "Docking"),
    "docking",
    asks=(
        Ask("enterprise", "text", "Only one enterprise. 只看一家企业。", metavar="CODE"),
        Ask("region", "region", "Buyers of one region. 买方地区。", metavar="CODE"),
        Ask("industry", "industry", "Buyers of one industry. 买方行业。", metavar="CODE"),
        INPUTS,
        replace(
            INPUTS,
            name="suppliers",
            help="Suppliers listed for each. 每项列几家供应商。",
            usual=4,
            most=100,
        ),
        Ask(
            "value",
            "settings",
            "Another value for a parameter that the result lists. 修改结果所列的某项参数。",
            of="result",
            asked_by="command",
            metavar="NAME=VALUE",
            flag="--set",
        ),
    ),
    needs=("input_output",),
)
INEQUALITY = Analysis(
    "inequality",
    "inequalities",
    "yanzhen.report.analyses.inequality",
    "Say whether regions drift apart in GDP per head. 地区差距：人均GDP的泰尔指数及其分解。",
    ("测算地区差距…", "Measuring inequality…"),
    ("地区差距", "Inequality"),
    "inequality",
    needs=("indicators",),
)
EFFECTS = Analysis(
    "effects",
    "effects",
    "yanzhen.report.analyses.effects",
    """Say what a plan does to the whole economy: books, sourcing, wages, prices, welfare.
    方案对整体经济的影响：收支账、供应来源、工资、价格、福利与地区差距。

    STUDY may be the folder of a plan, which stands for the study that it is of. Without --model it
    goes as far as the study's tables allow, to the spatial equilibrium.
    """,
    ("测算方案的整体影响…", "Computing the effects of the plan…"),
    ("整体影响", "Effects"),
    "effects",
    asks=(
        replace(REGION, help="Look at one region, by code or name. 只看一个地区（代码或名称）。"),
        Ask(
            "model",
            "text",
            "accounting, io, spatial or joint, each with those before it. "
            "模型：accounting 收支账，io 投入产出，spatial 空间均衡，joint 市场与空间联合均衡。",
            of="result",
            asked_by="command",
            metavar="MODEL",
        ),
        Ask(
            "value",
            "settings",
            "Another value for a parameter that the result lists. 修改结果所列的某项参数。",
            of="result",
            asked_by="command",
            metavar="NAME=VALUE",
            flag="--set",
        ),
    ),
)
FINANCE = Analysis(
    "finance",
    "finances",
    "yanzhen.report.analyses.finance",
    """Say what products cost and are worth to each project, and whether parks pay their debts.
    金融产品与园区融资：各项目可选产品的现金流、净现值、保本价格与扶持价值，园区的偿付次序与偿债覆盖率。
    """,
    ("测算金融产品与园区融资…", "Reckoning products and parks…"),
    ("产品与园区融资", "Finance"),
    "finance",
    asks=(
        Ask("project", "text", "Only one project. 只看一个项目。", metavar="CODE"),
        Ask("product", "text", "Only one product. 只看一种产品。", metavar="CODE"),
        Ask("site", "text", "Only one park. 只看一个园区。", metavar="CODE"),
        Ask(
            "value",
            "settings",
            "Another value for a parameter that the result lists. 修改结果所列的某项参数。",
            of="result",
            asked_by="command",
            metavar="NAME=VALUE",
            flag="--set",
        ),
    ),
)
ANALYSES: dict[str, Analysis] = {
    each.name: each for each in (DIAGNOSIS, CHAIN, DOCKING, INEQUALITY, FINANCE, EFFECTS)
}
"""By name. Matches of achievements are kept and asked for in ways of their own."""
