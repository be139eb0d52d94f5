"""Tables of technology: achievements offered, what enterprises need, who incubates."""

import dataframely as dy
import polars as pl

import yanzhen.study.columns as col

LANGUAGES = ("zh", "en")
LOWEST_READINESS, HIGHEST_READINESS = 1, 9

# A section, a class, a subclass or a group of the International Patent Classification.
_PATENT_CLASS = r"[A-H]([0-9]{2}([A-Z]( ?[0-9]{1,4}/[0-9]{2,6})?)?)?"


def _language() -> dy.String:
    return col.choice(
        "Language of title and text; empty = told from their letters",
        "标题和正文的语言：zh 中文，en 英文；空白则按文字判断",
        LANGUAGES,
    )


def _patent_classes() -> dy.String:
    return col.codes(
        "Patent classes (IPC), such as H01M 10/54;C22B 26/12",
        "专利分类号（IPC），如 H01M 10/54;C22B 26/12",
        pattern=_PATENT_CLASS,
    )


def _readiness(en: str, zh: str) -> dy.Int64:
    return col.integer(en, zh, "number", low=LOWEST_READINESS, high=HIGHEST_READINESS)


class Technologies(dy.Schema):
    """Scientific and technological achievements offered for transfer.

    可供转移转化的科技成果。
    """

    technology = col.code("Code of the achievement", "成果代码", key=True)
    title = col.text("Title", "标题", required=True)
    abstract = col.text("Abstract", "摘要")
    language = _language()
    ipc = _patent_classes()
    trl = _readiness("Technology readiness level, 1 to 9", "技术成熟度，1 至 9 级")
    owner = col.text("Owner", "持有人")
    region = col.code("Region of the owner", "持有人所在区域", refers=("regions",))
    industry = col.code("Industry that would use it", "适用行业", refers=("industries",))
    licences = col.integer(
        "Users it can be licensed to; empty = 1, exclusive",
        "可许可的用户数；空白即 1，独占许可",
        "number",
        low=1,
    )
    status = col.status()


class TechnologyNeeds(dy.Schema):
    """Technology that enterprises look for.

    企业的技术需求。
    """

    need = col.code("Code of the need", "需求代码", key=True)
    title = col.text("Title", "标题", required=True)
    text = col.text("What is needed, in full", "需求详情")
    language = _language()
    enterprise = col.text("Enterprise that has the need", "提出需求的企业")
    region = col.code("Region of the enterprise", "企业所在区域", refers=("regions",))
    industry = col.code("Industry of the enterprise", "企业所属行业", refers=("industries",))
    ipc = _patent_classes()
    trl_low = _readiness(
        "Lowest technology readiness level that is accepted", "可接受的最低技术成熟度"
    )
    status = col.status()


class Incubators(dy.Schema):
    """Places that bring achievements to maturity: incubators, pilot lines, reverse enclaves.

    孵化载体：孵化器、中试基地、反向飞地等。
    """

    incubator = col.code("Code of the incubator", "孵化载体代码", key=True)
    title = col.text("Name", "名称", required=True)
    text = col.text("What it works on and looks for", "方向与征集内容")
    language = _language()
    region = col.code("Region in which it stands", "所在区域", required=True, refers=("regions",))
    home_region = col.code(
        "Region that owns it and receives what it brings forth; empty = where it stands",
        "所属区域，即成果落地的区域；空白即所在区域（反向飞地两者不同）",
        refers=("regions",),
    )
    stage_low = _readiness("Lowest readiness level taken in", "接收的最低技术成熟度")
    stage_high = _readiness("Highest readiness level taken in", "接收的最高技术成熟度")
    capacity = col.integer(
        "Achievements it can take in over the plan; empty = not limited",
        "规划期内可接收的成果数；空白即不设限",
        "number",
    )
    industries = col.codes("Industries it works for", "服务的行业代码", refers=("industries",))
    contract = col.text(
        "Sharing terms: a preset of co-construction, or a code of the table agreements",
        "利益分享条款：共建预设名，或表 agreements 中的代码",
    )
    status = col.status()

    @dy.rule()
    def stage_low_at_most_high(cls) -> pl.Expr:
        """The stages an incubator takes in are an interval."""
        return pl.col("stage_low") <= pl.col("stage_high")
