"""Answers to the homework as students write them: right ones in every style, and wrong ones with their mistake's name.

The tests of the checks run them all; the graded course hands some of them in.
"""

import textwrap


def function(header, *lines):
    """Return the cell with a function of this header and body."""
    body = textwrap.dedent("\n".join(lines)).strip("\n")
    return f"def {header}:\n" + textwrap.indent(body, "    ")


def replaced(text, *edits):
    """Return the text with each (old, new) replaced; what is not there to be replaced is an error of the table."""
    for old, new in edits:
        assert old in text, old
        text = text.replace(old, new)
    return text


class Answers:
    """The answers to one homework.

    headers: of the functions that it asks for, by exercise. before: the cells that must stand above an exercise.
    both: {exercise: (its right answers by their style, its wrong ones as pairs of the mistake's name and the cell)}.
    """

    def __init__(self, headers, both, before=()):
        self.headers, self.before = headers, dict(before)
        self.right = {exercise: right for exercise, (right, _) in both.items()}
        self.wrong = {exercise: wrong for exercise, (_, wrong) in both.items()}

    def slip(self, exercise, cause):
        """Return the first wrong answer with this mistake."""
        return next(cell for name, cell in self.wrong[exercise] if name == cause)
