"""Where the notebooks are, and how they stand in git."""

import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LESSONS = sorted((ROOT / "notebooks").glob("*.ipynb"))
NOTEBOOKS = sorted(
    path for path in (ROOT / "notebooks").rglob("*.ipynb") if ".ipynb_checkpoints" not in path.parts
)


def git(*arguments, cwd=ROOT):
    """Return what git prints, as bytes, or None where there is no git or no checkout."""
    if shutil.which("git") is None:
        return None
    # Settings of the machine must not decide; those of the caller's own git command (a hook) neither.
    env = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    env |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    done = subprocess.run(
        ["git", "-c", f"safe.directory={ROOT}", *arguments],
        cwd=cwd,
        env=env,
        capture_output=True,
        check=False,
    )
    return done.stdout if done.returncode == 0 else None


def as_committed(path):
    """Return the bytes of a file as git holds them; those on the disk when git does not know the file.

    A learner's own copy may hold outputs. What is handed on to others may not.
    """
    held = git("show", f":{path.relative_to(ROOT).as_posix()}")
    return path.read_bytes() if held is None else held
