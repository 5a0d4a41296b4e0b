"""Rolling Downhill: the code behind the lessons.

What is named here is loaded when it is first used, so that `import lesson_utils` costs next to nothing and
matplotlib and the widgets come with the first figure.
"""

from importlib import import_module

_HOMES = {
    "averages": ("ewa", "ewa_weights", "memory"),
    "bias": ("averaged_in", "steps_until", "weight_sum"),
    "losses": ("Quadratic", "LeastSquares"),
    "optimizers": (
        "momentum_step",
        "gradient_descent",
        "momentum",
        "initialize_velocity",
        "update_parameters",
    ),
    "theory": (
        "stability_limit",
        "convergence_rate",
        "best_settings",
        "convert_alpha",
        "regime",
        "steps_to_settle",
    ),
    "temperatures": ("load_temperatures",),
    "training": ("draw_batches", "train_line", "noise_variance"),
    "network": ("rain_tomorrow",),
    "oscillator": (
        "ball",
        "critical_alpha",
        "critical_beta",
        "damping",
        "energy",
        "smooth_ball",
        "swing",
    ),
    "maps": ("settle_map", "regime_borders"),
    "methods": ("nesterov", "rmsprop", "adam"),
    "conventions": (),
    "explorers": (
        "AverageExplorer",
        "BallExplorer",
        "BiasExplorer",
        "ConventionExplorer",
        "DescentExplorer",
        "FirstStepsExplorer",
        "MapExplorer",
        "MethodsExplorer",
        "MomentumExplorer",
        "ParabolaExplorer",
        "TrainingExplorer",
    ),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}
__all__ = [*_HOMES, *_HOME_OF]


def __getattr__(name):
    if name in _HOMES:
        return import_module(f"{__name__}.{name}")
    if name in _HOME_OF:
        return getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__():
    return sorted([*globals(), *__all__])
