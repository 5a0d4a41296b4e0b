"""JupyterLab with Python in the reader's browser, as JupyterLite builds it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path, PurePosixPath

from jupyter_core.paths import jupyter_path
from jupyterlite_pyodide_kernel.constants import (
    PYODIDE_CDN_URL,
    PYODIDE_KERNEL_PLUGIN_ID,
    PYODIDE_LOCK,
    PYODIDE_PYTHON_VERSION,
    PYODIDE_VERSION,
)

from workshop.files import ROOT

FROM_PYODIDE = ("micropip", "numpy", "matplotlib", "ipython", "jedi", "typing-extensions")
"""What Pyodide's own distribution brings. Each comes with what it depends on."""
WHEELS = ("comm", "ipywidgets", "jupyterlab_widgets", "psygnal", "anywidget")
"""What Pyodide does not know: the site carries it, in the versions that are installed here."""
EXTENSIONS = ("@jupyterlite/pyodide-kernel-extension", "@jupyter-widgets/jupyterlab-manager", "anywidget")
CORE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", PYODIDE_LOCK)
# By another name, JupyterLab would ask which kernel to take.
KERNEL = {"name": "python", "display_name": "Python (Pyodide)", "language": "python"}
# As the kernel tells it: with any other word, JupyterLab calls a lesson unsaved that nobody has touched.
LANGUAGE = {
    "codemirror_mode": {"name": "python", "version": 3},
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "nbconvert_exporter": "python",
    "pygments_lexer": "ipython3",
    "version": "3.8",
}
NOT_LISTED = (
    "notebooks/pictures",
    "notebooks/TEACHING.md",
    "notebooks/teaching",
    "notebooks/homework/solutions",
)
"""Not a learner's. The list of files leaves them out; a link to one of them still leads there."""
SETTINGS = {
    "@jupyterlab/docmanager-extension:plugin": {"autosaveInterval": 5},
    "@jupyterlab/notebook-extension:tracker": {"kernelShutdown": True},
}
"""What is typed is kept at once, and a lesson that is closed gives its memory back."""
# Pyodide resolves the address of a wheel against that of the kernel's script, four folders down.
TO_WHEELS = "../../../../pypi/"


def build(output: Path, work: Path, pyodide: str | None = None) -> None:
    """Build JupyterLite into the folder `output`, with all that it is made from in the folder `work`.

    pyodide: a folder with Pyodide's files, which are copied into the site; the address of such a folder; or None
    for the public one. Raises RuntimeError with JupyterLite's or pip's last words when something fails.
    """
    url = host_pyodide(pyodide, work / "static" / "pyodide")
    wheels = gather_wheels(work / "wheels")
    copy_contents(work / "contents")
    _write(work / "jupyter-lite.json", settings(wheels, url))
    _write(work / "jupyter_lite_config.json", config(output, wheels))
    # All options stand in the file: other flags at a later command would undo them.
    run(sys.executable, "-m", "jupyterlite_core", "build", cwd=work)
    for name in NOT_LISTED:
        leave_out(output / "api" / "contents", PurePosixPath(name))


def leave_out(lists: Path, name: PurePosixPath) -> None:
    """Take a file or folder out of the list of files."""
    path = lists / name.parent / "all.json"
    listed = json.loads(path.read_text(encoding="utf-8"))
    listed["content"] = [one for one in listed["content"] if one["path"] != str(name)]
    _write(path, listed)


def gather_wheels(folder: Path) -> list[Path]:
    """Put the project's own wheel and those that Pyodide lacks into a folder, and return them."""
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "-q")
    run(*pip, "wheel", "--no-deps", "--no-build-isolation", "-w", folder, ROOT)
    anywhere = ("--platform", "any", "--implementation", "py", "--abi", "none", "--only-binary", ":all:")
    needed = [f"{name}=={version(name)}" for name in WHEELS]
    run(*pip, "download", "--no-deps", *anywhere, "-d", folder, *needed)
    return sorted(folder.glob("*.whl"))


def copy_contents(folder: Path) -> None:
    """Put the notebooks and the pictures in their texts into a folder, in their places."""
    leave = shutil.ignore_patterns(".ipynb_checkpoints", "__pycache__", "*.csv")
    shutil.copytree(ROOT / "notebooks", folder / "notebooks", ignore=leave)
    for path in (folder / "notebooks").rglob("*.ipynb"):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        notebook["metadata"] |= {"kernelspec": KERNEL, "language_info": LANGUAGE}
        _write(path, notebook)
    shutil.copy(ROOT / "README.md", folder)


def host_pyodide(pyodide: str | None, folder: Path) -> str:
    """Return the address of pyodide.mjs, after copying the files into `folder` where they are here."""
    if pyodide is None or "://" in pyodide:
        return f"{(pyodide or PYODIDE_CDN_URL).rstrip('/')}/pyodide.mjs"
    source, lock = Path(pyodide), {}
    if (source / PYODIDE_LOCK).is_file():
        lock = json.loads((source / PYODIDE_LOCK).read_text(encoding="utf-8"))
    names = [*CORE, *(packages_of(lock) if lock else ())]
    if missing := [name for name in names if not (source / name).is_file()]:
        raise RuntimeError(
            f"--pyodide {pyodide}: no lesson would run, for the folder has no {', '.join(missing)}."
        )
    compare(pyodide, (source / "pyodide.asm.mjs").read_text(encoding="utf-8"), lock["info"])
    folder.mkdir(parents=True)
    for name in names:
        shutil.copy(source / name, folder)
    return "./static/pyodide/pyodide.mjs"


def compare(pyodide: str, core: str, packages: dict) -> None:
    """Say it where the Pyodide in a folder is not the one that the kernel expects.

    core: its script; packages: what its lock says of the packages. RuntimeError: they cannot run together.
    """
    version, abi = (re.search(rf'API\.{name}="([^"]+)"', core) for name in ("version", "abiVersion"))
    version, abi = version[1] if version else "of an unknown version", abi[1] if abi else "unknown"
    words = (
        f"--pyodide {pyodide}: the folder has Pyodide {version} (ABI {abi}), with packages for Python "
        f"{packages['python']} (ABI {packages['abi_version']}). The installed jupyterlite-pyodide-kernel expects "
        f"Pyodide {PYODIDE_VERSION} with Python {PYODIDE_PYTHON_VERSION}."
    )
    if abi != packages["abi_version"] or not f"{packages['python']}.".startswith(
        f"{PYODIDE_PYTHON_VERSION}."
    ):
        raise RuntimeError(f"{words} They do not fit together.")
    if version != PYODIDE_VERSION:
        print(f"{words} It may run: open a lesson and see.", file=sys.stderr)


def packages_of(lock: dict) -> list[str]:
    """Return the files of the packages that the lessons need, by Pyodide's lock."""
    needed, left = {}, list(FROM_PYODIDE)
    while left:
        name = re.sub(r"[-_.]+", "-", left.pop()).lower()
        if name not in needed:
            needed[name] = lock["packages"][name]["file_name"]
            left += lock["packages"][name]["depends"]
    return sorted(needed.values())


def settings(wheels: list[Path], pyodide_url: str) -> dict:
    """Return what the browser reads: where Pyodide is, and what to load before the first cell."""
    kernel = {
        "pyodideUrl": pyodide_url,
        "disablePyPIFallback": True,
        "loadPyodideOptions": {"packages": [*FROM_PYODIDE, *(TO_WHEELS + wheel.name for wheel in wheels)]},
    }
    data = {
        "appName": "Rolling Downhill",
        "exposeAppInBrowser": True,
        "litePluginSettings": {PYODIDE_KERNEL_PLUGIN_ID: kernel},
        "settingsOverrides": SETTINGS,
        # JupyterLab would bring back whatever was open before, each with a Python of its own: what lay open is
        # remembered as long as the page stands, what was typed stays in the files.
        "enableMemoryStorage": True,
        "workspacesStorageDrivers": ["memoryStorageDriver"],
    }
    return {"jupyter-lite-schema-version": 0, "jupyter-config-data": data}


def config(output: Path, wheels: list[Path]) -> dict:
    """Return the options of the build."""
    lite = {
        "output_dir": str(output),
        "contents": ["contents"],
        "apps": ["lab"],
        "no_sourcemaps": True,
        "no_unused_shared_packages": True,
        # Only these three, whatever else the builder has installed.
        "ignore_sys_prefix": ["federated_extensions"],
        "federated_extensions": [str(extension(name)) for name in EXTENSIONS],
    }
    return {
        "LiteBuildConfig": lite,
        "PipliteAddon": {"piplite_urls": [f"wheels/{wheel.name}" for wheel in wheels]},
    }


def extension(name: str) -> Path:
    """Return the folder of an extension of JupyterLab. RuntimeError: it is not installed."""
    places = [Path(place) / name for place in jupyter_path("labextensions")]
    for place in places:
        if place.is_dir():
            return place
    raise RuntimeError(f"JupyterLab's extension {name} is not installed: it needs the extra [site].")


def run(*command, cwd: Path | None = None) -> None:
    """Run a command in silence; RuntimeError with its last words when it fails."""
    parts = [str(part) for part in command]
    done = subprocess.run(parts, cwd=cwd, capture_output=True, text=True, check=False, errors="replace")
    if done.returncode:
        raise RuntimeError("\n".join((done.stdout + done.stderr).strip().splitlines()[-15:]))


def _write(path: Path, data: dict) -> None:
    path.write_text(json.dumps(data, indent=1), encoding="utf-8")
