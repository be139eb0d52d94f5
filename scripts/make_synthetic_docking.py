"""Make the embedded study `synthetic-docking`: a SYNTHETIC list of enterprises for docking.

Usage: python scripts/make_synthetic_docking.py [STUDY_FOLDER]

Regions, industries and the national input-output table are those of `china-provinces`; the
enterprises are drawn (`yanzhen.modes.chain.docking.synthetic_enterprises`), and activity is their
sum.
"""

import sys
from pathlib import Path

import polars as pl
from make_china_provinces import without_2007

from yanzhen.accounts.panel import output_panel
from yanzhen.market.large.synth import marginals_of
from yanzhen.modes.chain.docking.synthetic_enterprises import synthetic_enterprises
from yanzhen.study import read_study

SOURCE = "china-provinces"
ENTERPRISES, SEED = 1_500, 20_220_114
EXAMPLES = Path(__file__).parents[1] / "src/yanzhen/study/examples"
CARRIED_OVER = ("regions", "industries", "input_output")
SETTINGS = """title_zh = "SYNTHETIC 合成企业名单：供需对接演示"
title_en = "SYNTHETIC list of enterprises: docking of suppliers and buyers"
currency = "CNY"
base_year = {year}
region_classification = "GB/T 2260"
industry_classification = "{classification}"
licence = "SYNTHETIC enterprises: free to use; all else as in china-provinces"
synthetic = true

[units]
money = "100 million CNY"
persons = "10,000 persons"
energy = "10,000 tce"
emissions = "Mt CO2"
area = "ha"

[[sources]]
key = "drawn"
title = "SYNTHETIC: drawn by scripts/make_synthetic_docking.py, {count} enterprises, seed {seed}"
url_or_doc = "yanzhen.modes.chain.docking.synthetic_enterprises"
table = "enterprises"
columns = ["origin", "industry", "output", "spare_output"]
licence = "free to use"
note = "No such enterprise exists. Only the shares of regions and industries follow real output"

[[sources]]
key = "input-output"
title = "National input-output table of China 2017, National Bureau of Statistics"
url_or_doc = "China input-output table 2017, 42 sectors"
table = "input_output"
columns = ["value"]
licence = "official statistics, cited"
note = "Carried over unchanged from the embedded study china-provinces"
"""


def main(folder: Path) -> None:
    study = read_study(SOURCE)
    panel = output_panel(study)
    listed = synthetic_enterprises(
        ENTERPRISES, SEED, marginals_of(study), panel.regions, panel.industries
    )
    activity = (
        listed.group_by(region="origin", industry="industry")
        .agg(pl.col("output").sum().round(4))
        .select(
            "region",
            "industry",
            pl.lit(study.about.base_year).alias("year"),
            "output",
            pl.lit("synthetic").alias("output_status"),
        )
        .sort("region", "industry")
    )
    folder.mkdir(parents=True, exist_ok=True)
    for name in CARRIED_OVER:
        (folder / f"{name}.csv").write_text(without_2007(name), encoding="utf-8")
    listed.write_csv(folder / "enterprises.csv")
    activity.write_csv(folder / "activity.csv")
    (folder / "study.toml").write_text(
        SETTINGS.format(
            year=study.about.base_year,
            classification=study.about.industry_classification,
            count=ENTERPRISES,
            seed=SEED,
        ),
        encoding="utf-8",
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else EXAMPLES / "synthetic_docking")
