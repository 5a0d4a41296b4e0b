"""Measure a cold start: what `import lesson_utils` adds to numpy, and how soon the first figure is there.

    python -m workshop.benchmarks.cold

The first plot is timed in the browser, from "run all cells" in a fresh kernel until the picture is painted:
the explorer against a first plot of matplotlib alone, in turns, the median of each.
"""

import argparse
import os
import statistics
import subprocess
import sys
import time

from playwright.sync_api import sync_playwright

from workshop.lab import Lab, Page, browser

PLAIN = """import numpy as np
import matplotlib.pyplot as plt
x, y = np.meshgrid(np.linspace(-10, 10, 120), np.linspace(-2, 2, 120))
fig, axes = plt.subplots(2, 2, figsize=(12.8, 7.2))
for ax in axes.flat:
    ax.contour(x, y, x**2 + 100 * y**2, levels=11)
    ax.plot(np.cos(np.arange(120)), np.sin(np.arange(120)), "o-", label="a path")
    ax.legend()
plt.show()"""
OURS = "from lesson_utils.explorers import MomentumExplorer\nMomentumExplorer()"
SHOWN = """() => document.querySelector(".rd-stage[data-painted] svg image[href]")
  || [...document.querySelectorAll(".jp-OutputArea-output img")].find((i) => i.complete && i.naturalWidth)"""


def imports(rounds=12):
    """Return the fastest wall time of importing numpy and lesson_utils, each in a process of its own."""
    best = {"numpy": 1e9, "lesson_utils": 1e9}
    for _ in range(rounds):
        for name in best:
            start = time.perf_counter()
            subprocess.run([sys.executable, "-c", f"import {name}"], check=True)
            best[name] = min(best[name], time.perf_counter() - start)
    return best


def first_pictures(rounds):
    """Return the seconds until the first picture, for both ways, a list each."""
    seconds, lab = {"matplotlib alone": [], "first explorer": []}, Lab()
    try:
        with sync_playwright() as playwright, browser(playwright) as chromium:
            for i in range(rounds + 1):
                for name, code in (("matplotlib alone", PLAIN), ("first explorer", OURS)):
                    page = Page(chromium.new_page(viewport={"width": 1280, "height": 900}), lab)
                    page.open(lab.write(f"{'ours' if 'first' in name else 'plain'}{i}.ipynb", code))
                    page.page.wait_for_timeout(1500)
                    start = time.perf_counter()
                    page.run_all(wait=False)
                    page.page.wait_for_function(SHOWN, timeout=90_000, polling=20)
                    if i:  # the first round fills the disk's cache
                        seconds[name].append(time.perf_counter() - start)
                    page.page.close()
                    lab.end_kernels()
    finally:
        lab.close()
    return seconds


def main():
    """Print both comparisons."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    best = imports()
    print(f"load {os.getloadavg()[0]:.2f} on {os.cpu_count()} cores, Python {sys.version.split()[0]}")
    ratio = best["lesson_utils"] / best["numpy"]
    print(
        f"import numpy {1000 * best['numpy']:.0f} ms, import lesson_utils {1000 * best['lesson_utils']:.0f} ms: {ratio:.2f}x"
    )
    seconds = first_pictures(rounds)
    for name, values in seconds.items():
        print(
            f"{name:18} median {statistics.median(values):.2f} s of {', '.join(f'{v:.2f}' for v in values)}"
        )
    plain, ours = (statistics.median(values) for values in seconds.values())
    print(f"first explorer / matplotlib alone: {ours / plain:.2f}x")


if __name__ == "__main__":
    main()
