"""Clearing time against the number of enterprises and of zones, on SYNTHETIC nations.

Usage: python benchmarks/market_size.py [SIGMA]

The table goes from 33,000 to 3.3 million enterprises at 2,543 zones, and from 318 to 2,543 zones at
330,000 enterprises. One line of JSON a case, as by market_national.py.
"""

import subprocess
import sys
from pathlib import Path

SEED = 20_220_114
NATIONAL = Path(__file__).with_name("market_national.py")
SIZES = [(33_000, 2543), (100_000, 2543), (330_000, 2543), (1_000_000, 2543), (3_300_000, 2543)]
ZONES = [(330_000, 318), (330_000, 636), (330_000, 1272)]


def main(sigma: str) -> None:
    for enterprises, zones in SIZES + ZONES:
        case = [str(enterprises), str(zones), str(SEED), sigma]
        subprocess.run([sys.executable, str(NATIONAL), "--case", *case], check=True)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "0.3")
