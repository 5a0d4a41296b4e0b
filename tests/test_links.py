"""The links to Binder: made from the one address in pyproject.toml, for each notebook, on both pages."""

import re
import shutil
from itertools import chain

import pytest

from workshop import links, lists
from workshop.files import LESSONS, ROOT, git

ADDRESS = "https://github.com/someone/momentum"
PAGES = (lists.FRONT_PAGE, lists.FOLDERS_LIST, lists.GUIDE)
BOTH = PAGES[:2]
BINDER = re.compile(r"https://mybinder\.org/v2/gh/([^/]+/[^/]+)/HEAD\?urlpath=/lab/tree/([^)\s]+)")


@pytest.fixture
def elsewhere(tmp_path):
    """A copy of the pages and the notebooks, in a repository with an address of its own."""
    for name in ("pyproject.toml", *PAGES, *chain(*links.notebooks())):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    write_address(tmp_path, ADDRESS)
    return tmp_path


def write_address(root, address):
    text = (root / "pyproject.toml").read_text(encoding="utf-8")
    (root / "pyproject.toml").write_text(text.replace(links.repository(root), address), encoding="utf-8")


@pytest.mark.parametrize("page", BOTH)
def test_each_page_has_a_link_for_every_notebook(page):
    owner_and_name = links.repository().removeprefix("https://github.com/")
    homework = sorted((ROOT / "notebooks/homework").glob("*.ipynb"))
    wanted = [(owner_and_name, path.relative_to(ROOT).as_posix()) for path in (*LESSONS, *homework)]
    assert BINDER.findall((ROOT / page).read_text(encoding="utf-8")) == wanted


def test_a_new_address_makes_both_pages_stale(elsewhere):
    pages = lists.stale(elsewhere)
    assert sorted(pages) == sorted(BOTH)
    for text in pages.values():
        assert {address for address, _ in BINDER.findall(text)} == {"someone/momentum"}


def test_a_new_lesson_makes_every_list_stale(elsewhere):
    write_address(elsewhere, links.repository())
    assert lists.stale(elsewhere) == {}
    shutil.copy(LESSONS[-1], elsewhere / f"notebooks/{LESSONS[-1].name[:2]}_z.ipynb")
    assert sorted(lists.stale(elsewhere)) == sorted(PAGES)


def test_the_address_stands_in_one_place():
    """Whoever gives the repository an address changes one line and runs one command."""
    address = links.repository().removeprefix("https://github.com/")
    made = ("pyproject.toml", *BOTH)
    files = [ROOT / name for name in (git("ls-files") or b"").decode().split()]
    text = [path for path in files if path.suffix in (".md", ".toml", ".ipynb", ".html", ".yaml", ".yml")]
    assert text or git("ls-files") is None
    holds = {path.relative_to(ROOT).as_posix() for path in text if path.exists() and _names(path, address)}
    assert holds <= set(made)


def _names(path, address):
    return address in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("address", ["https://example.org/a/b", "https://github.com/a", "git@github.com:a/b"])
def test_an_address_that_binder_does_not_know_is_refused(elsewhere, address):
    write_address(elsewhere, address)
    with pytest.raises(ValueError, match=r"Repository=.*allowed is https://github\.com/OWNER/REPOSITORY"):
        links.binder("notebooks/04_momentum.ipynb", elsewhere)


def test_a_notebook_that_is_not_there_is_refused():
    with pytest.raises(ValueError, match=r"notebook='04_momentum\.ipynb'"):
        links.binder("04_momentum.ipynb")


def test_a_page_without_a_place_for_the_links_is_told(elsewhere):
    (elsewhere / "README.md").write_text("# A page\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"README\.md: there must be one place"):
        lists.stale(elsewhere)
