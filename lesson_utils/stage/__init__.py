"""The live figure: a background drawn once, and moving layers on top."""

from .frame import FOR_HANDS, Frame, Handle
from .stage import Stage

__all__ = ["FOR_HANDS", "Frame", "Handle", "Stage"]
