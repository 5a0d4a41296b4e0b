"""The built site: its settings, what it carries, and its pages."""

import ast
import json
import re
import subprocess
import sys
import zipfile

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.readme import command
from tests.site.building import steps
from tests.test_packaging import PROJECT
from workshop.files import LESSONS, NOTEBOOKS, ROOT

KERNEL = "@jupyterlite/pyodide-kernel-extension:kernel"
OURS = "lesson_utils"


def kernel(site):
    """Return the settings of the kernel as the browser reads them."""
    data = json.loads((site / "jupyter-lite.json").read_text(encoding="utf-8"))["jupyter-config-data"]
    return data["litePluginSettings"][KERNEL]


def wheels(site):
    """Return the version of each wheel that the site carries, by name."""
    names = (path.name.split("-")[:2] for path in (site / "pypi").glob("*.whl"))
    return {canonicalize_name(name): version for name, version in names}


def imported(source):
    """Return the modules that a text of Python imports, by their first name."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add(node.module.split(".")[0])
    return found


def sources():
    """Yield every Python text of the course: the cells of its notebooks, and the package."""
    yield from sources_of_notebooks()
    for path in (ROOT / OURS).rglob("*.py"):
        yield path.read_text(encoding="utf-8")


def test_the_command_installs_and_builds():
    install, build = steps()
    assert install[1:] == ["-m", "pip", "install", "-e", ".[site]"]
    assert build[1:] == ["-m", "workshop.site"]
    assert (
        command("On a page with no server", 1) == ".venv/bin/python -m http.server --directory dist/site 8000"
    )


def test_a_build_over_an_older_one_has_all_settings(site):
    """JupyterLite's own second build has dropped pyodideUrl without a word: ours begins with nothing."""
    assert not (site / "left-over.html").exists()
    found = kernel(site)
    assert found["pyodideUrl"] == "./static/pyodide/pyodide.mjs"
    assert (site / found["pyodideUrl"]).is_file() and (site / "static/pyodide/pyodide-lock.json").is_file()
    assert found["disablePyPIFallback"] is True
    packages = found["loadPyodideOptions"]["packages"]
    assert {"numpy", "matplotlib"} <= set(packages)
    named = [package for package in packages if package.endswith(".whl")]
    # A relative address starts at the kernel's script.
    script = site / "extensions/@jupyterlite/pyodide-kernel-extension/static"
    assert len(named) == len(wheels(site)) and all((script / one).resolve().is_file() for one in named)
    assert {"rolling-downhill", "anywidget", "psygnal", "ipywidgets", "comm"} <= set(wheels(site))
    assert any(one.startswith("./pypi/all.json") for one in found["pipliteUrls"])


def test_jupyterlite_still_finds_its_settings_on_our_first_page(site):
    """It reads the first page of the site for them, and opens nothing when they are not there."""
    first = (site / "index.html").read_text(encoding="utf-8")
    assert '<script id="jupyter-config-data" type="application/json"' in first


def listed(site, folder):
    """Return what JupyterLab's list of files shows in a folder."""
    there = json.loads((site / "api/contents" / folder / "all.json").read_text(encoding="utf-8"))
    return {one["name"] for one in there["content"]}


def test_the_list_of_files_has_what_is_a_learners(site):
    assert listed(site, ".") == {"README.md", "notebooks"}
    assert listed(site, "notebooks") == {"README.md", "GLOSSARY.md", "homework"} | {
        one.name for one in LESSONS
    }
    assert all(name.startswith("hw") for name in listed(site, "notebooks/homework"))


def test_the_lessons_are_on_board(site):
    for path in [*NOTEBOOKS, ROOT / "notebooks/GLOSSARY.md"]:
        there = site / "files" / path.relative_to(ROOT)
        assert there.is_file(), there
        # A link to a solution finds it here, though the list above it leaves the folder out.
        assert path.name in listed(site, path.relative_to(ROOT).parent)
        if path.suffix == ".ipynb":
            ours, theirs = (json.loads(one.read_text(encoding="utf-8")) for one in (path, there))
            assert theirs["cells"] == ours["cells"]
            assert theirs["metadata"]["kernelspec"]["name"] == "python", "it would ask which kernel to take"


def test_no_lesson_installs_anything():
    assert [
        line
        for text in sources_of_notebooks()
        for line in text.splitlines()
        if re.search(r"\bpip(lite)?\b", line)
    ] == []


def sources_of_notebooks():
    """Yield the code cells of all notebooks."""
    for path in NOTEBOOKS:
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                yield "".join(cell["source"])


def test_every_import_is_there(site, lock):
    in_lock = {name for one in lock["packages"].values() for name in one["imports"]}
    loaded = {canonicalize_name(one) for one in kernel(site)["loadPyodideOptions"]["packages"]}
    carried = set()
    for path in (site / "pypi").glob("*.whl"):
        with zipfile.ZipFile(path) as wheel:
            carried |= {name.split("/")[0].removesuffix(".py") for name in wheel.namelist()}
    needed = set().union(*map(imported, sources()))
    server = {"jupyter_server"}  # only lesson_utils.server, which a server alone imports
    missing = needed - in_lock - carried - set(sys.stdlib_module_names) - server
    assert missing == set()
    assert {"numpy", "matplotlib", "anywidget", "ipywidgets", OURS} <= needed
    assert {"numpy", "matplotlib", "ipython"} <= loaded


def test_versions_satisfy_ours(site, lock):
    there = {canonicalize_name(name): one["version"] for name, one in lock["packages"].items()} | wheels(site)
    wanted = list(map(Requirement, PROJECT["dependencies"]))
    for path in (site / "pypi").glob("*.whl"):
        with zipfile.ZipFile(path) as wheel:
            metadata = wheel.read(
                next(name for name in wheel.namelist() if name.endswith("/METADATA"))
            ).decode()
        wanted += [
            Requirement(line.split(": ", 1)[1]) for line in re.findall(r"^Requires-Dist: .*$", metadata, re.M)
        ]
    replaced = {"widgetsnbextension"}  # the kernel's extension carries a stand-in
    wanted = [one for one in wanted if not one.marker or one.marker.evaluate({"extra": ""})]
    bad = [str(one) for one in wanted if one.name not in replaced and not satisfied(one, there)]
    assert bad == []


def satisfied(requirement, there):
    """Return whether a requirement is met by what is there."""
    version = there.get(canonicalize_name(requirement.name))
    return version is not None and requirement.specifier.contains(version)


def test_the_python_there_is_one_that_the_package_allows(lock):
    assert Requirement(f"python{PROJECT['requires-python']}").specifier.contains(lock["info"]["python"])


@pytest.mark.parametrize("name", ["index.html", "open.html", "read/04_momentum.html"])
def test_no_page_asks_another_site(site, name):
    text = (site / name).read_text(encoding="utf-8")
    assert (
        re.findall(r'<(?:img|script|link|iframe|source)\b[^>]*(?:src|href)="(?:https?:)?//[^"]*"', text) == []
    )


def test_pages_lead_somewhere(site):
    for path in [site / "index.html", site / "open.html", *(site / "read").glob("*.html")]:
        text = path.read_text(encoding="utf-8")
        for link in re.findall(r'\b(?:href|src)="([^"#]+)', text):
            if not link.startswith(("https:", "data:")):
                assert (path.parent / link.split("?")[0]).is_file(), (path.name, link)
        for notebook in re.findall(r"open\.html\?notebook=([^\"]+)", text):
            assert (site / "files" / notebook).is_file()


def test_each_lesson_stands_on_the_first_page(site):
    text = (site / "index.html").read_text(encoding="utf-8")
    for path in LESSONS:
        assert f"open.html?notebook=notebooks/{path.name}" in text
        assert f"urlpath=/lab/tree/notebooks/{path.name}" in text
        assert f'"read/{path.stem}.html"' in text
        assert (site / "pictures" / f"{path.name[:2]}.png").is_file()


def test_a_page_to_read_needs_no_script(site):
    text = (site / "read/04_momentum.html").read_text(encoding="utf-8")
    assert "<script" not in text and '<html lang="en">' in text and "<title>4. Momentum" in text
    figures = re.findall(
        r'<figure><img src="04_momentum-\d+\.png" alt="([^"]+)"[^>]*><figcaption>([^<]+)</figcaption></figure>',
        text,
    )
    assert len(figures) > 10 and {alt for alt, _ in figures} == {
        "Contour plot of a long bowl with the paths of plain gradient descent and momentum.",
        "Contour plot of a long bowl with the paths of plain gradient descent, momentum and momentum with bias correction, "
        "and the length of their first steps.",
    }
    said = [sentence for _, sentence in figures]
    assert any("settles in 909 steps" in one for one in said), (
        "what the lesson asks for: a β that is too high"
    )
    assert any(one.startswith("Step 3: the gradient dw = (−0.088, −0.648)") for one in said)
    assert "<math" in text
    prose = re.sub(r"(?s)<pre.*?</pre>|<code.*?</code>", "", text)
    assert "$" not in prose and "\\" not in prose, "a formula that was not turned into MathML"
    assert "[0.96829007 0.16248992]" in text, "what a cell prints"
    headings = re.findall(r'<h2 id="([^"]+)">(.*)</h2>', text)
    contents = text[text.index("</h1>") :].partition("</nav>")[0]
    assert re.findall(r'<li><a href="#([^"]+)">(.*)</a></li>', contents) == headings and len(headings) > 3


# All in one process: to import what makes the site takes seconds.
REFUSED = """
import sys
from workshop.site import lite
from workshop.site.__main__ import main

mine, none, core = sys.argv[1:]
print([main(["--output", mine]), *(main(["--output", mine + "/site", "--pyodide", one]) for one in (none, core))])
of = {"python": lite.PYODIDE_PYTHON_VERSION + ".1", "abi_version": "2026_0"}
script = 'API.version="%s";API.abiVersion="2026_0";'
lite.compare("right", script % lite.PYODIDE_VERSION, of)
lite.compare("near", script % "314.0.99", of)
for packages in ({**of, "python": "3.1.2"}, {**of, "abi_version": "2025_0"}):
    try:
        lite.compare("wrong", script % lite.PYODIDE_VERSION, packages)
    except RuntimeError as problem:
        print(problem, file=sys.stderr)
"""


def test_a_folder_of_others_and_a_pyodide_that_would_not_run_are_refused(site_python, pyodide, tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    none = tmp_path / "none"
    none.mkdir()
    run = [site_python, "-c", REFUSED, str(tmp_path), str(none), str(pyodide)]
    done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[1, 1, 1]\n"
    others, no_core, no_packages, near, python, abi = done.stderr.splitlines()
    assert "the folder is not empty, and this command did not build it" in others
    assert "no lesson would run, for the folder has no pyodide.mjs, pyodide.asm.mjs" in no_core
    assert "no lesson would run, for the folder has no " in no_packages and "matplotlib-" in no_packages
    assert "the folder has Pyodide 314.0.99 (ABI 2026_0)" in near and near.endswith("open a lesson and see.")
    assert "packages for Python 3.1.2" in python and python.endswith("They do not fit together.")
    assert "(ABI 2025_0)" in abi and abi.endswith("They do not fit together.")
    assert {path.name for path in tmp_path.iterdir()} == {"mine.txt", "none"}
