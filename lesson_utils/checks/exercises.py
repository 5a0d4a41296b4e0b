"""All exercises by name, in the order of the homeworks."""

from lesson_utils.checks import averaging, stepping, tuning

EXERCISES = {**averaging.EXERCISES, **stepping.EXERCISES, **tuning.EXERCISES}
"""name -> function of (the student's notebook, a source of random numbers) that returns a verdict."""
