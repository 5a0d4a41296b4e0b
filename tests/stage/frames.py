"""The browser's half of the stage in Python: what a page holds after a reply, for the tests."""

import numpy as np


class Holder:
    """A page that keeps pieces and frames as the page does."""

    def __init__(self, stage):
        self.stage, self.pieces, self.held, self.id = stage, {}, {}, None
        self.take(stage.first_frame, [stage.first_bytes, stage.first_background])
        self.seq = 0

    def ask(self, **state):
        """Ask for a frame against the one that is held; return the reply."""
        self.seq += 1
        request = {"kind": "ask", "page": "p", "seq": self.seq, "base": self.id, "state": state}
        reply, buffers = self.stage.answer(request)
        self.take(reply, buffers)
        return reply

    def take(self, reply, buffers):
        """Keep what a reply brings."""
        self.reply, self.size = reply, len(repr(reply)) + sum(map(len, buffers))
        if "error" in reply:
            return
        for name, piece in reply["new"].items():
            self.pieces[name] = (piece, buffers[0])
        base = self.held.get(reply.get("base"), [])
        names = [name or base[i] for i, name in enumerate(reply["layers"])]
        self.held[reply["id"]] = names
        self.id = reply["id"]
        self.layers = [self._layer(name[:8], name[8:]) for name in names]

    def _layer(self, style, shape):
        style, _ = self.pieces[style]
        piece, data = self.pieces[shape]
        return style, {k: v for k, v in piece.items() if k != "at"}, points(piece, data)


def points(piece, data):
    """Return the (n, 2) page units of a geometry, the bytes of a picture, or None for a text."""
    if "at" not in piece:
        return np.zeros((0, 2)) if "n" in piece else None
    if "png" in piece:
        return np.frombuffer(data, dtype=np.uint8, count=piece["png"], offset=piece["at"])
    count = piece["n"] if "x" in piece else 2 * piece["n"]
    values = np.frombuffer(data, dtype="<i2", count=count, offset=piece["at"]) / 8
    if "x" not in piece:
        return values.reshape(-1, 2)
    first, step = piece["x"]
    return np.column_stack([first + step * np.arange(piece["n"]), values])


def same(left, right):
    """Return True when two pages would paint the same."""
    if len(left) != len(right):
        return False
    for (style, shape, xy), (style2, shape2, xy2) in zip(left, right, strict=True):
        if style != style2 or shape != shape2 or (xy is None) != (xy2 is None):
            return False
        if xy is not None and not np.array_equal(xy, xy2):
            return False
    return True
