"""A real JupyterHub on this machine: its proxy, a server for each student, and an end to all of it."""

import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest

from workshop.environments import made
from workshop.lab import end_with_family, free_port

PROXY = "configurable-http-proxy"
PATIENCE = 240  # seconds for a server to start, on a machine that starts twenty
CONFIG = """
c.JupyterHub.bind_url = "http://127.0.0.1:{port}"
c.JupyterHub.hub_port = {hub_port}
c.JupyterHub.db_url = "sqlite:///{folder}/hub.sqlite"
c.JupyterHub.cookie_secret_file = "{folder}/cookie_secret"
c.JupyterHub.services = [{{"name": "classroom", "api_token": "{token}"}}]
c.JupyterHub.load_roles = [{{
    "name": "classroom",
    "services": ["classroom"],
    "scopes": ["admin:users", "admin:servers", "access:servers"],
}}]
c.ConfigurableHTTPProxy.command = ["node", "{proxy}"]
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{api_port}"
c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allow_all = True
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = "{folder}/home/{{username}}"
c.Spawner.cmd = ["{python}", "-m", "jupyterhub.singleuser"]
c.Spawner.args = {args}
c.Spawner.start_timeout = c.Spawner.http_timeout = {patience}
"""


def proxy_script():
    """Return the proxy's script, which npm has put into a folder beside the hub's environment."""
    return made(".venv-hub-proxy") / PROXY / "bin" / PROXY


class HubEndedError(RuntimeError):
    """The hub has ended; the text is the end of its log."""


class Hub:
    """A running JupyterHub; use it with `async with`. RuntimeError: it cannot be installed or does not start."""

    def __init__(self):
        self.python = made(".venv-hub")
        self.folder = Path(tempfile.mkdtemp(prefix="hub-"))
        self.token = os.urandom(16).hex()
        self.headers = {"Authorization": f"token {self.token}"}
        self._client = AsyncHTTPClient(force_instance=True, max_clients=200)
        self._servers = {}  # name of a student -> process
        self.process = None

    async def __aenter__(self):
        try:
            try:
                await self._start()
            except HubEndedError as problem:  # another process may have taken one of its ports
                print(f"JupyterHub is started again: {str(problem)[-300:]!r}", file=sys.stderr)
                end_with_family(self.process, 15)
                await self._start()
        except BaseException:
            self.close()
            raise
        return self

    async def _start(self):
        """Start the hub on ports that are free, and wait until it answers."""
        self.base = f"http://127.0.0.1:{(port := free_port())}"
        config = self.folder / "jupyterhub_config.py"
        root = os.name != "nt" and os.geteuid() == 0
        text = CONFIG.format(
            port=port,
            hub_port=free_port(),
            api_port=free_port(),
            folder=self.folder,
            token=self.token,
            proxy=proxy_script(),
            python=self.python,
            args=["--allow-root"] if root else [],
            patience=PATIENCE,
        )
        config.write_text(text, encoding="utf-8")
        command = [self.python, "-m", "jupyterhub", "-f", str(config)]
        with (self.folder / "log.txt").open("w") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, cwd=self.folder)
        await self._until(lambda: self.ask("/hub/api/"), "JupyterHub did not answer")

    async def __aexit__(self, *_):
        self.close()

    async def _until(self, ready, complaint):
        """Call `ready` until it returns something true, for as long as the hub runs."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise HubEndedError(self.log()[-3000:])
            try:
                if await ready():
                    return
            except (OSError, HTTPClientError):
                pass
            await asyncio.sleep(0.5)
        raise RuntimeError(f"{complaint} within {PATIENCE} s\n{self.log()[-3000:]}")

    def log(self):
        """Return what the hub has said."""
        return (self.folder / "log.txt").read_text(encoding="utf-8", errors="replace")

    async def ask(self, path, method="GET", body=None):
        """Return the answer of the hub or of a student's server; asked again while it says "too many" (429)."""
        data = json.dumps(body or {}) if method == "POST" else None
        request = HTTPRequest(
            self.base + path, method=method, headers=self.headers, body=data, request_timeout=PATIENCE
        )
        while True:
            answer = await self._client.fetch(request, raise_error=False)
            if answer.code != 429:
                break
            await asyncio.sleep(float(answer.headers.get("Retry-After", 1)))
        if answer.code >= 400:
            raise HTTPClientError(answer.code, f"{path}: {answer.reason}", answer)
        return json.loads(answer.body) if answer.body else {}

    async def start_server(self, name):
        """Start the server of the student `name`, and wait until it answers."""
        await self.ask(f"/hub/api/users/{name}", "POST")
        await self.ask(f"/hub/api/users/{name}/server", "POST")

        async def ready():
            servers = (await self.ask(f"/hub/api/users/{name}"))["servers"]
            return servers.get("", {}).get("ready")

        await self._until(ready, f"{name}'s server did not start")

    def server(self, name):
        """Return the process of a student's server."""
        if name not in self._servers:
            for child in psutil.Process(self.process.pid).children():
                with_name = child.environ().get("JUPYTERHUB_USER")
                if with_name:
                    self._servers[with_name] = child
        return self._servers[name]

    def memory(self, name):
        """Return (PSS, USS) in MB of a student's server and its kernels; without PSS on this system, (None, USS)."""
        server = self.server(name)
        return _memory([server, *server.children(recursive=True)])

    def own_memory(self):
        """Return (PSS, USS) in MB of the hub and its proxy, which all students share."""
        hub = psutil.Process(self.process.pid)
        return _memory([hub, *(child for child in hub.children() if child not in self._servers.values())])

    def close(self):
        """End the hub, its proxy, and every server and kernel that it started."""
        self._client.close()
        if self.process:
            end_with_family(self.process, 15)
        shutil.rmtree(self.folder, ignore_errors=True)


def _memory(processes):
    seen = [process.memory_full_info() for process in processes]
    shared = sum(one.pss for one in seen) / 1e6 if hasattr(seen[0], "pss") else None
    return shared, sum(one.uss for one in seen) / 1e6
