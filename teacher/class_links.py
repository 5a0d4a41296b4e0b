"""Print the links with which a class opens the notebooks on its JupyterHub: `python -m teacher.class_links HUB-ADDRESS`.

Each link goes through nbgitpuller: it fetches the course into the student's folder, or brings it up to date
without touching what the student has changed, and opens one notebook.
"""

import argparse
import re
import sys
from urllib.parse import quote, urlencode, urlsplit

from workshop.links import UNKNOWN, notebooks, repository


def class_link(hub, notebook, branch=None):
    """Return the link that opens a notebook on a hub.

    hub: its address, such as "https://hub.school.org". notebook: its path from the top of the repository.
    branch: None is the repository's own. ValueError: `hub` is no address of a hub.
    """
    parts = urlsplit(hub)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
        raise ValueError(f"hub={hub!r}: allowed is an address such as https://hub.school.org")
    address = repository()
    folder = re.sub(r"\.git$", "", address.rsplit("/", 1)[-1])  # nbgitpuller names it after the repository
    wanted = {"repo": address, "urlpath": f"lab/tree/{folder}/{notebook}"}
    if branch:
        wanted["branch"] = branch
    return f"{hub.rstrip('/')}/hub/user-redirect/git-pull?{urlencode(wanted, quote_via=quote, safe='')}"


def main():
    """Print a line for each lesson and each homework."""
    parser = argparse.ArgumentParser(description="Print the links for a class on a JupyterHub.")
    parser.add_argument("hub", metavar="HUB-ADDRESS", help="such as https://hub.school.org")
    parser.add_argument("--branch", help="another branch than the repository's own")
    given = parser.parse_args()
    if repository() == UNKNOWN:
        print(
            "pyproject.toml has no address yet, under [project.urls]: these links lead nowhere.",
            file=sys.stderr,
        )
    try:
        for paths in notebooks():
            for path in paths:
                print(f"{path.rsplit('/', 1)[-1]}: {class_link(given.hub, path, given.branch)}")
    except ValueError as problem:
        parser.error(str(problem))
    return 0


if __name__ == "__main__":
    sys.exit(main())
