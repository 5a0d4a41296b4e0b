"""All submissions, by homework."""

from tests.homework.class_averages import AVERAGES
from tests.homework.class_momentum import MOMENTUM
from tests.homework.class_tuning import TUNING

CLASSES = {"hw1_averages": AVERAGES, "hw2_momentum": MOMENTUM, "hw3_tuning": TUNING}
