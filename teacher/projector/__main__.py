"""Show a lesson on the wall: `python -m teacher.projector 4`; Ctrl+C ends it.

The lesson is a page without code, in large type, whose figures live. Needs the extra [projector].
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import socket
import sys
import threading
import time
import webbrowser
from pathlib import Path

from lesson_utils.explorers.base import LIVE_ONLY
from workshop.files import ROOT
from workshop.links import notebooks

NOTEBOOKS = ROOT / "notebooks"
TEMPLATES = Path(__file__).parent / "share"
NEEDED = ".[projector]"
PORT = 8866
EXTENSIONS = [
    "@voila-dashboards/widgets-manager8",
    "@jupyter-widgets/jupyterlab-manager",
    "anywidget",
]  # the figures need
MISSING = f"""The projector needs Voilà, which is not installed. In the folder of the README, run
    {{python}} -m pip install -e "{NEEDED}"
and then this command again."""


def lessons() -> dict[str, str]:
    """Return the names of the lessons by number: {"1": "01_exponentially_weighted_average", ...}."""
    names = [Path(path).stem for path in notebooks()[0]]
    return {str(int(name[:2])): name for name in names}


def lesson(wanted: str) -> str:
    """Return the name of a lesson that is given as "4", "04", "momentum", "04_momentum" or a path to it.

    ValueError: no lesson, or more than one, is called that.
    """
    known = lessons()
    asked = Path(wanted.replace("\\", "/")).name.removesuffix(".ipynb").lower()
    if asked.isdecimal() and str(int(asked)) in known:
        return known[str(int(asked))]
    found = [name for name in known.values() if asked in (name, name[3:])]
    if len(found) != 1:
        allowed = "\n".join(f"  {number}  {name}" for number, name in known.items())
        raise ValueError(f"lesson={wanted!r}: allowed are a number or a name of\n{allowed}")
    return found[0]


def free_port(first: int = PORT) -> int:
    """Return `first`, or a port that is free where something listens there."""
    for port in (first, 0):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return probe.getsockname()[1]
    raise OSError("no port of this machine is free")


def options(port: int, code: bool = False) -> list[str]:
    """Return Voilà's arguments."""
    return [
        str(NOTEBOOKS),
        "--no-browser",
        "--Voila.ip=127.0.0.1",
        f"--port={port}",
        "--Voila.port_retries=0",
        "--template=projector",
        f"--VoilaConfiguration.strip_sources={not code}",
        *(f"--VoilaConfiguration.extension_allowlist={name}" for name in EXTENSIONS),
        "--VoilaConfiguration.show_tracebacks=True",
        "--Voila.log_level=WARN",
    ]


def environment() -> dict[str, str]:
    """Return what Voilà and its kernels must find in the environment: our template, and no strips of pictures."""
    paths = [str(TEMPLATES), os.environ.get("JUPYTER_PATH", "")]
    return {"JUPYTER_PATH": os.pathsep.join(filter(None, paths)), LIVE_ONLY: "1"}


def announce(url: str, port: int, browser: bool) -> None:
    """Say where the lesson is, and open it, once the server listens."""
    for _ in range(600):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.1)
    print(f"The lesson is at {url}\nCtrl+C ends it.", flush=True)
    if browser and not webbrowser.open(url):
        print("No browser could be opened: open that address in one.", flush=True)


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 1 when Voilà is missing, 2 when there is no such lesson."""
    parser = argparse.ArgumentParser(
        prog="python -m teacher.projector", description="Show a lesson as a page without code, in large type."
    )
    parser.add_argument("lesson", help="its number or its name, for example 4 or 04_momentum")
    parser.add_argument("--port", type=int, help=f"where it listens; {PORT}, or any that is free")
    parser.add_argument("--no-browser", action="store_true", help="say the address, and open nothing")
    parser.add_argument("--code", action="store_true", help="show the code as well")
    given = parser.parse_args(arguments)
    try:
        name = lesson(given.lesson)
    except ValueError as problem:
        parser.error(str(problem))
    if importlib.util.find_spec("voila") is None:
        print(MISSING.format(python=sys.executable), file=sys.stderr)
        return 1
    serve(name, given.port or free_port(), not given.no_browser, given.code)
    return 0


def serve(name: str, port: int, browser: bool, code: bool) -> None:
    """Run Voilà on a lesson until Ctrl+C."""
    os.environ.update(environment())
    from voila.app import Voila  # only here: it reads the environment

    url = f"http://127.0.0.1:{port}/voila/render/{name}.ipynb"
    threading.Thread(target=announce, args=(url, port, browser), daemon=True).start()
    Voila.launch_instance(argv=options(port, code))


if __name__ == "__main__":
    sys.exit(main())
