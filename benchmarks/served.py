"""Run a notebook through the API of a Jupyter server, as the page of JupyterLab does."""

import asyncio
import json
import urllib.request
import uuid
from urllib.parse import quote

from tornado.websocket import websocket_connect

PATIENCE = 180  # seconds for one cell


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
        address = f"ws{self.url.removeprefix('http')}api/kernels/{kernel}/channels?token={self.token}"
        channels = await websocket_connect(address, max_message_size=2**28)
        try:
            for cell in cells:
                problems = await asyncio.wait_for(_execute(channels, cell), PATIENCE)
                if problems:
                    return problems
            return []
        finally:
            channels.close()


async def _execute(channels, code):
    """Run a cell; return its errors and what it wrote to stderr."""
    name = uuid.uuid4().hex
    header = {"msg_id": name, "msg_type": "execute_request", "session": "s", "username": "", "version": "5.3"}
    content = {"code": code, "silent": False, "store_history": True, "allow_stdin": False}
    message = {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell"}
    await channels.write_message(json.dumps(message))
    problems = []
    while True:
        text = await channels.read_message()
        if text is None:
            return [*problems, "the kernel's connection was closed"]
        if isinstance(text, bytes):  # pictures of a widget
            continue
        said = json.loads(text)
        if said["parent_header"].get("msg_id") == name:
            kind, content = said["msg_type"], said["content"]
            if kind == "error":
                problems.append(f"{content['ename']}: {content['evalue']}")
            if kind == "stream" and content["name"] == "stderr":
                problems.append(content["text"].strip())
            if kind == "status" and content["execution_state"] == "idle":
                return problems
