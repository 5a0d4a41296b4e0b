"""Explorers: figures with controls. Each is loaded when it is first asked for: a cold start pays for one."""

from importlib import import_module

_HOME_OF = {
    "AverageExplorer": "average",
    "BallExplorer": "ball",
    "BiasExplorer": "bias",
    "Challenge": "challenge",
    "ConventionExplorer": "conventions",
    "DescentExplorer": "descent",
    "FirstStepsExplorer": "first_steps",
    "MapExplorer": "map",
    "MethodsExplorer": "methods",
    "MomentumExplorer": "momentum",
    "ParabolaExplorer": "descent",
    "ScalingExplorer": "scaling",
    "SurfaceExplorer": "surface",
    "TrainingExplorer": "training",
}
__all__ = sorted(_HOME_OF)


def __getattr__(name):
    if name in _HOME_OF:
        return getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
