"""Tables of enterprises: room at the sites, moves seen, projects and who finances them."""

import dataframely as dy

import yanzhen.study.columns as col

ABROAD = "abroad"
RESOURCES = ("output", "land", "jobs", "energy", "emissions")
"""What room is counted in, and what a cap or a price floor may hold down or up."""
RENT_RECIPIENTS = ("site", "locality", "province", "state", "none")


class Resources(dy.Schema):
    """Room for newcomers at a site, or in a region for all sites below it.

    A place without a row keeps the room of the past, unless `resources = "all"` under `[coverage]`
    in `study.toml` says that it is not limited. What counts as a row of a place is one of it, of
    its region, or of the output room of a region above. With output of a single year the past
    shows no room, and such a place is not limited.

    承接空间：某承接地，或某区域内全部承接地合计的容量与价格。没有列出的承接地沿用以往的空间；如其不受限，
    在 `study.toml` 的 `[coverage]` 中写明 `resources = "all"`。某承接地自身、其所在区域有一行，
    或其上级区域有产出空间一行，即为已列出。只有单一年份的产值时，以往显示不出空间，没有列出的不受限。
    """

    place = col.code(
        "Site, or region standing for all sites in it",
        "承接地代码，或代表其内全部承接地的区域代码",
        key=True,
        refers=("sites", "regions"),
    )
    resource = col.choice(
        "Resource",
        "资源：output 产出空间，land 土地，jobs 就业，energy 能源，emissions 排放",
        RESOURCES,
        key=True,
    )
    capacity = col.amount(
        "Room for newcomers; empty = only accounted, not limited",
        "可供新进入者使用的容量；空白即只核算、不设限",
        "per_resource",
    )
    posted_price = col.amount(
        "Price asked per unit of the resource and year", "每单位资源每年的挂牌价", "money_per_unit"
    )
    price_floor = col.amount(
        "Price below which the resource may not be sold", "最低价", "money_per_unit"
    )
    rent_recipient = col.choice(
        "Who receives the scarcity rent",
        "稀缺租金归属：site 承接地，locality 地方，province 省，state 国家，none 无",
        RENT_RECIPIENTS,
    )
    one_off = col.flag("Whether the price is paid once, not each year", "价格是否一次性支付")
    status = col.status()


class Enterprises(dy.Schema):
    """Enterprises, or blocks of like enterprises with a count.

    What `activity` holds beyond them, of the same cells and of others, moves as blocks of region
    and industry, unless `enterprises = "all"` under `[coverage]` in `study.toml` says that nobody
    else moves. One whose output is not known stays in its cell's block.

    企业，或同类企业的组（count 为户数）。`activity` 中此外的产值，不论同一区域行业或别处，
    按区域与行业成组参与转移；如此外无人转移，在 `study.toml` 的 `[coverage]` 中写明
    `enterprises = "all"`。产值未知的企业计入所在组。
    """

    enterprise = col.code("Code of the enterprise or block", "企业或企业组代码", key=True)
    industry = col.code("Industry", "行业代码", required=True, refers=("industries",))
    origin = col.code(
        "Region where it is now, or abroad",
        "现在所在区域；abroad 为境外",
        required=True,
        refers=("regions",),
        also=(ABROAD,),
    )
    count = col.integer(
        "Enterprises in the block; 1 = a single enterprise",
        "组内企业数；1 即单个企业",
        "number",
        required=True,
        low=1,
    )
    size_class = col.text("Size class", "规模类型")
    output = col.amount("Output of one enterprise in a year", "单个企业年产出", "money")
    spare_output = col.amount(
        "Output that one enterprise could add for new buyers in a year",
        "单个企业每年可为新客户增供的产出",
        "money",
    )
    land = col.amount("Land that one enterprise needs", "单个企业用地", "area")
    jobs = col.amount("Jobs at one enterprise", "单个企业就业", "persons")
    energy = col.amount("Energy that one enterprise uses in a year", "单个企业年能耗", "energy")
    emissions = col.amount(
        "Carbon dioxide that one enterprise emits in a year", "单个企业年排放", "emissions"
    )
    name_zh = col.text("Name in Chinese", "中文名称")
    name_en = col.text("Name in English", "英文名称")
    status = col.status()


class Moves(dy.Schema):
    """Moves that were observed.

    The table covers the years from its first row to its last, or from `moves_from` to `moves_to`
    under `[coverage]` in `study.toml`; what has no row in these years moved nothing.

    已观测到的转移。本表覆盖首行至末行的年份，或 `study.toml` 的 `[coverage]` 中 `moves_from` 至
    `moves_to` 的年份；其间没有记录的，视为没有转移。
    """

    move = col.code("Code of the move", "转移记录代码", key=True)
    industry = col.code("Industry", "行业代码", required=True, refers=("industries",))
    origin = col.code(
        "Region left, or abroad",
        "迁出区域；abroad 为境外",
        required=True,
        refers=("regions",),
        also=(ABROAD,),
    )
    destination = col.code(
        "Region or site moved to, or abroad",
        "迁入区域或承接地；abroad 为境外",
        required=True,
        refers=("regions", "sites"),
        also=(ABROAD,),
    )
    year = col.year("Year of the move", "年份", required=True)
    output = col.amount("Output moved, per year", "转移的年产出", "money")
    employment = col.amount("Persons employed in it", "转移的就业", "persons")
    count = col.integer("Number of enterprises", "企业数", "number")
    mode = col.text("How it moved, e.g. whole, branch, co-construction", "方式，如整体、分支、共建")
    status = col.status()


class Projects(dy.Schema):
    """Projects that seek finance, and the products that each is offered.

    A REIT is offered to the project that stands for the park itself.

    寻求融资的项目，以及各项目可选用的金融产品。不动产信托由代表园区自身的项目选用。
    """

    project = col.code("Code of the project", "项目代码", key=True)
    origin = col.code(
        "Region that the project comes from, or abroad",
        "项目来源区域；abroad 为境外",
        refers=("regions",),
        also=(ABROAD,),
    )
    site = col.code(
        "Site of the project, or a region without sites of its own",
        "承接地代码，或没有单列承接地的区域",
        refers=("sites", "regions"),
    )
    industry = col.code("Industry", "行业代码", refers=("industries",))
    output = col.amount("Expected output in a year", "预期年产出", "money")
    jobs = col.amount("Expected jobs", "预期就业", "persons")
    investment = col.amount("Investment needed", "投资额", "money")
    start = col.date("Day on which it is financed", "融资起始日")
    products = col.codes(
        "Products that it is offered, separated by ;",
        "可选用的金融产品代码，以 ; 分隔",
        refers=("products",),
    )
    fund = col.code("Fund that finances it", "出资基金代码", refers=("funds",))
    status = col.status()


class Funds(dy.Schema):
    """Funds for industrial transfer.

    产业转移基金。
    """

    fund = col.code("Code of the fund", "基金代码", key=True)
    name_zh = col.text("Name in Chinese", "中文名称")
    name_en = col.text("Name in English", "英文名称")
    size = col.amount("Size of the fund", "规模", "money")
    manager = col.text("Manager", "管理人")
    region = col.code("Region that it serves", "服务区域", refers=("regions",))
    horizon_years = col.integer("Years until it is wound up", "存续期", "years")
