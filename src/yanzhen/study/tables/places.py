"""Tables of places: regions, sites, the distances among them."""

import dataframely as dy
import polars as pl

import yanzhen.study.columns as col

POINTS = ("county", "prefecture", "province")
SITE_LEVELS = ("national", "provincial", "municipal", "county")


class Regions(dy.Schema):
    """Regions in a hierarchy; its leaves are the regions of analysis.

    区域及其层级；没有下级的区域为分析单元。没有上级的区域（如全国 100000）承载合计数。
    """

    region = col.code(
        "Code of the region, for China of GB/T 2260", "区域代码，中国用 GB/T 2260", key=True
    )
    name_zh = col.text(
        "Name in Chinese; that in English stands for it where it is empty",
        "中文名称；空白时以英文名称代替",
    )
    name_en = col.text(
        "Name in English; that in Chinese stands for it where it is empty",
        "英文名称；空白时以中文名称代替",
    )
    macro_region = col.text(
        "Macro-region that the results are summed to", "所属大区（如东部、中部、西部、东北）"
    )
    parent = col.code(
        "Region that this one is a part of; empty at the top",
        "上级区域代码；最高一级留空",
        refers=("regions",),
    )
    longitude = col.amount(
        "Longitude of the seat, degrees east", "驻地经度，东经为正", "degrees", low=-180, high=180
    )
    latitude = col.amount(
        "Latitude of the seat, degrees north", "驻地纬度，北纬为正", "degrees", low=-90, high=90
    )
    tier = col.text(
        "Tier of the place, e.g. central city, sub-central city", "层级，如中心城市、副中心城市"
    )
    successor = col.code(
        "Region that this one was merged into; its figures before are added to the successor's",
        "并入的区域代码；合并以前的数据计入该区域",
        refers=("regions",),
    )
    successor_from = col.year(
        "First year in which the successor's figures hold this region's",
        "自该年起，其数据已含在 successor 的数据中",
    )

    @dy.rule()
    def region_has_a_name(cls) -> pl.Expr:
        """A region has a name in Chinese or in English."""
        return pl.any_horizontal(pl.col("name_zh", "name_en").is_not_null())


class Sites(dy.Schema):
    """Sites that enterprises can move to: parks, zones, or a region as a whole.

    A region without a site of its own remains a destination as a whole, unless `sites = "all"`
    under `[coverage]` in `study.toml` says that only the listed ones are.

    承接地：园区、开发区，或整个区域。没有列出承接地的区域作为一个整体仍可承接；如只有列出的承接地可以承接，
    在 `study.toml` 的 `[coverage]` 中写明 `sites = "all"`。
    """

    site = col.code("Code of the site", "承接地代码", key=True)
    region = col.code(
        "Region in which the site lies", "所在区域代码", required=True, refers=("regions",)
    )
    name_zh = col.text("Name in Chinese", "中文名称")
    name_en = col.text("Name in English", "英文名称")
    longitude = col.amount(
        "Longitude, degrees east", "经度，东经为正", "degrees", low=-180, high=180
    )
    latitude = col.amount("Latitude, degrees north", "纬度，北纬为正", "degrees", low=-90, high=90)
    point = col.choice(
        "What the longitude and latitude are of, where not of the site itself",
        "经纬度所指（不是承接地本身时）：county 县级区划中心，prefecture 地级区划中心，"
        "province 省级区划驻地",
        POINTS,
    )
    prefecture = col.code(
        "Prefecture in which the site lies, GB/T 2260", "所在地级区划代码（GB/T 2260）"
    )
    county = col.code("County in which the site lies, GB/T 2260", "所在县级区划代码（GB/T 2260）")
    level = col.choice(
        "Level of government that approved the site",
        "批准级别：national 国家级，provincial 省级，municipal 市级，county 县级",
        SITE_LEVELS,
    )
    kind = col.text("Kind of site, e.g. national development zone", "类型，如国家级经开区")
    approved = col.text("Month of approval, or months separated by /", "批准时间，多个以 / 分隔")
    area = col.amount("Area that was approved, free or not", "批准面积，不论是否可用", "area")
    leading_industries = col.text(
        "Leading industries in the words of the source", "主导产业，按来源原文"
    )
    industries = col.codes(
        "Industries of the study that the leading industries stand for, separated by ;",
        "主导产业所对应的本研究行业代码，以 ; 分隔",
        refers=("industries",),
    )
    manager = col.text("Who manages the site", "管理机构")
    status = col.status()


class Distances(dy.Schema):
    """Distances, travel times and freight costs between places.

    A row given one way alone holds for both ways, and one of regions for the sites in them that
    have none. Places without a row are as far apart as their points; where a point is missing, as
    the largest distance that is known.

    地点之间的距离、时间和运费。只填一个方向的，两个方向都按它计；区域之间的行也用于其中没有单列的承接地。没有填写的按坐标计算；
    缺少坐标的，按已知的最大距离计。
    """

    origin = col.code("Place of departure", "起点代码", key=True, refers=("regions", "sites"))
    destination = col.code("Place of arrival", "终点代码", key=True, refers=("regions", "sites"))
    kilometres = col.amount("Distance", "距离", "kilometres")
    hours = col.amount("Travel time of freight", "货运时间", "hours")
    freight_cost = col.amount(
        "Cost of freight as a share of the value of the goods", "运费占货值的份额", "share"
    )
    status = col.status()


class FactorPrices(dy.Schema):
    """Prices of factors of production in a region: wages, electricity, land.

    They act in payoffs by what each industry uses of the factor for a unit of output (`activity`,
    `enterprises`, `intensities`). Prices of the year nearest to the last one count; a region
    without a price takes that of the region above it, otherwise it neither draws nor repels.

    区域的生产要素价格：工资、电价、地价。按各行业单位产出的要素用量（`activity`、`enterprises`、
    `intensities`）计入转移收益。取最接近末年的年份；没有价格的区域取上级区域的价格，仍没有的既不加分也不减分。
    """

    place = col.code("Region or site", "区域或承接地代码", key=True, refers=("regions", "sites"))
    factor = col.code(
        "Factor: wage, electricity or land", "要素：wage 工资，electricity 电，land 土地", key=True
    )
    year = col.year("Year of the price", "年份", key=True)
    price = col.amount("Price of one unit of the factor", "单位要素价格", "per_row")
    unit = col.text(
        "Unit of the price: CNY per person-year, CNY per kWh, 10,000 CNY per mu (paid once)",
        "价格单位，如元/人·年、元/千瓦时、万元/亩（一次性）",
    )
    status = col.status()


class Catalogue(dy.Schema):
    """Catalogues of industries: what a place gives priority to, restricts, no longer takes.

    产业目录：某地优先承接、限制或不再承接的产业。
    """

    place = col.code("Region or site", "区域或承接地代码", key=True, refers=("regions", "sites"))
    industry = col.code("Industry", "行业代码", key=True, refers=("industries",))
    listing = col.choice(
        "Listing of the industry at the place",
        "目录类别：priority 优先承接，restricted 限制，no_longer_undertaken 不再承接",
        ("priority", "restricted", "no_longer_undertaken"),
        key=True,
    )
    rule = col.code(
        "Rule that the listing rests on", "依据的规则", required=True, refers=("rules",)
    )
