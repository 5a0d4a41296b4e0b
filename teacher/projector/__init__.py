"""A lesson on the wall: a page without code, in large type, driven by the keyboard."""
