"""Make the embedded SYNTHETIC study `china-technology-synthetic`.

Usage: python scripts/make_china_technology_synthetic.py [STUDY_FOLDER]

Achievements and needs are the SYNTHETIC graded set of `yanzhen.modes.technology` (its development
half: the held-out needs stay out of sight); the incubators below are invented. Regions, industries
and the output of 2017 are carried over from the study `china-provinces`.
"""

import sys
from pathlib import Path

import polars as pl

from yanzhen.study import About, Source, Study, read_study, write_study
from yanzhen.study.tables import TABLES

PACKAGE = Path(__file__).parents[1] / "src/yanzhen"
GRADED = PACKAGE / "modes/technology/graded"
STUDY = PACKAGE / "study/examples/china_technology_synthetic"
BASE_YEAR = 2017

# Region, home where it is another, readiness taken in, places, industries, contract, name, text.
INCUBATORS = """\
140000||5-8|4|IO42-17;IO42-02||虚构太原煤机再制造中试基地|煤机再制造、表面强化、矿井瓦斯与乏风利用的工程验证
150000||6-9|4|IO42-12;IO42-14||Invented Baotou Rare-Earth Pilot Park|Rare-earth magnets, hydrogen and salt chemicals, brine and silicon recycling
210000||4-7|3|IO42-16;IO42-14||虚构沈阳智能装备中试中心|轻合金、数控刀具监测、减速器与工业视觉检测
220000||3-6|3|IO42-12;IO42-06||虚构长春生物制造孵化器|人参深加工、酶工程、生物降解材料
230000||4-8|3|IO42-06;IO42-13||Invented Harbin Graphite and Grain Works|Graphite purification, starch and potato by-products, straw fuels
340000||5-9|4|IO42-18;IO42-14||虚构皖江轻量化制造基地|压铸、铝镁合金、铸件检测与汽车零部件
360000||4-8|4|IO42-12;IO42-13||虚构赣州稀土与陶瓷中试基地|稀土回收、建筑陶瓷低碳烧成、动力电池回收
410000||5-9|3|IO42-08;IO42-06||虚构郑州食品与皮革技术中心|农产品保鲜、清洁制革、可降解包装
420000||4-8|4|IO42-20;IO42-12||Invented Wuhan Optics and Fine Chemistry Hall|Power electronics, photovoltaic pastes, continuous-flow chemistry, gypsum
430000||4-8|3|IO42-16;IO42-19||虚构株洲轨道与功率器件中试线|碳化硅模块封装、陶瓷基板、风电叶片除冰
450000||5-8|3|IO42-14;IO42-13||虚构南宁铝业固废中试平台|赤泥、铝灰、电解锰渣的无害化和建材化
460000||3-6|2|IO42-12;IO42-06||Invented Hainan Marine Bio Incubator|Marine collagen, tropical fruit, biodegradable polymers
500000||5-9|4|IO42-18;IO42-17||虚构重庆压铸与医疗器械中试园|大型压铸、镁合金、骨科植入物
510000||4-8|5|IO42-12;IO42-13||虚构成都材料与低碳水泥中试基地|玄武岩纤维、废旧纺织品再生、煅烧黏土水泥、瓦斯提浓
520000||5-9|4|IO42-12;IO42-20||虚构贵阳磷化工与算力技术中心|磷石膏利用、储能电池分级、机房液冷
530000||4-8|3|IO42-14;IO42-12||Invented Kunming Green Silicon Pilot|Silicon kerf, photovoltaic recycling, cosmetics from fermentation
540000||7-9|1|IO42-24||虚构拉萨清洁能源示范站|高原光伏巡检、制氢与供热示范
610000||4-8|4|IO42-19;IO42-16||虚构西安光伏与装备中试基地|异质结电池、硅片、轴承诊断、果品保鲜装备
620000||5-8|3|IO42-06;IO42-12||虚构兰州马铃薯与精细化工中试站|马铃薯蛋白、硝化连续化、地膜
630000||6-9|2|IO42-12||虚构西宁盐湖技术中心|盐湖提锂、再生铝灰渣、高原冷凉农业
640000||5-9|3|IO42-12;IO42-06||Invented Yinchuan Hydrogen and Vine Station|Electrolysers on solar power, drip irrigation, nitration safety
650000||6-9|3|IO42-12;IO42-07||虚构乌鲁木齐棉纺与地膜中试基地|可降解地膜、采棉装备、无水染色、节水灌溉
310000|340000|2-5|4|IO42-12;IO42-20|equity_venture|虚构皖江驻沪孵化器（反向飞地）|合成生物、功率封装、碳化硅的早期项目，成果到安徽落地
440000|450000|2-5|3|IO42-20;IO42-14|equity_venture|虚构广西驻深孵化器（反向飞地）|电池回收、电子浆料的早期项目，成果到广西落地
330000|360000|2-6|3|IO42-12;IO42-07|equity_venture|Invented Jiangxi House in Hangzhou (reverse enclave)|Early projects in textiles, membranes and catalysts, to be made in Jiangxi
110000|220000|2-5|2|IO42-12;IO42-16||虚构吉林驻京孵化器（反向飞地）|稀土材料、谐波传动、人参合成生物的早期项目，成果到吉林落地
320000|610000|2-6|3|IO42-19;IO42-20||Invented Shaanxi House in Suzhou (reverse enclave)|Tandem cells, metallisation and machine vision, to be made in Shaanxi
"""


def incubators() -> pl.DataFrame:
    rows = []
    for number, line in enumerate(INCUBATORS.splitlines(), start=1):
        region, home, stages, places, works_for, contract, title, text = line.split("|")
        low, high = stages.split("-")
        rows.append(
            {
                "incubator": f"P{number:02d}",
                "title": title,
                "text": text,
                "language": "en" if title.isascii() else "zh",
                "region": region,
                "home_region": home or None,
                "stage_low": int(low),
                "stage_high": int(high),
                "capacity": int(places),
                "industries": works_for,
                "contract": contract or None,
                "status": "synthetic",
            }
        )
    return pl.DataFrame(rows, infer_schema_length=None)


def graded(name: str, **renamed: str) -> pl.DataFrame:
    """Return a table of the graded set as a table of the study."""
    found = pl.read_csv(GRADED / f"synthetic_{name}.csv", infer_schema=False)
    return found.rename(renamed).with_columns(status=pl.lit("synthetic"))


def complete(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    schema = TABLES[table].create_empty().schema
    return frame.with_columns(
        pl.lit(None, dtype).alias(name)
        for name, dtype in schema.items()
        if name not in frame.columns
    ).select(pl.col(name).cast(dtype) for name, dtype in schema.items())


def about(sources: tuple[Source, ...]) -> About:
    return About(
        title_zh="中国科技成果转移转化演示（SYNTHETIC，成果、需求与载体均为虚构）",
        title_en="China: transfer of achievements, demonstration (SYNTHETIC, all texts invented)",
        currency="CNY",
        units=read_study("china-provinces").about.units,
        base_year=BASE_YEAR,
        region_classification="GB/T 2260",
        industry_classification=read_study("china-provinces").about.industry_classification,
        licence="Apache-2.0; figures of output carried over from china-provinces with citation",
        synthetic=True,
        sources=sources,
    )


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else STUDY
    provinces = read_study("china-provinces")
    output = (
        provinces.tables["activity"]
        .filter((pl.col("year") == BASE_YEAR) & pl.col("output").is_not_null())
        .select("region", "industry", "year", "output")
    )
    invented = [
        Source(
            key=f"synthetic-{table}",
            title="SYNTHETIC: invented texts",
            url_or_doc="yanzhen/modes/technology/graded/README.md",
            table=table,
            licence="Apache-2.0",
            note="No achievement, owner, enterprise or incubator is real",
        )
        for table in ("technologies", "technology_needs", "incubators")
    ]
    carried = [
        source
        for source in provinces.about.sources
        if source.table in ("regions", "industries", "activity")
    ]
    frames = {
        "regions": provinces.tables["regions"],
        "industries": provinces.tables["industries"],
        "activity": output,
        "technologies": graded("achievements", achievement="technology"),
        "technology_needs": graded("needs_development"),
        "incubators": incubators(),
    }
    tables = {name: schema.create_empty() for name, schema in TABLES.items()} | {
        name: complete(name, frame) for name, frame in frames.items()
    }
    write_study(Study(about((*invented, *carried)), tables, str(folder)), folder)


if __name__ == "__main__":
    main()
