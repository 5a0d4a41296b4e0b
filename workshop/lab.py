"""A real JupyterLab and a real Chromium, started for a test and ended by it."""

import json
import os
import re
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

from workshop.second_starts import second_start, twice

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

    def ask(self, method, path):
        """Ask the server over its own interface, as another program does; return what it answers."""
        headers = {"Authorization": f"token {self.token}"}
        url = f"http://127.0.0.1:{self.port}{path}"
        with urllib.request.urlopen(
            urllib.request.Request(url, headers=headers, method=method), timeout=20
        ) as answer:
            return answer.read()

    def end_kernels(self):
        """End the kernels that notebooks left running."""
        for session in json.loads(self.ask("GET", "/api/sessions")):
            self.ask("DELETE", f"/api/sessions/{session['id']}")

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


TWIN = "document.querySelector('.rd-twin').textContent.replaceAll('\\u00a0', ' ')"
FRAME = "() => new Promise(requestAnimationFrame)"  # with the next one comes what a mouse has done
RESTS = """([figure, wanted, twin]) => {
  const el = document.querySelectorAll(".rd-stage")[figure];
  if (el?.dataset.rest !== "yes") return false;
  const state = JSON.parse(el.dataset.state);
  const same = (a, b) => (Number.isFinite(a) ? Math.abs(a - b) <= 1e-9 * Math.abs(a) : `${a}` === `${b}`);
  if (!Object.entries(wanted).every(([name, value]) => same(value, state[name]))) return false;
  const words = el.querySelector(".rd-twin").textContent.replaceAll("\u00a0", " ");
  return twin === null || twin === words ? { picture: el.dataset.picture, twin: words, state } : false;
}"""
SHOWN = """() => [...document.querySelectorAll(".rd-stage")].map((el) => ({
  ...el.dataset, text: el.innerText.replaceAll("\u00a0", " "),
}))"""
WAKE = """() => {
  const kernel = window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel;
  kernel?.requestKernelInfo().catch(() => undefined);
  return kernel?.status === "idle" && kernel.connectionStatus === "connected";
}"""
UNREAD = 10  # seconds without what was wanted, until the kernel is asked something


def at_rest(page, explorer=None, wanted=None, figure=0, seconds=60):
    """Wait until a figure has come to rest; return where its controls stand, as the page keeps it.

    explorer: one in this process, which says what the figure must show there. wanted: where some of the controls must
    stand, which a button needs: it is the kernel that moves the controls (`raw(explorer)`: all of them).
    """
    from playwright.sync_api import TimeoutError as TooLong

    tab, wanted, twin = getattr(page, "page", page), wanted or {}, None
    if explorer is not None and wanted.keys() >= explorer.controls.keys():
        twin = explorer.stage.answer({"state": wanted})[0]["twin"]
    tab.evaluate(FRAME)
    try:
        shown = until(tab, RESTS, [figure, wanted, twin], UNREAD)
    except TooLong:
        # A message can lie in ipykernel 7 unread until the next one comes (its issue 1554).
        idle = tab.evaluate(WAKE)
        try:
            shown = until(tab, RESTS, [figure, wanted, twin], seconds)
            if idle:
                second_start("an idle kernel", f"a figure was not at rest within {UNREAD} s")
        except TooLong:
            aim = twin or wanted or "any setting"
            raise AssertionError(f"no rest at {aim} within {seconds} s: {tab.evaluate(SHOWN)}") from None
    if explorer is not None:
        expected, _ = explorer.stage.answer({"state": shown["state"]})
        said = expected.get("twin", "")  # of a setting that cannot be drawn there is none
        assert shown["twin"] == said, f"{shown['twin']!r} instead of {said!r}"
        # Another environment may draw with another matplotlib.
        if getattr(getattr(page, "lab", None), "python", None) == sys.executable:
            same = shown["picture"] == expected.get("picture", "")
            assert same, f"the picture is not that of {shown['state']}"
    return shown["state"]


def raw(explorer):
    """Return where an explorer's controls stand, as a page keeps it."""
    state = {name: getattr(one, "index", one.value) for name, one in explorer.controls.items()}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in state.items()}


def dataset(page, figure=0):
    """Return what a figure says of itself: `shown`, `asked`, `rest`, `state`, and its `text`."""
    return getattr(page, "page", page).evaluate(SHOWN)[figure]


def _words(process):
    """Return the command of a process; nothing when it has just ended."""
    import psutil

    try:
        return " ".join(process.cmdline())
    except psutil.NoSuchProcess:
        return ""


# The notebook in front has this name, and its kernel is ready.
READY = """name => {
  const front = window.jupyterapp?.shell.currentWidget;
  return front?.context?.path === name && front.sessionContext?.session?.kernel?.status === 'idle'
    && document.querySelector('.jp-Notebook .jp-Cell') !== null;
}"""
MUTE = 30  # seconds for a kernel to be heard, before its page connects to it anew


# A request can lie in ipykernel 7 unread until the next one comes (its issue 1554).
RUN = f"""() => {{
  window.ran = false;
  const awake = setInterval({WAKE}, 5000);
  window.jupyterapp.commands.execute("notebook:run-all-cells").finally(() => {{
    clearInterval(awake);
    window.ran = true;
  }});
}}"""

RUN_LAST = """async () => {
  const { content } = window.jupyterapp.shell.currentWidget;
  const cell = content.widgets.findLast((one) => one.model.sharedModel.getSource());
  content.activeCellIndex = content.widgets.indexOf(cell);
  await window.jupyterapp.commands.execute("notebook:run-cell");
  return cell.model.outputs.toJSON()[0].data["text/plain"];
}"""


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
            # What is asked on the new connection can lie unread as well, until the next question comes.
            self.page.evaluate(
                f"() => {{ void {kernel}?.reconnect(); window.awake = setInterval({WAKE}, 5000); }}"
            )
            until(self, READY, notebook)
            self.page.evaluate("() => clearInterval(window.awake)")
        if not self.loaded:
            self.page.evaluate(
                "() => void window.jupyterapp.commands.execute('application:toggle-left-area')"
            )
        self.loaded = True
        return self

    def kernel(self):
        """Return the process of this notebook's kernel; those of notebooks that are closed may still be ending."""
        import psutil

        own = f"kernel-{self.kernel_id()}.json"
        family = psutil.Process(self.lab.process.pid).children(recursive=True)
        return next(one for one in family if own in _words(one))

    def kernel_id(self):
        """Return what the server calls this notebook's kernel."""
        return self.page.evaluate(
            "() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.id"
        )

    def close_all(self):
        """Close what is open without asking whether to save it; the next `open` finds a JupyterLab as new."""
        if not self.loaded:
            return
        self.page.evaluate("() => [...window.jupyterapp.shell.widgets('main')].forEach(one => one.dispose())")

    def show(self, name, code=None, *more):
        """Open an explorer, or the cells of `code` and `more`; wait until its figure has come to rest."""
        code = code or f"from lesson_utils.explorers import {name}\nexplorer = {name}()\nexplorer"
        self.open(self.lab.write(f"{name}-{time.monotonic_ns()}.ipynb", code, *more)).run_all()
        at_rest(self)
        return self

    def run_all(self, wait=True):
        """Run every cell, as far as the first error; wait until that is done, or only begin."""
        self.page.evaluate(RUN)
        if wait:
            until(self, "() => window.ran === true", seconds=240)
        return self

    def run_last(self):
        """Run the last cell; return what it shows."""
        return self.page.evaluate(RUN_LAST)

    def wait_stage(self, count=1):
        """Wait until `count` figures are painted."""
        until(self, "count => document.querySelectorAll('.rd-stage[data-painted]').length >= count", count)
        return self

    def slider(self, description):
        """Return the handle of the slider with that letter, or that description."""
        label = re.compile(rf"^{re.escape(description)}(?!,)( .*)?$")
        row = self.page.locator(".widget-inline-hbox", has=self.page.locator("label").filter(has_text=label))
        return row.first.locator(".noUi-handle")

    def twin(self):
        """Return the sentence under the first figure."""
        return self.page.locator(".rd-twin").first.inner_text().replace("\xa0", " ")

    def press(self, *keys):
        """Press keys, one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def press_button(self, name):
        """Click the button of that name."""
        self.page.get_by_role("button", name=name, exact=True).click()

    def drag(self, start, *ways, steps=8):
        """Press the mouse at `start` (x, y), move to each of `ways` and let go."""
        mouse = self.page.mouse
        mouse.move(*start)
        mouse.down()
        for way in ways:
            mouse.move(*way, steps=steps)
        mouse.up()

    def middle(self, locator):
        """Return the middle of something that stands still, in view."""
        box = self.box(locator)
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def box(self, locator):
        """Return where something stands, once it is in view and stands still."""
        node = locator.element_handle()
        node.scroll_into_view_if_needed()
        node.wait_for_element_state("stable")
        return node.bounding_box()

    def touch(self, start, *ways):
        """Put a finger on `start`, move it to each of `ways` and lift it."""
        client = self.page.context.new_cdp_session(self.page)

        def finger(kind, *points):
            points = [{"x": x, "y": y} for x, y in points]
            client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

        client.send("Emulation.setTouchEmulationEnabled", {"enabled": True})
        try:
            finger("touchStart", start)
            for way in ways:
                finger("touchMove", way)
            finger("touchEnd")
        finally:
            client.send("Emulation.setTouchEmulationEnabled", {"enabled": False})
            client.detach()

    def complaints(self):
        """Return what the console has complained about and comes from the stage's own script."""
        words = ("rd-", "stage", "anywidget", "widget", "Unhandled")
        return [error for error in self.errors if any(word in error for word in words)]
