"""Tables of finance: products on offer, and how the infrastructure of parks is paid for."""

from typing import Any

import dataframely as dy
import polars as pl

import yanzhen.study.columns as col

KINDS = ("loan", "guarantee", "supply_chain", "lease", "equity", "reit", "performance")
PROVIDERS = ("lender", "guarantor", "reguarantor", "investor", "fund", "treasury")
DAY_COUNTS = ("30/360", "ACT/360", "ACT/365F")
CONVENTIONS = ("unadjusted", "following", "modified_following", "preceding")
WORKS = ("land", "levelling", "factories", "other_works")
YEARLY = ("rent", "operating")
DEBTS = ("special_bond", "loan")
GIVEN = ("equity", "grant")
PARK_KINDS = (*WORKS, "rent", "land_sales", "operating", *DEBTS, *GIVEN, "reserve")
LIMITED = ("year", "region", "industry", "product", "aid")
HIGHEST_RATE = 0.5
"""Interest, fees and yields a year beyond which a per cent was meant."""

_DAY = r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"


def _rate(en: str, zh: str, low: float = 0.0) -> dy.Float64:
    return col.amount(en, zh, "share", low=low, high=HIGHEST_RATE)


def _part(en: str, zh: str) -> dy.Float64:
    return col.amount(en, zh, "share", high=1.0)


def _months(en: str, zh: str, **limits: Any) -> dy.Int64:
    return col.integer(en, zh, "number", **limits)


class Products(dy.Schema):
    """Financial products that are on offer to projects, one row a product.

    Shares are written as 0.0435, never as 4.35. A column that the kind of product has no use for
    stays empty; `docs/en/explanation/finance.md` lists which it needs. A cell that is left empty
    has the usual value that stands in its description.

    可供项目选用的金融产品，每个产品一行。比例写作 0.0435，不写 4.35。
    该类产品用不到的列留空，各类所需的列见 `docs/zh/explanation/finance.md`；
    空白单元格取说明中的常用值。
    """

    product = col.code("Code of the product", "产品代码", key=True)
    name_zh = col.text("Name in Chinese", "中文名称")
    name_en = col.text("Name in English", "英文名称")
    kind = col.choice(
        "Kind of product",
        "产品类别：loan 转移贷款，guarantee 担保与再担保，supply_chain 供应链融资，lease 设备租赁，"
        "equity 股权，reit 园区不动产信托，performance 与绩效挂钩的扶持",
        KINDS,
        required=True,
    )
    provider = col.choice(
        "Whose money or promise it is; usually the lender, of a guarantee the guarantor, of a "
        "stake the fund, of a REIT the investor, of support the treasury",
        "出资方或承诺方：lender 贷款人（出租人），guarantor 担保人，reguarantor 再担保人，"
        "investor 投资人，fund 基金，treasury 财政；空白即该类产品的通常一方",
        PROVIDERS,
    )
    financed_share = _part(
        "Part of a project's investment that it finances; usually all",
        "占项目投资额的比例；空白即全部",
    )
    rate = _rate(
        "Nominal interest a year; of a lease implicit in the rents, of a stake that of the "
        "buy-back, of support that on what is repaid",
        "名义年利率；租赁为租金内含利率，股权为回购年息，扶持为退还部分的利率",
    )
    tenor_months = _months(
        "Months until the last payment; of supply-chain finance those of one receivable",
        "期限（月）；供应链融资为一笔应收账款的期限",
        low=1,
        high=600,
    )
    payments_per_year = _months(
        "Payments a year: 1, 2, 4 or 12, usually 12", "每年还款次数：1、2、4 或 12，空白即 12",
        low=1, high=12,
    )  # fmt: skip
    repayment = col.choice(
        "How the principal is repaid; usually by level payments",
        "还本方式：annuity 等额本息（通常），equal_principal 等额本金，bullet 到期一次还本",
        ("annuity", "equal_principal", "bullet"),
    )
    grace_months = _months("First months in which only interest is paid", "宽限期（月），只付息")
    fee = _rate(
        "Fee at the start, share of the amount; of supply-chain finance of each receivable's face",
        "一次性手续费率，占金额；供应链融资为占每笔应收账款面额",
    )
    interest_subsidy = _part("Part of the interest that the treasury pays", "财政贴息占利息的比例")
    guarantee_fee = _rate(
        "Guarantee fee a year on the guaranteed balance", "年担保费率，按担保余额计"
    )
    cover = _part("Part of a default that the guarantor pays; usually all", "担保比例；空白即全额")
    fee_subsidy = _part(
        "Part of the guarantee fee that the treasury pays", "财政补助占担保费的比例"
    )
    reguarantor = col.choice(
        "Who stands behind the guarantor; usually a reguarantor",
        "再担保方：reguarantor 再担保人（通常），fund 基金，treasury 财政",
        ("reguarantor", "fund", "treasury"),
    )
    reguarantee_share = _part(
        "Part of the guarantor's payment that the reguarantor bears", "再担保分担比例"
    )
    reguarantee_fee = _part("Part of the guarantee fee passed on to it", "再担保费占担保费的比例")
    turns = _months(
        "Receivables financed one after the other; usually 1", "连续融资的应收账款笔数；空白即 1",
        low=1, high=600,
    )  # fmt: skip
    advance_share = _part(
        "Part of a receivable that is advanced; usually 0.8", "融资比例；空白即 0.8"
    )
    interest_paid = col.choice(
        "When interest on an advance is paid; usually at maturity",
        "付息时间：at_maturity 到期（通常），in_advance 预扣",
        ("at_maturity", "in_advance"),
    )
    recourse = _part(
        "Part of what the buyer fails to pay that the enterprise makes good",
        "追索比例：买方不付时由企业补足的部分",
    )
    rent_in_advance = col.flag(
        "Whether rents are paid at the start of each period", "租金是否期初付"
    )
    down_payment = _part("Down payment, share of the price", "首付比例")
    deposit = _part("Deposit returned at the end, share of the price", "保证金比例，期末退还")
    residual = _part("Price of purchase at the end, share of the price", "期末留购价占设备价的比例")
    exit = col.choice(
        "How a stake is left",
        "退出方式：buyback 企业回购，sale 出售给市场",
        ("buyback", "sale"),
    )
    dividend_rate = _rate(
        "Dividends expected a year, share of the amount", "预期年分红占出资额的比例"
    )
    exit_multiple = col.amount(
        "Price of the sale, times the amount",
        "出售价格相当于出资额的倍数",
        "number",
        high=1000.0,
    )
    concession = _part("Part of the gain on leaving that is given up", "退出时让利占增值的比例")
    first_yield = _rate(
        "Net income of the first year, share of the issue", "首年净收益率，占发行额"
    )
    growth = _rate("Growth of that income a year", "净收益年增长率", low=-HIGHEST_RATE)
    payout = _part("Part of the income distributed; usually 0.9", "分派比例；空白即 0.9")
    management_fee = _part("Part of the income for the manager", "管理费占净收益的比例")
    retained = _part("Part of the units that the park keeps", "园区自持份额")
    exit_yield = _rate(
        "Income to price of the units at the end; empty = they are worth nothing then",
        "期末收益与价格之比；空白即届时无残值",
    )
    measure = col.choice(
        "What support depends on", "扶持所挂钩的指标：jobs 就业，output 产出", ("jobs", "output")
    )
    achieved = col.amount(
        "Expected, share of the target; usually 1", "预期完成目标的比例；空白即 1", "share",
        high=10.0,
    )  # fmt: skip
    tolerance = _part(
        "Shortfall up to which nothing is repaid, share of the target",
        "免于退还的缺口，占目标的比例",
    )
    clawback = col.amount(
        "Repaid per unit of shortfall, share of the support; usually 1",
        "每单位缺口退还扶持的比例；空白即 1",
        "share",
        high=10.0,
    )
    market_rate = _rate(
        "What the market asks a year for the like without support; empty = as the parameters say",
        "无扶持时市场对同类融资要求的年利率；空白即取参数",
    )
    default_rate = _part(
        "Part of those alive that default in a year", "年违约率：每年初存续者中当年违约的比例"
    )
    recovery = _part("Part of what is owed that is recovered", "违约后的回收比例")
    recovery_lag_months = _months(
        "Months from the end of the year of default to recovery", "违约年末至回收的月数", high=240
    )
    day_count = col.choice("Day count; usually 30/360", "计息天数惯例；空白即 30/360", DAY_COUNTS)
    convention = col.choice(
        "What happens to a payment on a day of rest; usually nothing",
        "付款日遇休息日：unadjusted 不调整（通常），following 顺延，"
        "modified_following 顺延但不跨月，preceding 提前",
        CONVENTIONS,
    )
    holidays = col.codes(
        "Days of rest beside Saturdays and Sundays, separated by ;",
        "周六、周日以外的休息日，以 ; 分隔",
        pattern=_DAY,
    )
    status = col.status()


class ParkFinance(dy.Schema):
    """What a park's infrastructure costs, what pays for it and who stands first, one row an item.

    Works, land sales and what is drawn are spread evenly over `from_year` to `to_year`; rents and
    operating cost are amounts of each of these years. Bonds and loans are repaid from the year
    after `to_year` on, those of a lower rank first.

    园区基础设施的投入、资金来源与偿付次序，每项一行。工程、土地出让和各项资金在
    `from_year` 至 `to_year` 间平均分摊；租金和运营成本为其间每年的金额。
    债券与贷款自 `to_year` 次年起偿还，`rank` 小者优先。
    """

    site = col.code("Park", "园区（承接地）代码", key=True, refers=("sites",))
    item = col.code("Code of the item", "项目代码", key=True)
    kind = col.choice(
        "What it is",
        "类别：land 土地，levelling 平整，factories 厂房，other_works 其他工程，rent 租金，"
        "land_sales 土地出让，operating 运营成本，special_bond 专项债券，loan 贷款，equity 资本金，"
        "grant 补助，reserve 偿债准备金",
        PARK_KINDS,
        required=True,
    )
    amount = col.amount(
        "Amount: in all; of rent at full lease and of operating cost each year",
        "金额：合计；租金（全部出租时）与运营成本为每年",
        "money",
    )
    from_year = col.year("First year", "起始年")
    to_year = col.year("Last year; empty = the first", "终止年；空白即起始年")
    lease_up_years = col.integer(
        "Years until all is let, in equal steps; usually 1", "招租期（年），逐年等步；空白即 1",
        "years", low=1, high=50,
    )  # fmt: skip
    rate = _rate("Interest a year of a bond or loan", "债券或贷款的年利率")
    tenor_years = col.integer(
        "Years from the last drawing to the last repayment", "自最后提款至还清的年数", "years",
        low=1, high=60,
    )  # fmt: skip
    grace_years = col.integer(
        "Of these, years in which only interest is paid", "其中只付息的年数", "years"
    )
    rank = col.integer(
        "Order of payment: 1 before 2; different for each bond or loan",
        "偿付次序：1 先于 2，各笔不同",
        "number", low=1, high=99,
    )  # fmt: skip
    reserve_share = col.amount(
        "Reserve kept, share of the next year's debt service", "准备金占次年还本付息额的比例",
        "share", high=2.0,
    )  # fmt: skip
    status = col.status()

    @dy.rule()
    def item_begins_before_it_ends(cls) -> pl.Expr:
        """An item ends after it begins."""
        return pl.col("from_year") <= pl.col("to_year")


class FundLimits(dy.Schema):
    """What a fund must keep to beside its size, one row a limit.

    A year's limit is on what the fund pays out in it. Without a row there is no limit.

    基金除规模外须遵守的限额，每项一行。年度限额针对当年支出；没有列出的不设限。
    """

    fund = col.code("Code of the fund", "基金代码", key=True, refers=("funds",))
    kind = col.choice(
        "What is limited",
        "限额对象：year 年度支出，region 投向区域，industry 投向行业，product 产品，"
        "aid 某区域项目的扶持强度",
        LIMITED,
        key=True,
    )
    of = col.code(
        "The year, region, industry or product; of `aid` the region",
        "年份、区域、行业或产品代码；aid 为区域代码",
        key=True,
    )
    least = col.amount("Least that goes there", "下限", "money")
    most = col.amount("Most that goes there", "上限", "money")
    most_share = col.amount(
        "Most as a share of the fund's size; of `aid`, of what support is worth in a project's "
        "investment",
        "上限占基金规模的比例；aid 为扶持价值占项目投资额的比例",
        "share",
        high=1.0,
    )

    @dy.rule()
    def least_below_most(cls) -> pl.Expr:
        """The least is not above the most."""
        return pl.col("least") <= pl.col("most")
