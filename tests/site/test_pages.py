"""The pages are valid HTML, as html-validate sees it."""

import json
import shutil
import subprocess

import pytest
from filelock import FileLock

from tests.conftest import cannot
from tests.site.building import FOLDER

VERSION = "10.17.0"


@pytest.fixture(scope="session")
def validate(site):
    """Return a function that hands files to the validator and returns what it finds wrong."""
    npm = shutil.which("npm")
    if npm is None:
        cannot("npm is not installed, and html-validate comes from it: on Debian `sudo apt install npm`")
    folder = FOLDER / f"html-validate-{VERSION}"
    with FileLock(f"{folder}.lock"):
        if not (folder / "node_modules/html-validate/package.json").exists():
            folder.mkdir(exist_ok=True)
            (folder / "package.json").write_text('{"private": true}')
            (folder / ".htmlvalidate.json").write_text(
                '{"root": true, "extends": ["html-validate:recommended"]}'
            )
            done = subprocess.run(
                [npm, "install", "--silent", f"html-validate@{VERSION}"],
                cwd=folder,
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode:
                cannot(f"npm cannot install html-validate: {(done.stderr or done.stdout).strip()[-300:]}")

    def run(*paths):
        node, script = shutil.which("node"), "node_modules/html-validate/bin/html-validate.mjs"
        command = [node, script, "--config", ".htmlvalidate.json", "--formatter", "json", *map(str, paths)]
        # Into a file: the validator ends before a pipe has taken all of it.
        with (folder / "found.json").open("w") as out:
            subprocess.run(command, cwd=folder, stdout=out, check=False)
        results = json.loads((folder / "found.json").read_text(encoding="utf-8"))
        return [
            f"{one['filePath']}:{message['line']}: {message['ruleId']}: {message['message']}"
            for one in results
            for message in one["messages"]
        ]

    return run


def test_all_pages_are_valid(site, validate, tmp_path):
    bad = tmp_path / "bad.html"
    bad.write_text("<!DOCTYPE html>\n<html><p><img src=x></html>", encoding="utf-8")
    found = validate(site / "index.html", site / "open.html", *sorted((site / "read").glob("*.html")), bad)
    assert any("wcag/h37" in line for line in found), "a picture without words must be found"
    assert [line for line in found if "bad.html" not in line] == []
