"""The README's picture is what the heart figure draws today."""

import numpy as np
import pytest
from PIL import Image

from lesson_utils.explorers import MomentumExplorer
from workshop.files import ROOT


@pytest.mark.line("release")  # another matplotlib may draw it otherwise
def test_the_picture_is_not_stale(tmp_path):
    MomentumExplorer().figure().savefig(tmp_path / "now.png", dpi=100)
    now, shown = (
        np.asarray(Image.open(path).convert("L"), dtype=float)
        for path in (tmp_path / "now.png", ROOT / "notebooks" / "pictures" / "momentum_explorer.png")
    )
    assert now.shape == shown.shape == (720, 1280)
    blocks = [a.reshape(36, 20, 64, 20).mean(axis=(1, 3)) for a in (now, shown)]
    assert np.abs(blocks[0] - blocks[1]).max() < 25, (
        "MomentumExplorer().figure().savefig('notebooks/pictures/momentum_explorer.png', dpi=100) draws it anew"
    )
