"""The browser's half of the stage, as far as it can be looked at without a browser."""

import subprocess

import pytest

from lesson_utils.stage import Stage

pytestmark = pytest.mark.line("change")


def test_it_is_javascript(tmp_path):
    """A name declared twice leaves every figure blank; this says which."""
    from playwright._impl._driver import compute_driver_executable  # brings a Node.js of its own

    script = tmp_path / "stage.mjs"
    script.write_text(Stage._esm, encoding="utf-8")
    node = compute_driver_executable()[0]
    done = subprocess.run([node, "--check", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
