"""What it costs to start: importing this package, and its command line, against scikit-learn and pandas.

    python benchmarks/imports.py [--repeats 7]

Prints medians of wall-clock seconds of whole processes, run in turn.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time

PROCESSES = {
    "python, nothing imported": ["-c", "pass"],
    "import activeloop": ["-c", "import activeloop"],
    "import activeloop; use Loop, load and oracles": [
        "-c",
        "import activeloop as a; a.Loop, a.load, a.oracles",
    ],
    "import sklearn, pandas": ["-c", "import sklearn, pandas"],
    "import sklearn.linear_model, pandas": ["-c", "import sklearn.linear_model, pandas"],
    "activeloop --help": ["-m", "activeloop", "--help"],
}


def main() -> None:
    """Run the processes in turn and print medians."""
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--repeats", type=int, default=7)
    repeats = given.parse_args().repeats
    found: dict[str, list[float]] = {name: [] for name in PROCESSES}
    for _ in range(repeats + 1):
        for name, arguments in PROCESSES.items():
            start = time.perf_counter()
            subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
            found[name].append(time.perf_counter() - start)
    for name, seconds in found.items():
        print(f"{name:48}{statistics.median(seconds[1:]):8.3f} s")


if __name__ == "__main__":
    main()
