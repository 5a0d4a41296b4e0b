"""The benchmarks run and print their tables; what they measure is for a quiet machine, not for a test."""

import subprocess
import sys

import pytest

from workshop.files import ROOT

pytestmark = pytest.mark.line("release")


def test_the_redraw_benchmark_prints_its_table():
    command = [sys.executable, "-m", "workshop.benchmarks.redraw", "--presses", "4", "--seconds", "0"]
    done = subprocess.run(
        [*command, "--explorers", "ParabolaExplorer"],
        capture_output=True,
        text=True,
        timeout=300,
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert "@interact, new figure" in done.stdout and "times better" in done.stdout
