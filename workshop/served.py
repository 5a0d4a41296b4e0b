"""Run a notebook through the API of a Jupyter server, as the page of JupyterLab does."""

import asyncio
import json
import urllib.request
import uuid
from urllib.parse import quote

from tornado.websocket import websocket_connect

PATIENCE = 180  # seconds for one cell
MUTE = 10  # seconds without a word, until a new connection is tried
AGAIN = 2  # seconds without an end, until the kernel is asked again


class Served:
    """A server at `url`, which ends in its base URL ("http://127.0.0.1:8888/user/a/"), with a token."""

    def __init__(self, url, token):
        self.url, self.token = url, token

    def ask(self, path, method="GET", body=None):
        """Return what the server answers, as bytes. HTTPError: it refuses."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + quote(path), data, method=method)
        request.add_header("Authorization", f"token {self.token}")
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.read()

    def run(self, notebook):
        """Run the cells of a notebook in a kernel of its own, as far as the first error; return what went wrong.

        notebook: its path from the server's folder. What a cell writes to stderr is wrong as well.
        """
        content = json.loads(self.ask(f"api/contents/{notebook}"))["content"]
        cells = [cell["source"] for cell in content["cells"] if cell["cell_type"] == "code"]
        wanted = {"path": notebook, "name": notebook, "type": "notebook", "kernel": {"name": "python3"}}
        session = json.loads(self.ask("api/sessions", "POST", wanted))
        try:
            return asyncio.run(self._in_kernel(session["kernel"]["id"], cells))
        finally:
            self.ask(f"api/sessions/{session['id']}", "DELETE")

    async def _in_kernel(self, kernel, cells):
        waiting, channels = "the kernel said nothing", None
        try:
            channels, problems = await asyncio.wait_for(self._connected(kernel), PATIENCE)
            for number, cell in enumerate(cells, start=1):
                if problems:
                    break
                waiting = f"code cell {number} did not end"
                problems = await asyncio.wait_for(_execute(channels, cell), PATIENCE)
            return problems
        except asyncio.TimeoutError:
            return [f"{waiting} within {PATIENCE} s"]
        finally:
            if channels:
                channels.close()

    async def _connected(self, kernel):
        """Connect to a kernel until it is heard; return the websocket and what went wrong.

        About one first connection in seventy stays mute, for the reason that `_dealt_with` gives.
        """
        address = f"ws{self.url.removeprefix('http')}api/kernels/{kernel}/channels?token={self.token}"
        while True:
            channels = await websocket_connect(address, max_message_size=2**28)
            try:
                return channels, await asyncio.wait_for(_heard(channels), MUTE)
            except BaseException as problem:
                channels.close()
                if not isinstance(problem, asyncio.TimeoutError):
                    raise


async def _heard(channels):
    """Wait until the kernel is heard: what it says before the server listens to it is lost."""
    return await _dealt_with(channels, {await _send(channels, "kernel_info_request", {})}, any_will_do=True)


async def _execute(channels, code):
    """Run a cell; return its errors and what it wrote to stderr."""
    content = {"code": code, "silent": False, "store_history": True, "allow_stdin": False}
    return await _dealt_with(channels, {await _send(channels, "execute_request", content)})


async def _dealt_with(channels, names, any_will_do=False):
    """Wait until the kernel has dealt with one of the requests; return what `_problems` does.

    A request can lie in ipykernel 7 unread until the next one wakes it (its issue 1554): about once in a thousand, where
    it comes in the moment in which the reply to an earlier one is sent. So every now and then there is a next one.
    """
    reading = asyncio.ensure_future(_problems(channels, names))
    try:
        while not (await asyncio.wait({reading}, timeout=AGAIN))[0]:
            name = await _send(channels, "kernel_info_request", {})
            if any_will_do:
                names.add(name)
        return reading.result()
    finally:
        reading.cancel()


async def _send(channels, kind, content):
    """Send a request; return its id."""
    name = uuid.uuid4().hex
    header = {"msg_id": name, "msg_type": kind, "session": "s", "username": "", "version": "5.3"}
    message = {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell"}
    await channels.write_message(json.dumps(message))
    return name


async def _problems(channels, names):
    """Wait until the kernel has replied to one of the requests and is idle again, as JupyterLab does.

    Return the errors and what was written to stderr.
    """
    problems, ends = [], {}
    while True:
        text = await channels.read_message()
        if text is None:
            return [*problems, "the kernel's connection was closed"]
        if isinstance(text, bytes):  # pictures of a widget
            continue
        said = json.loads(text)
        if (name := said["parent_header"].get("msg_id")) in names:
            kind, content = said["msg_type"], said["content"]
            if kind == "error":
                problems.append(f"{content['ename']}: {content['evalue']}")
            if kind == "stream" and content["name"] == "stderr":
                problems.append(content["text"].strip())
            if kind.endswith("_reply") or (kind == "status" and content["execution_state"] == "idle"):
                ends.setdefault(name, set()).add(kind)
                if len(ends[name]) == 2:
                    return problems
