"""Write the links that open the notebooks on Binder: `python -m workshop.links`; `--check` tells which are stale.

The repository's address stands in one place, pyproject.toml under [project.urls]. README.md and
notebooks/README.md hold the links between two comments; what stands there is written anew.
"""

import argparse
import re
import sys
from pathlib import Path

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

from workshop.files import ROOT

UNKNOWN = "https://github.com/OWNER/REPOSITORY"  # what stands there until the repository has an address
PAGES = ("README.md", "notebooks/README.md")
BEGIN, END = "<!-- binder links, by python -m workshop.links -->", "<!-- end of binder links -->"
BETWEEN = re.compile(f"(?<={re.escape(BEGIN)}\n).*?(?={re.escape(END)})", re.DOTALL)


def repository(root=ROOT):
    """Return the repository's address, such as "https://github.com/OWNER/REPOSITORY"."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return project["urls"]["Repository"].rstrip("/")


def binder(notebook, root=ROOT):
    """Return the link that opens a notebook on Binder.

    notebook: its path from the top of the repository, such as "notebooks/04_momentum.ipynb".
    ValueError: the repository is not on GitHub, or the notebook is not there.
    """
    address, path = repository(root), Path(notebook).as_posix()
    found = re.fullmatch(r"https://github\.com/([\w.-]+/[\w.-]+?)(\.git)?", address)
    if not found:
        raise ValueError(f"Repository={address!r}: allowed is https://github.com/OWNER/REPOSITORY")
    if not (root / path).is_file():
        raise ValueError(f"notebook={path!r}: allowed are the notebooks, from the top of the repository")
    return f"https://mybinder.org/v2/gh/{found[1]}/HEAD?urlpath=/lab/tree/{path}"


def notebooks(root=ROOT):
    """Return the paths of the lessons and of the homeworks, from the top of the repository, in order."""
    found = [root.glob("notebooks/[0-9][0-9]_*.ipynb"), root.glob("notebooks/homework/hw*.ipynb")]
    return [[path.relative_to(root).as_posix() for path in sorted(paths)] for paths in found]


def lines(root=ROOT):
    """Return what a page says between the comments: a line of links for the lessons, one for the homework."""
    lessons, homework = (
        " · ".join(f"[{number}]({binder(path, root)})" for number, path in enumerate(paths, 1))
        for paths in notebooks(root)
    )
    return f"Lessons on Binder: {lessons}\n\nHomework on Binder: {homework}\n"


def stale(root=ROOT):
    """Return each page whose links are not what they should be, with its text as it should be.

    ValueError: a page has no place for the links.
    """
    wanted = {}
    for name in PAGES:
        text = (root / name).read_text(encoding="utf-8")
        if len(BETWEEN.findall(text)) != 1:
            raise ValueError(f"{name}: needs one line {BEGIN!r} and below it one line {END!r}")
        renewed = BETWEEN.sub(lambda _: lines(root), text)
        if renewed != text:
            wanted[name] = renewed
    return wanted


def main():
    """Write or check the links; 1 when `--check` finds stale ones."""
    parser = argparse.ArgumentParser(description="Write the links that open the notebooks on Binder.")
    parser.add_argument("--check", action="store_true", help="write nothing, tell which pages are stale")
    check = parser.parse_args().check
    pages = stale()
    for name, text in pages.items():
        if check:
            print(f"{name}: the links are stale; `python -m workshop.links` writes them anew")
        else:
            (ROOT / name).write_text(text, encoding="utf-8", newline="\n")
            print(f"wrote the links of {name}")
    return int(check and bool(pages))


if __name__ == "__main__":
    sys.exit(main())
