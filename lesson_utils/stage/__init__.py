"""The live figure: a background drawn once, and moving layers on top."""

from .frame import Frame, Handle
from .stage import Stage

__all__ = ["Frame", "Handle", "Stage"]
