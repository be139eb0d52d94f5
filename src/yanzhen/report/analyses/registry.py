"""The analyses of a study: each declared once, for command, address, job, page and report.

To add one: a module that says what it computes and shows (`WORK`, a `Work`), and an `Analysis` in
`ANALYSES` that names the module and what can be asked. Modules are imported when they are used, so
that help appears at once.
"""

from dataclasses import replace

from yanzhen.report.analyses.analysis import Analysis, Ask

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
            shown_usual="the last with output 最近有产值的年份",
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

    方案违反底线的不予通过（退出码 1），或以 --repair 修正。
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

    以方案文件夹代替研究（STUDY）时，取该方案所属的研究。不给 --model 时，按研究现有的表算到
    尽可能深的一层，直至空间均衡。
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
FUND = Analysis(
    "fund",
    "funds",
    "yanzhen.report.analyses.fund",
    """Choose what a transfer fund should hold: where its money changes the outcome, under limits.
    转移基金：在预算与限额内选择项目，只算扶持改变了结果的部分（新增效果），并说明取舍理由。
    """,
    ("测算基金组合…", "Choosing the fund's portfolio…"),
    ("转移基金", "Fund"),
    "fund",
    asks=(
        REGION,
        Ask(
            "fund",
            "text",
            "The fund, where the study has several. 基金代码（有多只时须指明）。",
            of="result",
            asked_by="command",
            metavar="CODE",
        ),
        Ask(
            "budget",
            "number",
            "Budget in place of the fund's size, in the study's money. "
            "预算（研究的货币单位），代替基金规模。",
            of="result",
            asked_by="command",
            metavar="MONEY",
        ),
        Ask(
            "objective",
            "text",
            "What is to be added: output or jobs. 目标：output 产值，jobs 就业。",
            usual="output",
            of="result",
            asked_by="command",
            metavar="WHAT",
            shown_usual=True,
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
    needs=("funds", "projects", "products"),
    in_plan=True,
)
GOALS = Analysis(
    "goals",
    "scoreboards",
    "yanzhen.report.analyses.goals",
    """Set goals on one page: indicators of six families, how they moved, the plan, the targets.
    目标进展一览：六类指标、变动、方案与目标差距；缺数据的指标如实列出。
    """,
    ("测算目标指标…", "Measuring the indicators of goals…"),
    ("目标", "Goals"),
    "goals",
    asks=(
        Ask(
            "before",
            "text",
            "Folder of an earlier `goals` or `plan`: what was revised, what was foreseen. "
            "此前 goals 或 plan 所写的文件夹：数据修订与预测检验。",
            of="result",
            asked_by="command",
            metavar="FOLDER",
        ),
        Ask(
            "draws",
            "integer",
            "Draws of the plan, for its intervals. 方案区间的抽样次数。",
            usual=50,
            of="result",
            asked_by="command",
            least=2,
            most=2000,
            shown_usual=True,
        ),
    ),
)
TRACK = Analysis(
    "track",
    "trackings",
    "yanzhen.report.analyses.track",
    """Follow what was signed: funnel, times to production and to exit, projects at risk.
    项目跟踪：签约到投产的转化、投产与退出的时间、有风险的项目。
    """,
    ("跟踪项目…", "Following the projects…"),
    ("项目跟踪", "Projects"),
    "track",
    asks=(REGION,),
    needs=("transitions",),
    in_plan=True,
)
ANALYSES: dict[str, Analysis] = {
    each.name: each
    for each in (
        DIAGNOSIS,
        CHAIN,
        DOCKING,
        INEQUALITY,
        FINANCE,
        FUND,
        EFFECTS,
        GOALS,
        TRACK,
    )
}
"""By name. Matches of achievements are kept and asked for in ways of their own."""
