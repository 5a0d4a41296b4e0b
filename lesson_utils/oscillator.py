"""Momentum in a bowl as a ball: the damped oscillator that it is, step by step and in smooth time.

Along a direction of curvature λ the error x of w obeys, exactly,

    m (x[t+1] − 2 x[t] + x[t−1]) + c (x[t] − x[t−1]) + k x[t] = 0,

which is the rule itself with v[t] = −(x[t] − x[t−1])/α put in. Only the ratios count: c/m = 1 − β, and
k/m = αλ for the heavy ball, (1−β)αλ in the lecture's form. It is what the semi-implicit Euler method makes of
m x″ + c x′ + k x = 0 with a time step of 1, and becomes that equation when 1 − β shrinks like a time step h and
k/m like h² (Polyak 1964; Qian 1999, "On the momentum term in gradient descent learning algorithms").
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lesson_utils._validate import (
    check_alpha,
    check_array,
    check_beta,
    check_convention,
    check_number,
    check_positive,
)
from lesson_utils.theory import BORDER, gradient_weight, regime


@dataclass(frozen=True)
class Ball:
    """Mass, friction coefficient and spring constant of the difference equation; time is counted in steps."""

    mass: float
    friction: float
    spring: float


def ball(curvature: float, alpha: float, beta: float, *, convention: str = "ewa") -> Ball:
    """Return the ball whose spring pulls as −dw does, with the full force λx.

    Lecture's form: m = 1/((1−β)α), c = 1/α, k = λ. Heavy ball: m = 1/α, c = (1−β)/α, k = λ.
    Raises ValueError for curvature or alpha not above 0, beta outside [0, 1); TypeError for a wrong type.
    """
    curvature, alpha = check_positive(curvature, "curvature"), check_positive(alpha, "alpha")
    beta = check_beta(beta)
    mass = 1.0 / (gradient_weight(beta, convention) * alpha)
    return Ball(mass, (1.0 - beta) * mass, curvature)


def critical_beta(curvature: float, alpha: float, *, convention: str = "ewa") -> float | None:
    """Return the largest β with which a ball from rest does not pass the minimum; None: it passes with any.

    It solves k/m = (1−√β)²: lecture's form √β = (1−αλ)/(1+αλ), heavy ball √β = 1 − √(αλ).
    Raises ValueError for a curvature not above 0 or a bad alpha, TypeError for a wrong type.
    """
    pull = check_positive(curvature, "curvature") * check_alpha(alpha)
    root = (1.0 - pull) / (1.0 + pull) if check_convention(convention) == "ewa" else 1.0 - np.sqrt(pull)
    if root < 0.0:
        return None
    return float(min(root**2, np.nextafter(1.0, 0.0)))


def critical_alpha(curvature: float, beta: float, *, convention: str = "ewa") -> float:
    """Return the largest α with which a ball from rest does not pass the minimum.

    Lecture's form: (1−√β)/((1+√β)λ); heavy ball: (1−√β)²/λ.
    Raises ValueError for a curvature not above 0 or beta outside [0, 1), TypeError for a wrong type.
    """
    curvature, beta = check_positive(curvature, "curvature"), check_beta(beta)
    return float((1.0 - np.sqrt(beta)) ** 2 / (gradient_weight(beta, convention) * curvature))


def damping(curvature: float, alpha: float, beta: float, *, convention: str = "ewa") -> str:
    """Say in a word how the ball moves: `theory.regime` in the words of physics.

    "over-damped": it creeps in. "critical": the border, with the least friction that still lets it creep in.
    "rings": it swings around the minimum. "jumps": it ends up on the other side at every step, which no ball
    does. "gains": it swings as wide for ever, or wider.
    Raises as `theory.regime` does.
    """
    word = regime(curvature, alpha, beta, convention=convention)
    if word == "monotone":
        border = critical_alpha(curvature, beta, convention=convention)
        return "critical" if alpha >= border * (1.0 - 4 * BORDER) else "over-damped"
    return {"ripples": "rings", "oscillates": "jumps", "diverges": "gains"}[word]


def swing(curvature: float, alpha: float, beta: float, *, convention: str = "ewa") -> tuple[float, float]:
    """Return (steps in a full swing, factor by which each half swing is narrower than the one before).

    The errors are √βᵗ cos(φt − ψ) with cos φ = (1+β−k/m)/(2√β): 2π/φ steps, and √β^(π/φ) for half of them.
    A ball that does not ring gives (inf, 0).
    Raises as `theory.regime` does.
    """
    if damping(curvature, alpha, beta, convention=convention) != "rings":
        return np.inf, 0.0
    a = alpha * gradient_weight(beta, convention) * curvature
    # The sine is taken from the product: the cosine is 1 but for the last digits when the swing is slow.
    root = np.sqrt(beta)
    sine = np.sqrt((a - (1.0 - root) ** 2) * ((1.0 + root) ** 2 - a)) / (2.0 * root)
    angle = np.arctan2(sine, (1.0 + beta - a) / (2.0 * root))
    return float(2.0 * np.pi / angle), float(beta ** (np.pi / (2.0 * angle)))


def smooth_ball(curvature: float, alpha: float, beta: float, start: float, times, *, convention: str = "ewa"):
    """Return the position at `times` (in steps, >= 0) of a ball in smooth time: m x″ + c x′ + k x = 0, from rest.

    times: an array of any shape; the result has the same.
    Raises ValueError for a bad value, TypeError for a wrong type.
    """
    curvature, alpha = check_positive(curvature, "curvature"), check_alpha(alpha)
    beta, start = check_beta(beta), check_number(start, "start")
    times = check_array(times, "times")
    if times.size and times.min() < 0.0:
        raise ValueError(f"times must be 0 or later, not {times.min()}")
    half = 0.5 * (1.0 - beta)
    square = half**2 - alpha * gradient_weight(beta, convention) * curvature
    root = np.sqrt(abs(square))
    if square < 0.0:
        # sin(rt)/r by sinc, which knows what it is when r is 0
        waves = np.cos(root * times) + half * times * np.sinc(root * times / np.pi)
        return start * np.exp(-half * times) * waves
    fast, slow = np.exp(-(half + root) * times), np.exp(-(half - root) * times)
    if root * (times.max() if times.size else 0.0) < 1e-6:
        return start * np.exp(-half * times) * (1.0 + half * times)
    return start * 0.5 * ((slow + fast) + half * (slow - fast) / root)


def energy(w, curvatures, alpha: float, beta: float, *, convention: str = "ewa"):
    """Return (height, motion) at each step of a run: Σ λx²/2 and Σ m u²/2, with u[t] = x[t] − x[t−1], u[0] = 0.

    w: shape (steps+1, k), distances from the minimum along the directions of `curvatures`, shape (k,). A run
    that diverged gives NaN or infinity, and no warning. With alpha = 0 nothing moves: motion is 0.
    Raises ValueError for a bad value or shapes that do not match, TypeError for a wrong type.
    """
    w = check_array(w, "w", finite=False)
    curvatures = check_array(curvatures, "curvatures")
    alpha, beta = check_alpha(alpha), check_beta(beta)
    if w.ndim != 2 or curvatures.shape != w.shape[1:]:
        raise ValueError(f"w must have the shape (steps+1, {curvatures.size}), not {w.shape}")
    u = steps_of(w)
    with np.errstate(all="ignore"):
        # One direction after the other: BLAS would round as the processor likes.
        height, motion = np.zeros(len(w)), np.zeros(len(w))
        for curvature, x, step in zip(curvatures.tolist(), w.T, u.T, strict=True):
            height += 0.5 * curvature * x**2
            motion += 0.5 * step**2
        if alpha == 0.0:
            return height, np.zeros_like(height)
        return height, motion / (gradient_weight(beta, convention) * alpha)


def steps_of(w):
    """Return the last step at each step: u[t] = w[t] − w[t−1], and u[0] = 0."""
    w = np.asarray(w, dtype=float)
    with np.errstate(invalid="ignore", over="ignore"):
        return np.diff(w, axis=0, prepend=w[:1])
