"""What a redraw says about the frame it made."""

from dataclasses import dataclass, field

FOR_HANDS = "for hands"
"""The gid of an artist that is left out of every picture that nobody can touch."""


@dataclass(frozen=True)
class Handle:
    """A point that can be dragged: `at` (x, y) in the data of `axes`, moving the two `controls`.

    scales : for controls that stop at chosen values, a function for each from a value to the data of `axes`
        (np.log10 where the axes count powers of ten); the point then jumps from stop to stop
    anywhere : the point also comes to wherever in the axes the pointer is pressed
    turn : radians, counter-clockwise, from the x axis to the direction in which the first control counts;
        the second counts at a right angle to it
    """

    axes: object
    at: tuple
    controls: tuple
    label: str
    scales: tuple = ()
    anywhere: bool = False
    turn: float = 0.0


@dataclass(frozen=True)
class Frame:
    """The words and the marks that belong to a frame.

    twin : one or two sentences with the numbers, shown under the figure
    label : the same for a screen reader, without numbers that change at each tick
    marks : control name -> list of {"at": 0..1 along the slider, "kind": "plain" | "momentum", "text": str}
    handles : tuple of Handle
    background : what the background depends on; it is drawn anew when this changes
    """

    twin: str
    label: str = ""
    marks: dict = field(default_factory=dict)
    handles: tuple = ()
    background: object = None
