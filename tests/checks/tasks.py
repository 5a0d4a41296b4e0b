"""The tasks of the checks that have a catalogue of mistakes, each with what draws its probes."""

from lesson_utils.checks import hw1, hw2, hw3

TASKS = [
    (hw1.EWA, hw1.series_probes),
    (hw1.CORRECTED, hw1.series_probes),
    (hw1.HOLDING, hw1.holding_probes),
    (hw1.UNITS, hw1.gap_probes),
    (hw2.MOMENTUM, hw2.step_probes),
    (hw2.HEAVY, hw2.step_probes),
    (hw2.DESCEND, lambda random: [probe for probe, _ in hw2.descents(random)]),
    (hw2.HEAVY_ALPHA, hw2.alpha_probes),
    (hw2.LIMITS, hw2.limit_probes),
    (hw3.KAPPA, hw3.kappa_probes),
    (hw3.TRAIN, hw3.train_probes),
]
