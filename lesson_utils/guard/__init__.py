"""Run a function that a learner wrote: it may be wrong, it may never end, and the figure must live on."""

from .errors import LearnerError as LearnerError
from .limits import MemoryLimit as MemoryLimit
from .limits import TimeLimit as TimeLimit
from .limits import call as call
from .limits import run_path as run_path
from .prints import Prints as Prints
from .validate import GuardedStep as GuardedStep
from .validate import check_series as check_series
