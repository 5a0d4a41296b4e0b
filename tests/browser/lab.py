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
        self.folder = Path(tempfile.mkdtemp(prefix="lab-"))
        self.home = Path(tempfile.mkdtemp(prefix="lab-home-"))
        self.token = os.urandom(16).hex()
        self.port = free_port()
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
            f"--ServerApp.port={self.port}",
            f"--ServerApp.root_dir={self.folder}",
            f"--IdentityProvider.token={self.token}",
            "--LabApp.expose_app_in_browser=True",
        ]
        self._settings()
        self._command, self._env = [python, "-m", "jupyterlab", *options], env
        self.start()

    def start(self):
        """Start the server, with the port, the token and the folder that it had before."""
        self.process = subprocess.Popen(
            self._command, stdout=self.log, stderr=subprocess.STDOUT, env=self._env, cwd=self.folder
        )
        self._wait()

    def _settings(self):
        """Answer the question about news before it is asked: it would cover the figures."""
        folder = self.home / "settings" / "@jupyterlab" / "apputils-extension"
        folder.mkdir(parents=True)
        (folder / "notification.jupyterlab-settings").write_text(
            '{"fetchNews": "false", "checkForUpdates": false, "doNotDisturbMode": true}'
        )

    def _wait(self):
        for _ in range(600):
            if self.process.poll() is not None:
                raise RuntimeError((self.home / "log.txt").read_text()[-3000:])
            try:
                urllib.request.urlopen(
                    f"http://127.0.0.1:{self.port}/api/status?token={self.token}", timeout=2
                )
                return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("JupyterLab did not answer within a minute")

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
    sandbox = [] if os.name == "nt" or os.geteuid() != 0 else ["--no-sandbox"]
    started = playwright.chromium.launch(executable_path=chromium(), args=[*FLAGS, *sandbox], **kwargs)
    try:
        yield started
    finally:
        started.close()


# The notebook in front has this name, and its kernel is ready.
READY = """name => {
  const front = window.jupyterapp?.shell.currentWidget;
  return front?.context?.path === name && front.sessionContext?.session?.kernel?.status === 'idle'
    && document.querySelector('.jp-Notebook .jp-Cell') !== null;
}"""


class Page:
    """One notebook open in JupyterLab, with the words a test needs."""

    def __init__(self, page, lab):
        self.page, self.lab, self.loaded = page, lab, False

    def open(self, notebook, port=None):
        """Open a notebook and wait for its kernel; JupyterLab itself is loaded by the first one only."""
        self.notebook = notebook
        if self.loaded and port is None:
            command = "name => void window.jupyterapp.commands.execute('docmanager:open', { path: name })"
            self.page.evaluate(command, notebook)
        else:
            self.page.goto(self.lab.url(notebook, port), wait_until="domcontentloaded")
        self.page.wait_for_function(READY, arg=notebook, timeout=90_000)
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
        self.page.wait_for_function(
            f"() => document.querySelectorAll('.rd-stage[data-painted]').length >= {count}", timeout=90_000
        )
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
