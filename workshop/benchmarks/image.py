"""What Binder builds from a checkout, built without Docker from the Dockerfile that repo2docker prints. For Linux."""

import os
import re
import shutil
import string
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

from workshop.environments import BIN, interpreter, made, new_environment
from workshop.lab import end_with_family, free_port
from workshop.links import binder
from workshop.served import Served

REPO2DOCKER = ".venv-repo2docker"
PRINT = (
    "--no-build",
    "--debug",
    "--Repo2Docker.default_buildpack=None",
    "--Repo2Docker.platform=linux/amd64",
)
ON_PYPI = {
    "jupyterhub-singleuser": "jupyterhub",
    "jupyterhub-base": "jupyterhub",
    "nbconvert-core": "nbconvert",
}
BASE_URL, TOKEN = "/user/rehearsal/", "rehearsal"
CRLF = "its lines end with CRLF; `git add --renormalize .` mends that"
PATIENCE = 600  # seconds for one line of the Dockerfile
START = 180  # seconds for the server


class RehearsalError(Exception):
    """Binder would not run the lessons; the text says why in one sentence."""


def clone(source, folder):
    """Put the committed state of a checkout into `folder`."""
    run = subprocess.run(["git", "clone", "-q", str(source), str(folder)], capture_output=True, text=True)
    if run.returncode:
        raise RehearsalError(f"git clone fails: {last_line(run.stderr)}")
    return folder


def dockerfile(folder):
    """Return the Dockerfile that Binder would build for a folder."""
    command = [made(REPO2DOCKER), "-m", "repo2docker", *PRINT, str(folder)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    found = re.search(r"^FROM .*?^CMD [^\n]+$", run.stdout + run.stderr, re.MULTILINE | re.DOTALL)
    if run.returncode or not found:
        raise RehearsalError(f"repo2docker fails: {last_line(run.stderr)}")
    return found.group()


def steps(text):
    """Return the COPY and RUN lines that concern the project, in order: pairs of the word and what follows.

    They begin where Binder copies the first file of the project. RehearsalError: one of them needs the machine's root.
    """
    joined, user, found = text.replace("\\\n", " "), "root", []
    for word, rest in re.findall(r"^(COPY|RUN|USER) (.+)$", joined, re.MULTILINE):
        if word == "USER":
            user = rest
        elif word == "COPY" and (source := re.search(r"(?<= )src/.*", rest)):
            found.append((word, source.group()))
        elif word == "RUN" and found:
            if user == "root":
                raise RehearsalError(f"RUN {rest} needs root, and cannot be rehearsed")
            found.append((word, rest))
    return found


def base(text):
    """Return the Python that a Dockerfile's lock file names ("3.12"), and its packages as pip takes them.

    The packages' names are followed by a constraint for every package that the lock file pins.
    """
    escaped = re.search(r"build_script_files/(\S+)-\w{6} /tmp/env/environment\.lock", text)[1]
    lock = Path(re.sub("-([0-9a-f]{2})", lambda code: chr(int(code[1], 16)), escaped))
    pinned = re.findall(r"/([\w.-]+)-([\w.]+)-(?:py|\w*_cpython)[\w]*\.conda", lock.read_text())
    pinned = {ON_PYPI.get(name, name): version for name, version in pinned}
    wanted = Path(re.sub(r"-linux-\w+\.lock$", ".yml", str(lock))).read_text()
    names = [ON_PYPI.get(name, name) for name in re.findall(r"^- ([\w-]+)", wanted, re.MULTILINE)]
    python = pinned.pop("python")
    return ".".join(python.split(".")[:2]), [n for n in names if n in pinned], pinned


class Image:
    """What Binder builds: a `home` that holds the project, and an `env`. Both stand in `folder`, beside src."""

    def __init__(self, folder, text):
        self.folder, self.home, self.env = folder, folder / "home", folder / "env"
        self.home.mkdir()
        version, names, pinned = base(text)
        self.version = version if interpreter(version) else "{}.{}".format(*sys.version_info)
        constraints = folder / "base.txt"
        constraints.write_text("".join(f"{name}=={number}\n" for name, number in pinned.items()))
        new_environment(self.env, *names, "-c", constraints, python=interpreter(self.version))
        self.base, self.base_files = self.packages(), set(self.env.rglob("*"))

    def variables(self):
        """Return the variables that the lines of a Dockerfile see."""
        foreign = re.compile(r"PYTHON|VIRTUAL_ENV|JUPYTER|IPYTHON|MPL|XDG_|GIT_")
        kept = {name: value for name, value in os.environ.items() if not foreign.match(name)}
        prefix, home = str(self.env), str(self.home)
        kept |= {"KERNEL_PYTHON_PREFIX": prefix, "NB_PYTHON_PREFIX": prefix, "REPO_DIR": home, "HOME": home}
        path = os.pathsep.join([f"{prefix}/bin", f"{home}/.local/bin", os.environ["PATH"]])
        return kept | {"PATH": path, "LC_ALL": "C.UTF-8", "PYTHONUNBUFFERED": "1"}

    def replay(self, lines):
        """Replay lines of the Dockerfile; return the seconds. RehearsalError: one of them does not work."""
        start = time.perf_counter()
        for word, rest in lines:
            if word == "COPY":
                self._copy(*string.Template(rest).substitute(self.variables()).split())
            else:
                self._run(rest)
        return time.perf_counter() - start

    def _copy(self, source, target):
        source, target = self.folder / source, Path(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, symlinks=True, dirs_exist_ok=True)
        else:
            shutil.copy(source, target)

    def _run(self, line):
        run = subprocess.run(
            ["sh", "-c", line],
            cwd=self.home,
            env=self.variables(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=PATIENCE,
            check=False,
        )
        if run.returncode:
            said = run.stdout.decode(errors="replace")
            why = CRLF if "bash\\r" in said else last_line(said)
            raise RehearsalError(f"RUN {line} fails: {why}")

    def packages(self):
        """Return the installed packages with their versions."""
        ask = "import importlib.metadata as m; print(*{f'{d.name}=={d.version}' for d in m.distributions()})"
        run = subprocess.run([self.env / BIN, "-c", ask], capture_output=True, text=True, check=True)
        return dict(one.split("==") for one in run.stdout.split())

    def added_size(self):
        """Return the bytes that came to the base, in the environment and hidden in `home` (the list of fonts)."""
        folders = (self.env, self.home / ".cache", self.home / ".config")
        new = {path for folder in folders for path in folder.rglob("*")} - self.base_files
        # A package of the base that is imported for the first time is compiled: that is no addition of ours.
        new = [
            path
            for path in new
            if path.parent.name != "__pycache__" or path.parents[1] not in self.base_files
        ]
        return sum(path.stat().st_size for path in new if path.is_file() and not path.is_symlink())

    @contextmanager
    def server(self):
        """Start the server with the arguments that Binder gives it; yield it once it answers."""
        try:
            process, served = self._start()
        except RehearsalError as problem:  # another process may have taken its port
            print(f"started again: {problem}")
            process, served = self._start()
        try:
            yield served
        finally:
            end_with_family(process)

    def _start(self):
        """Start the server on a port that is free; return the process and the server. RehearsalError: it is mute."""
        port = free_port()
        given = [f"--NotebookApp.base_url={BASE_URL}", f"--NotebookApp.token={TOKEN}"]
        given += ["--NotebookApp.trust_xheaders=True", "--NotebookApp.allow_origin=*"]
        given += [one.replace("NotebookApp", "ServerApp") for one in given]
        given += [f"--port={port}", "--ServerApp.port_retries=0", *([] if os.geteuid() else ["--allow-root"])]
        command = [self.env / "bin/jupyter-notebook", "--ip=127.0.0.1", *given]
        with (self.folder / "server.log").open("w") as log:
            process = subprocess.Popen(
                command, cwd=self.home, env=self.variables(), stdout=log, stderr=subprocess.STDOUT
            )
        served, end = Served(f"http://127.0.0.1:{port}{BASE_URL}", TOKEN), time.monotonic() + START
        while process.poll() is None and time.monotonic() < end:
            try:
                served.ask("api/status")
                return process, served
            except OSError:
                time.sleep(0.1)
        why = f"does not answer within {START} s" if process.poll() is None else "ends"
        end_with_family(process)
        raise RehearsalError(f"the server {why}: {last_line((self.folder / 'server.log').read_text())}")

    def lose(self, package):
        """Take a package out of the environment, as if no line had installed it."""
        pip = [self.env / "bin/pip", "uninstall", "-q", "-y", package]
        subprocess.run(pip, env=self.variables(), capture_output=True, check=True)


def run(served, path):
    """Open a notebook by its link, and run it. RehearsalError: it is not there or has an error."""
    link = binder(path).split("?urlpath=/")[1]
    if b"jupyter-config-data" not in served.ask(link):
        raise RehearsalError(f"{link} does not open JupyterLab")
    problems = served.run(path)
    if problems:
        raise RehearsalError(f"{path} fails: {last_line(problems[0])}")


def last_line(text):
    lines = text.strip().splitlines()
    return lines[-1] if lines else "it says nothing"
