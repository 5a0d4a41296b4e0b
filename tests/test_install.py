"""A learner's install stays small beside what JupyterLab, numpy, matplotlib and ipywidgets bring anyway."""

import re
import subprocess

import pytest

from tests.conftest import cannot
from workshop.environments import uv
from workshop.files import ROOT

USUAL = ("jupyterlab", "numpy", "matplotlib", "ipywidgets")
MORE = 10  # packages at most


def resolved(text):
    """Return the names of all packages that an install of these requirements brings."""
    try:
        done = subprocess.run(
            [*uv("pip"), "compile", "-q", "--no-header", "--no-annotate", "-"],
            input=text,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
    except (ImportError, OSError) as problem:
        cannot(f"The requirements cannot be resolved here: {problem}")
    if done.returncode:
        cannot(f"The requirements cannot be resolved here: {done.stderr.strip()}")
    return {
        re.split("[= ]", line.replace("-e .", "rolling-downhill"))[0] for line in done.stdout.splitlines()
    }


@pytest.mark.line("release")  # what the index has today decides
def test_the_learners_install_brings_few_packages_more():
    ours = resolved((ROOT / "requirements.txt").read_text(encoding="utf-8"))
    usual = resolved("\n".join(USUAL))
    assert set(USUAL) <= usual and {"anywidget", *USUAL} <= ours
    assert len(ours - usual) <= MORE, sorted(ours - usual)
    assert "anywidget" in ours - usual, "the comparison finds nothing"
