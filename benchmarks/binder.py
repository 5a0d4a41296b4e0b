"""Rehearse what Binder does with the committed state, without Docker.

    python -m benchmarks.binder                  one lesson
    python -m benchmarks.binder --all            every lesson and homework
    python -m benchmarks.binder --clone FOLDER   another checkout, or the address of a repository

repo2docker prints the Dockerfile for a clean clone. Its COPY and RUN lines that concern the project are replayed
in a fresh environment with the base packages that Binder pins. The server is then started as Binder starts it,
and notebooks run through its API. The table says what the project adds to Binder's base. For Linux.
"""

import argparse
import os
import re
import shutil
import string
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from benchmarks.served import Served, end
from tests.browser.lab import free_port
from tests.environments import BIN, interpreter, new_environment, python_in
from tools.links import ROOT, binder, notebooks

REPO2DOCKER = "jupyter-repo2docker==2026.4.*"
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


class RehearsalError(Exception):
    """Binder would not run the lessons; the text says why in one sentence."""


def clone(source, folder):
    """Put the committed state of a checkout into `folder`."""
    run = subprocess.run(["git", "clone", "-q", str(source), str(folder)], capture_output=True, text=True)
    if run.returncode:
        raise RehearsalError(f"git clone fails: {_last(run.stderr)}")
    return folder


def dockerfile(folder):
    """Return the Dockerfile that Binder would build for a folder."""
    python = python_in(".venv-repo2docker", REPO2DOCKER)
    command = [python, "-m", "repo2docker", *PRINT, str(folder)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    found = re.search(r"^FROM .*?^CMD [^\n]+$", run.stdout + run.stderr, re.MULTILINE | re.DOTALL)
    if run.returncode or not found:
        raise RehearsalError(f"repo2docker fails: {_last(run.stderr)}")
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
        self.seconds = 0.0
        version, names, pinned = base(text)
        self.version = version if interpreter(version) else "{}.{}".format(*sys.version_info)
        constraints = folder / "base.txt"
        constraints.write_text("".join(f"{name}=={number}\n" for name, number in pinned.items()))
        new_environment(self.env, *names, "-c", constraints, python=interpreter(self.version))
        self.base, self.base_size = self.packages(), self.size()

    def variables(self):
        """Return the variables that the lines of a Dockerfile see."""
        foreign = re.compile(r"PYTHON|VIRTUAL_ENV|JUPYTER|IPYTHON|MPL|XDG_|GIT_")
        kept = {name: value for name, value in os.environ.items() if not foreign.match(name)}
        prefix, home = str(self.env), str(self.home)
        kept |= {"KERNEL_PYTHON_PREFIX": prefix, "NB_PYTHON_PREFIX": prefix, "REPO_DIR": home, "HOME": home}
        path = os.pathsep.join([f"{prefix}/bin", f"{home}/.local/bin", os.environ["PATH"]])
        return kept | {"PATH": path, "LC_ALL": "C.UTF-8", "PYTHONUNBUFFERED": "1"}

    def replay(self, lines):
        """Replay lines of the Dockerfile; count the seconds. RehearsalError: one of them does not work."""
        start = time.perf_counter()
        for word, rest in lines:
            if word == "COPY":
                self._copy(*string.Template(rest).substitute(self.variables()).split())
            else:
                self._run(rest)
        self.seconds += time.perf_counter() - start

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
            why = CRLF if "bash\\r" in said else _last(said)
            raise RehearsalError(f"RUN {line} fails: {why}")

    def packages(self):
        """Return the installed packages with their versions."""
        ask = "import importlib.metadata as m; print(*{f'{d.name}=={d.version}' for d in m.distributions()})"
        run = subprocess.run([self.env / BIN, "-c", ask], capture_output=True, text=True, check=True)
        return dict(one.split("==") for one in run.stdout.split())

    def size(self):
        """Return the bytes of the environment and of what lies hidden in `home`, such as the list of fonts."""
        folders = [self.env, self.home / ".cache", self.home / ".config"]
        files = {path for folder in folders for path in folder.rglob("*")}
        return sum(path.lstat().st_size for path in files if path.is_file() and not path.is_symlink())

    @contextmanager
    def server(self):
        """Start the server with the arguments that Binder gives it; yield it once it answers."""
        port = free_port()
        given = [f"--NotebookApp.base_url={BASE_URL}", f"--NotebookApp.token={TOKEN}"]
        given += ["--NotebookApp.trust_xheaders=True", "--NotebookApp.allow_origin=*"]
        given += [one.replace("NotebookApp", "ServerApp") for one in given]
        root = [] if os.geteuid() else ["--allow-root"]
        command = [self.env / "bin/jupyter-notebook", "--ip=127.0.0.1", f"--port={port}", *given, *root]
        with (self.folder / "server.log").open("w") as log:
            process = subprocess.Popen(
                command, cwd=self.home, env=self.variables(), stdout=log, stderr=subprocess.STDOUT
            )
            try:
                served = Served(f"http://127.0.0.1:{port}{BASE_URL}", TOKEN)
                self._wait(process, served)
                yield served
            finally:
                end(process)

    def _wait(self, process, served):
        for _ in range(600):
            if process.poll() is not None:
                raise RehearsalError(f"the server ends: {_last((self.folder / 'server.log').read_text())}")
            try:
                return served.ask("api/status")
            except OSError:
                time.sleep(0.1)
        raise RehearsalError("the server did not answer within a minute")

    def run(self, paths):
        """Open notebooks by their links, and run them. RehearsalError: one of them is not there or has an error."""
        with self.server() as served:
            for path in paths:
                link = binder(path).split("?urlpath=/")[1]
                if b"jupyter-config-data" not in served.ask(link):
                    raise RehearsalError(f"{link} does not open JupyterLab")
                problems = served.run(path)
                if problems:
                    raise RehearsalError(f"{path} fails: {_last(problems[0])}")


def _last(text):
    lines = text.strip().splitlines()
    return lines[-1] if lines else "it says nothing"


def table(image, paths):
    """Return what the project adds to Binder's base, in lines; and whether the base stays as it was."""
    now = image.packages()
    added = sorted(set(now) - set(image.base))
    changed = [f"{n} {v} → {now.get(n, 'gone')}" for n, v in image.base.items() if now.get(n) != v]
    rows = {
        "Python": image.version,
        "packages of the base": len(image.base),
        "packages added": f"{len(added)}: {', '.join(added)}",
        "base packages changed": ", ".join(changed) or "none",
        "MB added": f"{(image.built_size - image.base_size) / 1e6:.0f}",
        "seconds added": f"{image.seconds:.1f}",
        "notebooks run": f"{len(paths)}: {', '.join(Path(path).stem for path in paths)}",
    }
    return [f"{name:<24}{value}" for name, value in rows.items()], not changed


def rehearse(source, paths):
    """Print the table for the committed state of `source`; return whether Binder would run it."""
    with tempfile.TemporaryDirectory() as folder:
        text = dockerfile(clone(source, Path(folder) / "src"))
        image = Image(Path(folder), text)
        if image.version != base(text)[0]:
            print(f"Python {base(text)[0]}, which Binder takes, is not on this machine")
        image.replay(steps(text))
        image.built_size = image.size()
        image.run(paths)
        lines, kept = table(image, paths)
        print("\n".join(lines))
        return kept


def main():
    """Rehearse, and print a table or the sentence that says what fails."""
    parser = argparse.ArgumentParser(description="Rehearse what Binder does with the committed state.")
    parser.add_argument("--all", action="store_true", help="run every lesson and homework, and not only one")
    parser.add_argument(
        "--clone", default=ROOT, metavar="FOLDER", help="a checkout or a repository's address"
    )
    given = parser.parse_args()
    lessons, homework = notebooks()
    try:
        return int(not rehearse(given.clone, lessons + homework if given.all else lessons[3:4]))
    except RehearsalError as problem:
        print(problem)
        return 1


if __name__ == "__main__":
    sys.exit(main())
