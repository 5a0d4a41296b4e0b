"""Measure a class: students with a server and a kernel each on a real JupyterHub, who all drag a slider at once.

    python -m workshop.benchmarks.classroom                      1, 5, 10 and 20 students
    python -m workshop.benchmarks.classroom --students 20        twenty
    python -m workshop.benchmarks.classroom --short              one student for a second: does it run?
    python -m workshop.benchmarks.classroom --record             write the numbers into teacher/classroom.md as well

The same class is measured with the figure made the usual way (@interact, a new figure at each tick) and with
the explorer, in turn and with one rule: a tick is one position of the slider, and its latency is the time until
the picture of that position, or of a newer one, has come. Ratios are what counts: machines differ.
"""

import argparse
import asyncio
import json
import os
import signal
import statistics
import sys
from datetime import date

from workshop.benchmarks.hub import Hub
from workshop.benchmarks.student import MOVES, Stage, Usual
from workshop.files import ROOT

WAYS = {"usual": ("@interact, new figure", Usual), "ours": ("MomentumExplorer", Stage)}
RECORD, PAGE = ROOT / "teacher" / "classroom_measured.json", ROOT / "teacher" / "classroom.md"
BEGIN, END = "<!-- measured -->\n", "<!-- end of measured -->"
AT_ONCE = 10  # servers that start side by side; a hub refuses more than it can start
COLUMNS = (
    "students",
    "",
    "MB each (PSS)",
    "MB each (USS)",
    "first figure, s p50 / max",
    "tick, ms p50 / p95",
    "pictures/s each",
    "never shown",
)
WIDTHS = (8, 24, 15, 15, 26, 20, 17, 13)


async def bring_up(hub, names):
    """Start the students' servers."""
    doors = asyncio.Semaphore(AT_ONCE)

    async def one(name):
        async with doors:
            await hub.start_server(name)

    await asyncio.gather(*(one(name) for name in names))


async def measure(hub, names, kind, seconds, patience):
    """Return what the class costs one way: memory, first figure, ticks."""
    students = [WAYS[kind][1](hub, name, 7 * i) for i, name in enumerate(names)]
    await asyncio.gather(*(student.begin() for student in students))
    await asyncio.sleep(2)  # the pictures for a page without a kernel are made after the figure
    await asyncio.gather(*(student.drag(seconds, patience) for student in students))
    lost = sum(student.watch.give_up() for student in students)
    memory = [hub.memory(name) for name in names]
    await asyncio.gather(*(student.end() for student in students))
    waits = sorted(wait for student in students for wait in student.watch.waits)
    firsts = [student.first for student in students]
    return {
        "pss": None if memory[0][0] is None else statistics.mean(pss for pss, _ in memory),
        "uss": statistics.mean(uss for _, uss in memory),
        "first": statistics.median(firsts),
        "first_max": max(firsts),
        "p50": 1000 * statistics.median(waits),
        "p95": 1000 * waits[max(0, round(0.95 * len(waits)) - 1)],
        "pictures": statistics.mean(student.drawn / student.dragged for student in students),
        "lost": lost,
        "ticks": len(waits),
    }


async def classes(given):
    """Return what both ways cost, by number of students, and the MB of what they share."""
    rows, up = {}, []
    async with Hub() as hub:
        for count in given.students:
            names = [f"student{i}" for i in range(1, count + 1)]
            await bring_up(hub, names[len(up) :])
            up = max(up, names, key=len)
            # The usual way first: what it leaves behind in a server counts against ours.
            rows[count] = {}
            for kind in WAYS:
                rows[count][kind] = await measure(hub, names, kind, given.seconds, given.patience)
                line(count, kind, rows[count][kind])
            ratios(rows[count])
        pss, uss = hub.own_memory()
        rows["shared"] = {"pss": pss, "uss": uss}
        print(f"the hub and its proxy, for all: {uss if pss is None else pss:.0f} MB")
    return rows


def line(count, kind, row):
    """Print what a class costs one way."""
    pss = "-" if row["pss"] is None else f"{row['pss']:.0f}"
    cells = (
        count,
        WAYS[kind][0],
        pss,
        f"{row['uss']:.0f}",
        f"{row['first']:.1f} / {row['first_max']:.1f}",
        f"{row['p50']:.0f} / {row['p95']:.0f}",
        f"{row['pictures']:.1f}",
        f"{row['lost']} of {row['ticks']}",
    )
    show(cells)


def ratios(pair):
    """Print how the two ways compare."""
    usual, ours = pair["usual"], pair["ours"]
    kept = [f"{ours[key] / usual[key]:.2f} of it" if usual[key] else "-" for key in ("pss", "uss")]
    faster = f"{usual['p50'] / ours['p50']:.1f}x / {usual['p95'] / ours['p95']:.1f}x"
    show(
        (
            "",
            "  ours to usual",
            *kept,
            "",
            faster,
            f"{ours['pictures'] / max(usual['pictures'], 0.01):.1f}x",
            "",
        )
    )


def show(cells):
    """Print a line of the table."""
    print("".join(f"{cell:>{width}}" for cell, width in zip(cells, WIDTHS, strict=True)), flush=True)


def table(measured):
    """Return what the page says of the record."""
    lines = [
        f"Measured on {measured['date']}, on {measured['cores']} cores, with a load of {measured['load']:.1f} from "
        "other work before the class came:\n",
        "| students | figure | memory each, MB | first figure, s | tick, ms: p50 / p95 | never shown |",
        "|---|---|---|---|---|---|",
    ]
    for count, pair in sorted(measured["classes"].items(), key=lambda item: int(item[0])):
        for kind, row in pair.items():
            cells = f"{row['pss']:.0f} | {row['first']:.0f} | {row['p50']:.0f} / {row['p95']:.0f}"
            cells += f" | {row['lost']} of {row['ticks']}"
            lines.append(f"| {count} | {WAYS[kind][0]} | {cells} |")
    lines.append(f"\nThe hub and its proxy take {measured['shared']['pss']:.0f} MB more, once for all.\n")
    return "\n".join(lines)


def record(rows, load):
    """Write what was measured into the record, beside classes of other sizes, and into the page."""
    old = json.loads(RECORD.read_text(encoding="utf-8")) if RECORD.exists() else {"classes": {}}
    shared = rows.pop("shared")
    classes = {**old["classes"], **{str(count): pair for count, pair in rows.items()}}
    today = {"date": date.today().isoformat(), "cores": os.cpu_count(), "load": load}
    measured = {**today, "classes": classes, "shared": shared}
    RECORD.write_text(json.dumps(measured, indent=1) + "\n", encoding="utf-8", newline="\n")
    before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
    after = rest.split(END)[1]
    PAGE.write_text(before + BEGIN + table(measured) + END + after, encoding="utf-8", newline="\n")


def main():
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--students", type=int, nargs="+", default=[1, 5, 10, 20], help="how many, in turn")
    parser.add_argument("--seconds", type=float, default=10, help="how long they drag")
    parser.add_argument("--patience", type=float, default=20, help="seconds to wait for the last pictures")
    parser.add_argument("--short", action="store_true", help="one student for a second")
    parser.add_argument("--record", action="store_true", help="write them into teacher/ as well")
    given = parser.parse_args()
    if given.short:
        given.students, given.seconds, given.patience = [1], 1.0, 120.0
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # whoever ends the benchmark ends the class too
    os.environ["PYTHONPATH"] = str(ROOT)  # the students' kernels import workshop.benchmarks.usual_way
    load = os.getloadavg()[0]
    print(
        f"load {load:.2f} on {os.cpu_count()} cores, Python {sys.version.split()[0]}; "
        f"{given.seconds:g} s at {MOVES} positions a second"
    )
    show(COLUMNS)
    rows = asyncio.run(classes(given))
    if given.record:
        record(rows, load)


if __name__ == "__main__":
    main()
