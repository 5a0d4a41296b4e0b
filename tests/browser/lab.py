"""A real JupyterLab and a real Chromium, started for a test and ended by it."""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import nbformat

from tests.second_starts import second_start, twice

ROOT = Path(__file__).resolve().parents[2]
FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
)


def chromium():
    """Return the path of a Chromium on this machine, or None."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    return found or next((place for place in PLACES if Path(place).exists()), None)


def free_port():
    """Return a port that nobody listens on at the moment."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def end_with_family(process, patience=8):
    """End a process that was started here, and whatever it started: after `patience` seconds without asking."""
    import psutil

    if process.poll() is None:
        family = [*psutil.Process(process.pid).children(recursive=True), psutil.Process(process.pid)]
        process.terminate()
        _, alive = psutil.wait_procs(family, timeout=patience)
        for one in alive:
            one.kill()
    process.wait()  # psutil has reaped it, and Popen would warn of a process left running


class Lab:
    """A running JupyterLab: `url` with its token, `folder` with its notebooks."""

    def __init__(self, python=sys.executable):
        self.python = python
        self.folder = Path(tempfile.mkdtemp(prefix="lab-"))
        self.home = Path(tempfile.mkdtemp(prefix="lab-home-"))
        self.token = os.urandom(16).hex()
        self.port = 0  # the server chooses one, and says which
        env = {**os.environ, "JUPYTER_CONFIG_DIR": str(self.home / "config"), "PYTHONDONTWRITEBYTECODE": ""}
        env |= {"JUPYTER_DATA_DIR": str(self.home / "data"), "JUPYTER_RUNTIME_DIR": str(self.home / "run")}
        env |= {
            "IPYTHONDIR": str(self.home / "ipython"),
            "JUPYTERLAB_SETTINGS_DIR": str(self.home / "settings"),
        }
        self.log = (self.home / "log.txt").open("w")
        options = [
            "--no-browser",
            "--ip=127.0.0.1",
            "--allow-root",
            "--ServerApp.port_retries=0",
            f"--ServerApp.root_dir={self.folder}",
            f"--IdentityProvider.token={self.token}",
            "--LabApp.expose_app_in_browser=True",
        ]
        self._settings()
        self._command, self._env = [python, "-m", "jupyterlab", *options], env
        try:
            self.start()
        except BaseException:
            self.close()
            raise

    def start(self):
        """Start the server, with the port, the token and the folder that it had before. RuntimeError: it ended."""
        for old in self.home.glob("run/jpserver-*.json"):
            old.unlink()
        command = [*self._command, f"--ServerApp.port={self.port}"]
        self.process = subprocess.Popen(
            command, stdout=self.log, stderr=subprocess.STDOUT, env=self._env, cwd=self.folder
        )
        self._wait()

    def _settings(self):
        """Answer the question about news before it is asked: it would cover the figures."""
        folder = self.home / "settings" / "@jupyterlab" / "apputils-extension"
        folder.mkdir(parents=True)
        (folder / "notification.jupyterlab-settings").write_text(
            '{"fetchNews": "false", "checkForUpdates": false, "doNotDisturbMode": true}'
        )

    def _wait(self, seconds=120):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.process.poll() is not None:
                break
            try:
                said = next(self.home.glob("run/jpserver-*.json"), None)
                self.port = json.loads(said.read_text())["port"] if said else self.port
                status = f"http://127.0.0.1:{self.port}/api/status?token={self.token}"
                if self.port:
                    urllib.request.urlopen(status, timeout=10).close()
                    return
            except (OSError, ValueError):  # it does not listen yet, or is writing the file
                pass
            time.sleep(0.1)
        raise RuntimeError(f"JupyterLab did not start: {(self.home / 'log.txt').read_text()[-3000:]}")

    def url(self, notebook, port=None, workspace="t"):
        """Return the address of a notebook; `port` of a proxy in front of the server."""
        reset = f"?token={self.token}&reset"
        return f"http://127.0.0.1:{port or self.port}/lab/workspaces/{workspace}/tree/{notebook}{reset}"

    def write(self, name, *cells):
        """Write a notebook of code cells into the served folder; return its name."""
        nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
        nb.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
        nbformat.write(nb, self.folder / name)
        return name

    def copy(self, path):
        """Copy a notebook into the served folder; return its name."""
        shutil.copy(path, self.folder / Path(path).name)
        return Path(path).name

    def end_kernels(self):
        """End the kernels that notebooks left running."""
        base = f"http://127.0.0.1:{self.port}/api/sessions"
        headers = {"Authorization": f"token {self.token}"}
        with urllib.request.urlopen(urllib.request.Request(base, headers=headers), timeout=10) as answer:
            sessions = json.load(answer)
        for session in sessions:
            request = urllib.request.Request(f"{base}/{session['id']}", headers=headers, method="DELETE")
            urllib.request.urlopen(request, timeout=20).close()

    def stop(self):
        """End the server that this object started, and its kernels with it."""
        end_with_family(self.process)

    def close(self):
        """End the server, and remove what it wrote."""
        self.stop()
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.rmtree(self.home, ignore_errors=True)


@contextmanager
def browser(playwright, **kwargs):
    """Yield a Chromium driven by Playwright."""
    from playwright.sync_api import Error

    sandbox = [] if os.name == "nt" or os.geteuid() != 0 else ["--no-sandbox"]
    options = {"executable_path": chromium(), "args": [*FLAGS, *sandbox], "timeout": 60_000, **kwargs}
    started = twice("Chromium", lambda: playwright.chromium.launch(**options), Error)
    try:
        yield started
    finally:
        started.close()


# --- waiting: for what a test is about, with an end that only a fault reaches ---


def until(page, condition, arg=None, seconds=60):
    """Wait until a JavaScript expression or function of `arg` is true in the page; return its value.

    page: a Page, or one of Playwright's. TimeoutError (Playwright's): it never is.
    """
    tab = getattr(page, "page", page)
    return tab.wait_for_function(condition, arg=arg, timeout=1000 * seconds).json_value()


# What a mouse has done comes to the page with its next frame.
FRAME = "() => new Promise(requestAnimationFrame)"
RESTS = """([figure, wanted]) => {
  const el = document.querySelectorAll(".rd-stage")[figure];
  if (el?.dataset.rest !== "yes") return false;
  const state = JSON.parse(el.dataset.state);
  const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
  if (!Object.entries(wanted).every(([name, value]) => same(state[name], value))) return false;
  return { ...el.dataset, state, twin: el.querySelector(".rd-twin").textContent };
}"""


def at_rest(page, explorer=None, wanted=None, figure=0, seconds=60):
    """Wait until a figure has come to rest; return where its controls stand, as the page keeps it.

    explorer: one in this process, which says what the figure must show there. wanted: where some of the controls must
    stand (`raw`), which a button needs: it is the kernel that moves the controls.
    """
    tab = getattr(page, "page", page)
    tab.evaluate(FRAME)
    shown = until(tab, RESTS, [figure, wanted or {}], seconds)
    if explorer is not None:
        expected, _ = explorer.stage.answer({"seq": 1, "state": shown["state"]})
        assert shown["twin"] == expected["twin"], f"{shown['twin']!r} in place of {expected['twin']!r}"
        # Another environment may draw with another matplotlib.
        if getattr(getattr(page, "lab", None), "python", None) == sys.executable:
            assert shown["picture"] == expected["picture"], f"the picture is not that of {shown['state']}"
    return shown["state"]


def raw(explorer):
    """Return where an explorer's controls stand, as a page keeps it."""
    state = {name: getattr(one, "index", one.value) for name, one in explorer.controls.items()}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in state.items()}


# The notebook in front has this name, and its kernel is ready.
READY = """name => {
  const front = window.jupyterapp?.shell.currentWidget;
  return front?.context?.path === name && front.sessionContext?.session?.kernel?.status === 'idle'
    && document.querySelector('.jp-Notebook .jp-Cell') !== null;
}"""
MUTE = 30  # seconds for a kernel to be heard, before its page connects to it anew


class Page:
    """One notebook open in JupyterLab, with the words a test needs."""

    def __init__(self, page, lab):
        self.page, self.lab, self.loaded = page, lab, False

    def open(self, notebook, port=None):
        """Open a notebook and wait for its kernel; JupyterLab itself is loaded by the first one only."""
        from playwright.sync_api import TimeoutError as TooLong

        self.notebook = notebook
        if self.loaded and port is None:
            command = "name => void window.jupyterapp.commands.execute('docmanager:open', { path: name })"
            self.page.evaluate(command, notebook)
        else:
            address = self.lab.url(notebook, port)
            twice(
                "JupyterLab's page", lambda: self.page.goto(address, wait_until="domcontentloaded"), TooLong
            )
        try:
            until(self, READY, notebook, seconds=MUTE)
        except TooLong:  # of first connections to ipykernel 7, one in seventy stays mute (its issue 1554)
            second_start("a kernel's connection", f"not heard within {MUTE} s")
            kernel = "window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel"
            self.page.evaluate(f"() => void {kernel}?.reconnect()")
            until(self, READY, notebook)
        if not self.loaded:
            self.page.evaluate(
                "() => void window.jupyterapp.commands.execute('application:toggle-left-area')"
            )
        self.loaded = True
        return self

    def close_all(self):
        """Close what is open without asking whether to save it; the next `open` finds a JupyterLab as new."""
        if not self.loaded:
            return
        self.page.evaluate("() => [...window.jupyterapp.shell.widgets('main')].forEach(one => one.dispose())")

    def run_all(self):
        """Run every cell and wait until the kernel has nothing left to do."""
        self.page.evaluate("() => void window.jupyterapp.commands.execute('notebook:run-all-cells')")
        return self

    def wait_stage(self, count=1):
        """Wait until `count` figures are painted."""
        until(self, "count => document.querySelectorAll('.rd-stage[data-painted]').length >= count", count)
        return self

    def slider(self, description):
        """Return the handle of the slider with that description."""
        row = self.page.locator(
            ".widget-inline-hbox", has=self.page.locator(f"label:text-is('{description}')")
        )
        return row.first.locator(".noUi-handle")

    def twin(self):
        """Return the sentence under the first figure."""
        return self.page.locator(".rd-twin").first.inner_text()
