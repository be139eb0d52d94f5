"""Tables of what governments set: rules, policies, agreements, targets; and the parameters."""

import dataframely as dy
import polars as pl

import yanzhen.study.columns as col

INSTRUMENTS = (
    "subsidy_per_output",
    "subsidy_per_job",
    "subsidy_per_land",
    "subsidy_per_energy",
    "tax",
    "tax_per_emission",
    "cap",
    "price_floor",
    "relocation_aid",
)

HOSTS = ("regions", "sites")


class Rules(dy.Schema):
    """Rules that gates, catalogues and policies cite.

    准入、目录和政策所引用的规则。
    """

    rule = col.code("Code of the rule", "规则代码", key=True)
    title_zh = col.text("Title in Chinese", "中文标题")
    title_en = col.text("Title in English", "英文标题")
    article = col.text("Article", "条款")
    source = col.text("Where it is published", "出处")
    condition = col.text("Condition under which it applies", "适用条件")
    valid_from = col.date("Day from which it is valid", "生效日期")
    valid_to = col.date("Last day on which it is valid", "失效日期")

    @dy.rule()
    def rule_begins_before_it_ends(cls) -> pl.Expr:
        """A rule ends after it begins."""
        return pl.col("valid_from") <= pl.col("valid_to")


class Policies(dy.Schema):
    """Policy instruments: subsidies, taxes, caps, price floors, aid.

    政策工具：补贴、税收、上限、最低价、迁移补助。
    """

    policy = col.code("Code of the policy", "政策代码", key=True)
    place = col.code(
        "Region or site; empty = everywhere",
        "区域或承接地；空白即各地",
        refers=("regions", "sites"),
    )
    industry = col.code("Industry; empty = all", "行业；空白即全部", refers=("industries",))
    instrument = col.choice(
        "Instrument",
        "工具：subsidy_per_output 按产出补贴，subsidy_per_job 按就业补贴，"
        "subsidy_per_land 按用地补贴，subsidy_per_energy 按用能补贴，tax 税，"
        "tax_per_emission 按排放征税，cap 上限，price_floor 最低价，relocation_aid 迁移补助",
        INSTRUMENTS,
    )
    value = col.amount("Value of the instrument", "数值", "per_row")
    unit = col.text("Unit of the value", "单位")
    from_year = col.year("First year", "起始年")
    to_year = col.year("Last year", "终止年")
    rule = col.code("Rule that it rests on", "依据的规则", refers=("rules",))

    @dy.rule()
    def policy_begins_before_it_ends(cls) -> pl.Expr:
        """A policy ends after it begins."""
        return pl.col("from_year") <= pl.col("to_year")


class Agreements(dy.Schema):
    """Agreements between a home and a host region on sharing the proceeds of a move.

    迁出地与承接地之间的合作共建、利益分享协议。
    """

    agreement = col.code("Code of the agreement", "协议代码", key=True)
    home = col.code("Region that sends", "迁出地", required=True, refers=("regions",))
    host = col.code("Region or site that receives", "承接地", required=True, refers=HOSTS)
    industry = col.code(
        "Industry that it covers; empty = all", "所涵盖的行业；空白即全部", refers=("industries",)
    )
    terms = col.text(
        "Terms: a TOML file beside the study, or the name of a scheme such as zibo",
        "条款：研究旁的 TOML 文件，或办法名，如 zibo",
        required=True,
    )
    from_year = col.year("First year", "起始年", required=True)
    notice_year = col.year("Year in which a party gives notice", "一方通知退出的年份")
    tax_kinds = col.text(
        "Taxes that are shared where the scheme leaves it open, separated by ;",
        "分享的税种（办法未写明时），以 ; 分隔",
    )
    top_up_share = col.amount(
        "Part of what is missing to the cap that is topped up, where the scheme leaves it open",
        "未达上限部分的补助比例（办法未写明时）",
        "share",
        high=1.0,
    )
    source = col.text("Where the agreement is published", "出处")


class Targets(dy.Schema):
    """Targets set by a published document; none is made up.

    公开文件提出的目标，不得虚构。
    """

    target = col.code("Code of the target", "目标代码", key=True)
    indicator = col.code("Indicator", "指标", required=True)
    region = col.code("Region", "区域代码", refers=("regions",))
    year = col.year("Year by which it is due", "目标年", required=True)
    value = col.amount("Value", "目标值", "per_row", low=None)
    source = col.text("Document that sets it", "出处", required=True)


class Parameters(dy.Schema):
    """Parameters with their interval, and their source or the word `assumption`.

    参数及其区间，以及来源（无来源者写 assumption，即假定）。
    """

    parameter = col.code("Name of the parameter", "参数名", key=True)
    value = col.amount("Value", "数值", "per_row", required=True, low=None)
    unit = col.text("Unit", "单位", required=True)
    low = col.amount("Lower end of the interval", "区间下限", "per_row", low=None)
    high = col.amount("Upper end of the interval", "区间上限", "per_row", low=None)
    source = col.text("Citation, or assumption", "文献出处，或 assumption（假定）", required=True)
    note_zh = col.text("Note in Chinese", "中文说明")
    note_en = col.text("Note in English", "英文说明")

    @dy.rule()
    def low_at_most_value(cls) -> pl.Expr:
        """The interval holds the value."""
        return pl.col("low") <= pl.col("value")

    @dy.rule()
    def value_at_most_high(cls) -> pl.Expr:
        """The interval holds the value."""
        return pl.col("value") <= pl.col("high")


class ParameterCovariance(dy.Schema):
    """Covariances of estimated parameters.

    估计参数的协方差。
    """

    parameter_a = col.code("First parameter", "参数一", key=True, refers=("parameters",))
    parameter_b = col.code("Second parameter", "参数二", key=True, refers=("parameters",))
    covariance = col.amount("Covariance", "协方差", "per_row", low=None)

    @dy.rule()
    def variance_not_negative(cls) -> pl.Expr:
        """The covariance of a parameter with itself is its variance."""
        return (pl.col("covariance") >= 0) | (pl.col("parameter_a") != pl.col("parameter_b"))


class Accepted(dy.Schema):
    """Figures that were looked at and found right; checks of magnitude leave them alone.

    经核对属实的数据；数量级检查不再询问。
    """

    table = col.code("Table of the figure", "数据所在的表", key=True)
    cell = col.code(
        "Key of its row, joined by ; such as 640000;45;2006, or a year alone for all of it",
        "该行主键，以 ; 连接，如 640000;45;2006；只填年份即该年全部",
        key=True,
    )
    column = col.code("Column of the figure", "数据所在的列", key=True)
    reason = col.text("Why it is right, or its source", "属实的理由或出处", required=True)
