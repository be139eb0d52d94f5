"""Tables of the economy: industries, their activity by region, accounts, trade, investment."""

import dataframely as dy
import polars as pl

import yanzhen.study.columns as col

SECTORS = (
    "agriculture",
    "mining",
    "manufacturing",
    "utilities",
    "construction",
    "producer_services",
    "other_services",
)
CLASSES = ("labour", "capital", "technology", "resource", "energy")
INTENSITIES = ("jobs", "land", "energy", "electricity", "emissions")
ANY_ORIGIN = "any"
ORIGINS = ("domestic", "imported", ANY_ORIGIN, "value_added")
VALUE_ADDED_PARTS = ("compensation", "taxes", "depreciation", "surplus")
FINAL_USES = ("consumption", "capital_formation", "exports", "statistical_error")


class Industries(dy.Schema):
    """Industries of the study; those of the sector manufacturing without parts may move.

    行业分类；sector 为 manufacturing 且没有下级的行业可以转移。
    """

    industry = col.code(
        "Code of the industry in the declared classification",
        "行业代码，按 study.toml 所声明的分类（如 GB/T 4754-2017）",
        key=True,
    )
    name_zh = col.text(
        "Name in Chinese; that in English stands for it where it is empty",
        "中文名称；空白时以英文名称代替",
    )
    name_en = col.text(
        "Name in English; that in Chinese stands for it where it is empty",
        "英文名称；空白时以中文名称代替",
    )
    division = col.text(
        "Divisions of the statistical classification that the industry covers, e.g. C13-C16",
        "对应的国民经济行业门类、大类，如 C13-C16",
    )
    parent = col.code(
        "Industry that this one is a part of, in tables that don't tell the parts apart",
        "上级行业代码；用于未细分该行业的表，一般留空",
        refers=("industries",),
    )
    sector = col.choice(
        "Sector of the economy",
        "部门：agriculture 农业，mining 采矿业，manufacturing 制造业，utilities 水电气，"
        "construction 建筑业，producer_services 生产性服务业，other_services 其他服务业",
        SECTORS,
        required=True,
    )
    # `class` is a word of the language, hence the alias.
    factor_class = col.choice(
        "Factor that the industry uses most intensively; empty where none",
        "要素密集类型：labour 劳动，capital 资本，technology 技术，resource 资源，energy 能源；"
        "不属任何一类留空",
        CLASSES,
    ).with_alias("class")

    @dy.rule()
    def industry_has_a_name(cls) -> pl.Expr:
        """An industry has a name in Chinese or in English."""
        return pl.any_horizontal(pl.col("name_zh", "name_en").is_not_null())


class Activity(dy.Schema):
    """What each industry of each region did in each year; an empty cell is not known.

    各区域各行业各年的活动；空白表示未知，不是零。
    """

    region = col.code("Region", "区域代码", key=True, refers=("regions",))
    industry = col.code("Industry", "行业代码", key=True, refers=("industries",))
    year = col.year("Year", "年份", key=True)
    output = col.amount("Gross output in current prices", "总产出（现价）", "money")
    value_added = col.amount("Value added in current prices", "增加值（现价）", "money")
    employment = col.amount("Persons employed", "就业人数", "persons")
    tax = col.amount("Taxes paid, less refunds", "税收，扣除退税", "money", low=None)
    energy = col.amount("Energy used", "能源消费量", "energy")
    emissions = col.amount("Carbon dioxide emitted", "二氧化碳排放量", "emissions")
    enterprises = col.amount("Number of enterprises", "企业数", "number")
    output_status = col.status("output", "总产出")
    value_added_status = col.status("value added", "增加值")
    employment_status = col.status("employment", "就业人数")
    tax_status = col.status("tax", "税收")
    energy_status = col.status("energy", "能源消费量")
    emissions_status = col.status("emissions", "排放量")
    enterprises_status = col.status("the number of enterprises", "企业数")

    @dy.rule()
    def value_added_within_output(cls) -> pl.Expr:
        """Value added is a part of output; a negative output is a fault of its own."""
        return (pl.col("value_added") <= pl.col("output")) | (pl.col("output") < 0)


class Indicators(dy.Schema):
    """Figures of whole regions by year, such as `gdp` and `population`.

    区域总量指标，如地区生产总值 gdp、人口 population。
    """

    region = col.code("Region", "区域代码", key=True, refers=("regions",))
    year = col.year("Year", "年份", key=True)
    indicator = col.code("Name of the indicator, e.g. gdp", "指标名，如 gdp", key=True)
    value = col.amount("Value", "数值", "per_row", low=None)
    unit = col.text("Unit of the value; empty = the study's own", "单位；空白即本研究的单位")
    status = col.status()


class InputOutput(dy.Schema):
    """Input-output tables in long form: who supplies whom with how much.

    A region's own table often doesn't tell its purchases by origin: their origin is `any`, their
    region that of the user, and what crosses the region's border is in `trade`.

    投入产出表的长格式：供给方、使用方和金额。地区自己的表往往不区分来源：origin 填 any，
    供给区域填使用区域，进出该地区的部分填在 `trade`。
    """

    year = col.year("Year of the table", "年份", key=True)
    supplier_region = col.code("Region supplying", "供给区域", key=True, refers=("regions",))
    supplier = col.code(
        "Industry supplying, or a part of value added",
        "供给行业，或增加值项：compensation 劳动者报酬，taxes 生产税净额，"
        "depreciation 固定资产折旧，surplus 营业盈余",
        key=True,
        refers=("industries",),
        also=VALUE_ADDED_PARTS,
    )
    user_region = col.code("Region using", "使用区域", key=True, refers=("regions",))
    user = col.code(
        "Industry using, or a final use",
        "使用行业，或最终使用：consumption 消费，capital_formation 资本形成，"
        "exports 出口，statistical_error 误差",
        key=True,
        refers=("industries",),
        also=FINAL_USES,
    )
    origin = col.choice(
        "Where the supply comes from: domestic, imported, any where it isn't told apart; or that "
        "the row is value added",
        "来源：domestic 国内，imported 进口，any 不分来源，value_added 增加值",
        ORIGINS,
        key=True,
    )
    value = col.amount(
        "Value; taxes, surplus, capital formation and the statistical error may be negative",
        "金额；生产税净额、营业盈余、资本形成和误差可为负",
        "money",
        required=True,
        low=None,
    )
    status = col.status()

    @dy.rule()
    def value_added_part_for_value_added(cls) -> pl.Expr:
        """A part of value added is supplied exactly where the origin is value added."""
        return pl.col("supplier").is_in(VALUE_ADDED_PARTS) == (pl.col("origin") == "value_added")

    @dy.rule()
    def any_origin_at_the_user(cls) -> pl.Expr:
        """Supply of any origin has no region of its own, and exports go by `trade`."""
        at_home = (pl.col("supplier_region") == pl.col("user_region")) & (
            pl.col("user") != "exports"
        )
        return (pl.col("origin") != ANY_ORIGIN) | at_home

    @dy.rule()
    def flow_not_negative(cls) -> pl.Expr:
        """Only balancing items may be negative."""
        return (
            (pl.col("value") >= 0)
            | pl.col("supplier").is_in(("taxes", "surplus"))
            | pl.col("user").is_in(("capital_formation", "statistical_error"))
        )


class ForeignInvestment(dy.Schema):
    """Foreign investment received, by region, industry and year.

    利用外资，按区域、行业和年份。
    """

    region = col.code("Region", "区域代码", key=True, refers=("regions",))
    industry = col.code("Industry", "行业代码", key=True, refers=("industries",))
    year = col.year("Year", "年份", key=True)
    amount = col.amount("Foreign investment used", "实际使用外资", "money")
    projects = col.amount("Number of projects", "项目数", "number")
    status = col.status()


class Intensities(dy.Schema):
    """What a unit of an industry's output needs of a resource, where offices know it directly.

    Land and electricity of an industry, and its jobs, energy and emissions where `activity` doesn't
    tell them; what an enterprise states of itself goes first. Output per unit of the resource, such
    as output per mu, is as good.

    行业单位产出的资源需要量：用地、用电，以及 `activity` 没有的就业、能耗、排放；
    企业自己填写的优先。也可填写单位资源的产出，如亩均产值。
    """

    industry = col.code("Industry", "行业代码", key=True, refers=("industries",))
    resource = col.choice(
        "Resource",
        "资源：jobs 就业，land 土地，energy 能源，electricity 电，emissions 排放",
        INTENSITIES,
        key=True,
    )
    amount = col.amount(
        "Resource per unit of output, or output per unit of the resource",
        "单位产出的资源量，或单位资源的产出",
        "per_row",
        required=True,
    )
    unit = col.text(
        "Unit of the amount, e.g. 10,000 CNY per mu, kWh per 10,000 CNY",
        "单位，如万元/亩、千瓦时/万元",
        required=True,
    )
    source = col.text("Where it is from", "来源")
    status = col.status()


class Trade(dy.Schema):
    """Trade of regions with one another and with other countries, by industry and year.

    区域间贸易与进出口，按区域、行业和年份。
    """

    region = col.code("Region", "区域代码", key=True, refers=("regions",))
    industry = col.code("Industry", "行业代码", key=True, refers=("industries",))
    year = col.year("Year", "年份", key=True)
    outflow = col.amount(
        "Sales to all other regions of the study; negative where flows are booked net",
        "向本研究其他地区的销售（国内流出）；按净额记录的可为负",
        "money",
        low=None,
    )
    inflow = col.amount(
        "Purchases from all other regions of the study; negative where flows are booked net",
        "从本研究其他地区的购买（国内流入）；按净额记录的可为负",
        "money",
        low=None,
    )
    exports = col.amount("Exports of goods", "出口额", "money")
    imports = col.amount("Imports of goods", "进口额", "money")
    status = col.status()
