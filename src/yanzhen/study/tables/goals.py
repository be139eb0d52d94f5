"""Tables of what became of goals and of what was signed."""

import dataframely as dy

import yanzhen.study.columns as col

FAMILIES = (
    "policy_environment",
    "undertaking_capacity",
    "comparative_advantage",
    "global_factors",
    "layout",
    "regional_synergy",
)
DIRECTIONS = ("up", "down")
STATES = (
    "signed",
    "started",
    "in_production",
    "at_capacity",
    "stalled",
    "moved_away",
    "closed",
)
"""States of a project."""
OTHER_EVENTS = ("increase", "funds", "owner")
"""What happens to a project and changes no state."""


class GoalIndicators(dy.Schema):
    """Indicators of one's own for the scoreboard, beside those that come with Yanzhen.

    自定义的目标指标，与系统自带指标并列。
    """

    indicator = col.code("Code of the indicator", "指标代码", key=True)
    family = col.choice(
        "Family that it belongs to",
        "所属类别：policy_environment 政策环境，undertaking_capacity 承接能力，"
        "comparative_advantage 比较优势，global_factors 全球要素，layout 产业布局，"
        "regional_synergy 区域协同",
        FAMILIES,
        required=True,
    )
    name_zh = col.text("Name in Chinese", "中文名称")
    name_en = col.text("Name in English", "英文名称")
    formula = col.text(
        "Formula over the study's tables, e.g. total(activity.output, region='340000')",
        "以研究各表计算的公式，如 total(activity.output, region='340000')",
        required=True,
    )
    unit = col.text("Unit; empty = a pure number", "单位；空白即无量纲")
    direction = col.choice(
        "Whether more of it is wanted, or less; empty = neither",
        "期望方向：up 越高越好，down 越低越好；空白即无方向",
        DIRECTIONS,
    )
    body = col.text("Body responsible", "责任单位")
    source = col.text("Where its definition is from", "定义的出处")
    definition_zh = col.text("Definition in Chinese", "中文定义")
    definition_en = col.text("Definition in English", "英文定义")


class Transitions(dy.Schema):
    """What became of projects: dated transitions, in the order in which they were entered.

    Rows are only appended. A project is in the state of its latest row of a state; region, industry
    and owner hold until a later row of the project says otherwise. Funds of one project and day
    stand in one row.

    项目进展：按登记顺序排列、只增不改的状态变动记录。项目的当前状态为其最近一次状态；
    区域、行业和投资方沿用至该项目后来的记录另有说明为止。同一项目同一天到位的资金合为一行。
    """

    project = col.code("Code of the project", "项目代码", key=True)
    date = col.date("Day of the transition", "日期", key=True)
    event = col.choice(
        "State that it enters, or what else happens",
        "进入的状态：signed 签约，started 开工，in_production 投产，at_capacity 达产，"
        "stalled 停滞，moved_away 迁出，closed 关停；"
        "或其他事项：increase 增资，funds 资金到位，owner 投资方变更",
        STATES + OTHER_EVENTS,
        key=True,
    )
    region = col.code("Region; empty = as before", "区域代码；空白即同前", refers=("regions",))
    industry = col.code(
        "Industry; empty = as before", "行业代码；空白即同前", refers=("industries",)
    )
    owner = col.text("Owner; empty = as before", "投资方；空白即同前")
    amount = col.amount(
        "Capital signed, capital added, or funds that arrived",
        "签约资金、增资额或到位资金",
        "money",
    )
    followed_from = col.date(
        "Day from which the project is followed, where that is after its first row",
        "开始跟踪的日期（晚于首条记录时填写）",
    )
    source = col.text("Where it is from", "出处")
    status = col.status()
