"""Measure one tick of a slider: the explorer against the same figure made the usual way, in one run.

    python -m workshop.benchmarks.redraw

starts a real JupyterLab and Chromium, presses arrow keys on the first slider of both figures in turn, and
drags it through a proxy that delays every byte by half of 150 ms each way. Each explorer stands beside its own
figure made the usual way: the heart's is written out by hand in usual_way.py; the others' draw with the
explorer's own functions, a new figure each tick. Ratios are what counts: machines differ.
"""

import argparse
import json
import os
import statistics
import sys
import threading
import time
from pathlib import Path

import psutil
from playwright.sync_api import sync_playwright

from lesson_utils import explorers
from workshop.files import ROOT
from workshop.lab import Lab, Page, browser
from workshop.proxy import DelayingProxy

HEART = "MomentumExplorer"
USUAL_HEART = """import sys; sys.path.insert(0, {root!r})
import os, pathlib; pathlib.Path("pid").write_text(str(os.getpid()))
import ipywidgets
from workshop.benchmarks.usual_way import draw
ipywidgets.interact(draw, alpha=ipywidgets.FloatLogSlider(value=4, min=-2, max=2.7, step=0.01, description="α"),
    beta=ipywidgets.fixed(0.9), kappa=ipywidgets.fixed(100.0), steps=ipywidgets.fixed(120));"""
USUAL = """import sys; sys.path.insert(0, {root!r})
import os, pathlib; pathlib.Path("pid").write_text(str(os.getpid()))
from workshop.benchmarks.usual_way import interact_with
from lesson_utils.explorers import {name}
interact_with({name}());"""
OURS = """import os, pathlib; pathlib.Path("pid").write_text(str(os.getpid()))
from lesson_utils.explorers import {name}
explorer = {name}()
explorer"""

# What a figure looks like now, and when it last changed, seen from the page: the same for both ways.
WATCH = """(kind) => {
  const live = kind === "ours";
  const find = () => document.querySelector(live ? ".rd-stage svg g" : ".jp-OutputArea-output img");
  const w = (window.watch = { pressed: null, times: [], pictures: 0, blanks: 0 });
  let node = null, last = null;
  const look = (done) => {
    const now = find();
    if (!now) return live ? null : "";
    return live ? now.innerHTML : (now.complete && now.naturalWidth > 0 ? now.src : null);
  };
  const seen = () => {
    const picture = look();
    if (picture === "" || picture === null) return;
    if (picture === last) return;
    last = picture;
    w.pictures += 1;
    if (w.pressed !== null) { w.times.push(performance.now() - w.pressed); w.pressed = null; }
  };
  last = look();
  document.addEventListener("keydown", (e) => { if (e.key.startsWith("Arrow")) w.pressed = performance.now(); }, true);
  const frame = () => {
    const now = find();
    if (!now || (!live && !(now.complete && now.naturalWidth > 0)) || (live && !now.childNodes.length)) w.blanks += 1;
    seen();
    w.timer = requestAnimationFrame(frame);
  };
  frame();
}"""


def measure(page, lab, kind, presses):
    """Return CPU, bytes and latency of a tick for one open notebook."""
    handle = page.page.locator(".noUi-handle").first
    pid = int((lab.folder / "pid").read_text())
    kernel = psutil.Process(pid)
    page.page.evaluate(WATCH, kind)
    handle.focus()
    for _ in range(5):
        page.page.keyboard.press("ArrowRight")
        page.page.wait_for_timeout(500)
    page.page.evaluate("() => { watch.times = []; watch.blanks = 0; }")
    page.bytes = 0
    before = sum(kernel.cpu_times()[:2])
    for i in range(presses):
        page.page.keyboard.press("ArrowRight" if i % 20 < 10 else "ArrowLeft")
        page.page.wait_for_function("watch.pressed === null", timeout=10_000)
    page.page.wait_for_timeout(1000)
    cpu = (sum(kernel.cpu_times()[:2]) - before - idle(kernel)) / presses
    seen = page.page.evaluate("watch")
    times = sorted(seen["times"])
    return {
        "cpu": 1000 * cpu,
        "kb": page.bytes / 1000 / presses,
        "p50": statistics.median(times),
        "p95": times[int(0.95 * len(times)) - 1],
        "blanks": seen["blanks"],
        "ticks": len(times),
    }


def idle(kernel, seconds=1.0):
    """Return the CPU seconds that a resting kernel uses in the second after the last tick."""
    before = sum(kernel.cpu_times()[:2])
    time.sleep(seconds)
    return sum(kernel.cpu_times()[:2]) - before


def frames(page, kind, seconds):
    """Drag the first slider for some seconds; return the number of new pictures a second."""
    page.page.evaluate(WATCH, kind)
    track = page.page.locator(".noUi-base").first.bounding_box()
    handle = page.page.locator(".noUi-handle").first.bounding_box()
    mouse, y = page.page.mouse, handle["y"] + handle["height"] / 2
    mouse.move(handle["x"] + handle["width"] / 2, y)
    mouse.down()
    page.page.evaluate("() => { watch.pictures = 0; }")
    start, i = time.perf_counter(), 0
    while time.perf_counter() - start < seconds:
        i += 1
        part = abs((i % 120) / 60 - 1)
        mouse.move(track["x"] + (0.35 + 0.4 * part) * track["width"], y)
        page.page.wait_for_timeout(16)
    pictures = max(1, page.page.evaluate("watch.pictures"))  # none within the time counts as one
    mouse.up()
    return pictures / (time.perf_counter() - start)


def open_page(chromium, lab, notebook, port=None):
    """Open a notebook in a page of its own that counts the bytes of its websockets."""
    page = Page(chromium.new_page(viewport={"width": 1280, "height": 900}), lab)
    page.bytes = 0

    def count(payload):
        page.bytes += len(payload if isinstance(payload, bytes) else payload.encode())

    def listen(socket):
        socket.on("framesent", count)
        socket.on("framereceived", count)

    page.page.on("websocket", listen)
    page.open(notebook, port).run_all()
    page.page.wait_for_selector(".rd-stage[data-shown], .jp-OutputArea-output img", timeout=90_000)
    page.page.wait_for_timeout(2500)
    return page


def main():
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--presses", type=int, default=60, help="key presses for each figure")
    parser.add_argument(
        "--seconds", type=float, default=6, help="how long to drag over the slow link; 0 leaves it out"
    )
    parser.add_argument(
        "--explorers", nargs="*", default=explorers.__all__, help="which explorers to measure"
    )
    parser.add_argument("--json", help="write the numbers to this file too")
    given = parser.parse_args()
    pairs, lab = {}, Lab()
    try:
        with sync_playwright() as playwright, browser(playwright) as chromium:
            for name in given.explorers:
                usual = USUAL_HEART if name == HEART else USUAL
                codes = {"usual": usual.format(root=str(ROOT), name=name), "ours": OURS.format(name=name)}
                pairs[name] = {
                    kind: measured(chromium, lab, kind, lab.write(f"{kind}-{name}.ipynb", code), given)
                    for kind, code in codes.items()
                }
    finally:
        lab.close()
    report(pairs)
    if given.json:
        Path(given.json).write_text(json.dumps(pairs, indent=1))


def measured(chromium, lab, kind, notebook, given):
    """Return what one figure costs: on this machine, and over a slow link."""
    page = open_page(chromium, lab, notebook)
    row = measure(page, lab, kind, given.presses)
    page.page.close()
    row["fps"] = float("nan")
    if given.seconds:
        with DelayingProxy(lab.port, 0.075) as proxy:
            page = open_page(chromium, lab, notebook, proxy.port)
            row["fps"] = frames(page, kind, given.seconds)
            page.page.close()
    lab.end_kernels()
    return row


def report(pairs):
    """Print what was measured and the ratios to the usual way."""
    print(f"load {os.getloadavg()[0]:.2f} on {os.cpu_count()} cores, Python {sys.version.split()[0]}")
    head = ("", "kernel CPU ms/tick", "KB/tick", "latency p50 / p95 ms", "frames/s at 150 ms", "blank frames")
    print("{:32}{:>20}{:>10}{:>22}{:>20}{:>14}".format(*head))
    for name, pair in pairs.items():
        for kind, title in (("usual", "  @interact, new figure"), ("ours", name)):
            r = pair[kind]
            latency = f"{r['p50']:.0f} / {r['p95']:.0f}"
            print(
                f"{title:32}{r['cpu']:>20.1f}{r['kb']:>10.1f}{latency:>22}{r['fps']:>20.1f}{r['blanks']:>14}"
            )
        usual, ours = pair["usual"], pair["ours"]
        ratios = [usual[key] / ours[key] for key in ("cpu", "kb", "p50")] + [ours["fps"] / usual["fps"]]
        print("{:32}{:>19.0f}x{:>9.0f}x{:>21.1f}x{:>19.1f}x".format("  times better", *ratios))


if __name__ == "__main__":
    threading.stack_size(256 * 1024)
    main()
