"""The quick line says the same on every processor: OpenBLAS is made to take the kernels of an old and of a new one."""

import os
import subprocess
import sys

import pytest

from tests.conftest import cannot
from workshop.files import ROOT

EXTREMES = ("Prescott", "SkylakeX")  # SSE3, and AVX-512
MULTIPLIES = "import numpy as np; a = np.ones((100, 100)); a @ a"


@pytest.mark.line("release")
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("core", EXTREMES)
def test_the_quick_line_passes_on(core):
    env = {**os.environ, "OPENBLAS_CORETYPE": core}
    env.pop("PYTEST_ADDOPTS", None)
    able = subprocess.run([sys.executable, "-c", MULTIPLIES], env=env, capture_output=True, check=False)
    if able.returncode:
        cannot(f"This processor cannot run OpenBLAS's kernels for {core}")
    line = [sys.executable, "-m", "pytest", "-n", "1", "-p", "no:cacheprovider"]
    done = subprocess.run(line, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]
