"""Every number in lesson 02 and in its teacher's notes, computed again."""

import numpy as np

from lesson_utils import averages, bias
from lesson_utils.temperatures import load_temperatures
from tests.claims import claim

THETA = load_temperatures().celsius[:300]
V = averages.ewa(THETA, 0.9)
HAT = averages.ewa(THETA, 0.9, bias_correction=True)
CITY = (10, 20)
OTHER, OTHER_HAT = (averages.ewa(CITY, 0.9, bias_correction=on) for on in (False, True))
TEN = np.full(3, 10.0)
ONE_TOO_LARGE = V[0] / (1 - 0.9**2)


def zero(beta, t):
    """Return the share of v_0 in per cent, from the weights themselves."""
    return 100 * (1 - averages.ewa_weights(beta, t).sum())


def forgotten(beta):
    return next(t for t in range(1, 2000) if zero(beta, t) < 1)


def first_under_half(beta):
    return next(t for t in range(1, 100) if zero(beta, t) < 50)


def hottest(beta):
    stored = bias.stored_back(THETA, beta)
    return stored.max(), int(np.argmax(stored)) + 1


FIRST_MOVES = [np.abs(np.diff(average[:10])).mean() for average in (HAT, V)]
F_FIRST = bias.averaged_in(THETA, 0.9, "°F")[0]
MORNING = (40 - 32) / 1.8

CLAIMS = [
    claim("the first three days are {:g}, {:g} and {:g} °C, and v₃ is {:.2f} °C", *THETA[:3], V[2]),
    claim("v₃ = {:.2g} θ₃ + {:.2g} θ₂ + {:.2g} θ₁", *averages.ewa_weights(0.9, 3),
          holds=np.isclose(averages.ewa_weights(0.9, 3) @ THETA[2::-1], V[2])),
    claim("They add up to {:.3f}. The rest, {:.3f}, belongs to the zero", averages.ewa_weights(0.9, 3).sum(),
          zero(0.9, 3) / 100, holds=0.7 < zero(0.9, 3) / 100 < 0.75),
    claim("On day {}, with {:.1f} %", first_under_half(0.9), zero(0.9, first_under_half(0.9))),
    claim("v₁ = {:.3g} and v₂ = {:.4g}. What are v̂₁ and v̂₂", *OTHER),
    claim("v̂₁ = {:.3g} / {:.2g} = {:.3g}. On day 1 there is one", OTHER[0], 1 - 0.9, OTHER_HAT[0]),
    claim("v̂₂ = {:.4g} / {:.3g} = {:.4g}. That lies between {} and {}, as a mean of two days should, "
          "and nearer to the newer",
          OTHER[1], 1 - 0.9**2, OTHER_HAT[1], *CITY,
          holds=CITY[0] < (CITY[0] + CITY[1]) / 2 < OTHER_HAT[1] < CITY[1]),
    claim("| 1 | {:.1f} | {:g} °C | | 0 | {:.0f} | infinity", 1 - 0.9, HAT[0], 1 - 0.9**0),
    claim("| 2 | {:.2f} | {:.2f} °C |", 1 - 0.9**2, ONE_TOO_LARGE),
    claim("Over the first {} days v̂ moves by {:.2f} °C a day, and v by {:.2f} °C", "ten", *FIRST_MOVES,
          holds=FIRST_MOVES[0] > FIRST_MOVES[1]),
    claim("{:.1f} °C, and on day 3 already {:.1f} °C", *bias.stored_back(TEN, 0.9)[1:]),
    claim("Dividing by {:.2f} once more makes it about five times too large", 1 - 0.9**2,
          holds=5 < bias.stored_back(TEN, 0.9)[1] / 10 < 5.5),
    claim("{:.0f} °C on day {}. Until then, each division adds more", *hottest(0.9)),
    claim("on day 2 it says {:.1f} °C instead of {:.2f} °C", bias.stored_back(THETA, 0.5)[1],
          averages.ewa(THETA, 0.5, bias_correction=True)[1]),
    claim("{:.1f} °C. The zero still has {:.0f} % of the weight, because 0.9 multiplied by itself 10 times is {:.2f}",
          averages.ewa(np.full(10, 10.0), 0.9)[9], zero(0.9, 10), 0.9**10),
    *(claim(f"| {beta} | {{:.0f}} | {{:{digits}}} % | {{}} |", averages.memory(beta), zero(beta, 10),
            forgotten(beta)) for beta, digits in ((0.5, ".1f"), (0.9, ".0f"), (0.98, ".0f"))),
    claim("So it takes {} days with β = 0.9, and not ten", forgotten(0.9)),
    claim("For β = 0.9 and above, it takes four to five times 1/(1−β)",
          holds=all(4 < forgotten(b) / averages.memory(b) < 5 for b in (0.9, 0.95, 0.98, 0.99))),
    claim("The first morning has 40 °F, which is {:.2f} °C", MORNING),
    claim("0.02 · {:.2f} = {:.2f} °C. In °F", MORNING, averages.ewa([MORNING], 0.98)[0]),
    claim("0.02 · 40 = {:.1f} °F, and that is {:.1f} °C. The same morning, and more than {} degrees",
          averages.ewa([40.0], 0.98)[0], bias.averaged_in([MORNING], 0.98, "°F")[0], 17,
          holds=17 < averages.ewa([MORNING], 0.98)[0] - bias.averaged_in([MORNING], 0.98, "°F")[0] < 18),
    claim("(that is 1.8 times the °C, plus 32)", holds=bias.UNITS["°F"] == (1.8, 32.0)),
    claim("day 1 is {:.2f} °C for one friend and {:.2f} °C for the other. Corrected, both have {:.1f} °C",
          F_FIRST, V[0], HAT[0],
          holds=np.allclose(bias.averaged_in(THETA, 0.9, "°F", bias_correction=True), HAT)),
    claim("0 °F is {:.1f} °C, and 0 K is {:.2f} °C", bias.to_celsius(0.0, "°F"), bias.to_celsius(0.0, "K")),
    claim("The farther a wrong start lies from the truth, the more harm it does",
          holds=all(np.diff([abs(HAT - bias.averaged_in(THETA, 0.9, unit))[59] for unit in ("°C", "°F", "K")]) > 0)),
    claim("because Seattle in January is not far from 0 °C", holds=abs(THETA[:31].mean()) < 6),
    claim("By 1 − 0.8³ = {:.3f}, and v₃ is 20 · {:.3f} = {:.2f}. The result is 20", 1 - 0.8**3, 1 - 0.8**3,
          averages.ewa(np.full(3, 20.0), 0.8)[2]),
    claim("After a year v is {:.0f}, and 10 / 0.1 is {:.0f} °C", *averages.ewa(np.full(365, 10.0), 0.9)[-1:],
          100),
    claim("With β = 0.9 it has {:.0f} % of the weight on day 10. In the corrected average it has {:.0f} %",
          100 * 0.9**9, 100 * averages.ewa_weights(0.9, 10)[9] / (1 - 0.9**10),
          holds=0.9**9 > 0.1 and np.argmin(averages.ewa_weights(0.9, 10)) == 9),
]  # fmt: skip

SETTINGS = (
    "which starts with v = 0", "With β = 0.9, the first three", "on day 3 it holds", "the first day is t = 1",
    "add up to 1, and the zero", "Another city has 10 °C on day 1 and 20 °C on day 2. With β = 0.9, v₁",
    "a city with 10 °C every day must come back as 10 °C every day",
    "why t is counted from 1", "Counted from 1",
    "the right height from day 1 on. Over the first ten days, does v̂",
    "The city has 10 °C every day, and β = 0.9. What",
    "day 2: about 10, about 20, or more than 50", "On day 2 the weights of the new v add up to 1",
    "set β to 0.5", "With β = 0.5 the line",
    '"β = 0.9 averages over about 10 days, so after 10 days the start is forgotten." With 10 °C every day',
    "v on day 10", "passes 0.99", "about 1 % or less", "for β = 0.5, for β = 0.9 and for β = 0.98",
    "after 10 days | below 1 %", "less than 1 %", "divide by nearly 1", "and β = 0.98. What does", "0 °F",
    "Every day has 20 °C, and β = 0.8", "Move β to 0.98",
    "The city has 10 °C every day, and β = 0.9. What does the friend see on day 1",
    "10 °C on day 1, which looks right",
)  # fmt: skip

GUIDE_CLAIMS = [
    claim("v is {:.2f} °C on day 1, and the day had {:g} °C", V[0], THETA[0]),
    claim("with {:.0f} % of the weight on day 1. Then step on to day {}", zero(0.9, 1),
          first_under_half(0.9)),
    claim("{:.2f} ÷ {:.2g}, then {:.2f} ÷ {:.2f}, then {:.2f} ÷ {:.3f}", V[0], 1 - 0.9, V[1], 1 - 0.9**2,
          V[2], 1 - 0.9**3),
    claim("the zero still has {:.1f} %. The dotted line stands at day {}", zero(0.9, 10), forgotten(0.9)),
    claim("*β = 0.98: for months*: day {}", forgotten(0.98)),
    claim("the orange line begin at {:.1f} °C", bias.to_celsius(0.0, "°F")),
    claim("which begins at {:.0f} °C", bias.to_celsius(0.0, "K")),
    claim("With 2 the first day reads {:.2f} °C", ONE_TOO_LARGE),
    claim("It is {:.1f} °C. Say", bias.stored_back(TEN, 0.9)[1]),
    claim("the next day divides by {:.2f}", 1 - 0.9**2),
    claim("from day 1 to day 2 the blue line falls by {:.2f} °C, and the orange one rises by {:.2f} °C",
          HAT[0] - HAT[1], V[1] - V[0]),
]  # fmt: skip

GUIDE_SETTINGS = (
    "In ten minutes", "In forty minutes", "The ten minutes above", "*β = 0.9*", "with β = 0.9",
    "After ten days", "*day t* to 10", "10 °C every day", "With 0 it divides by zero",
    "On day 2, is it about 10, about 20, or more than 50", "About 10, it was correct on day 1",
    "add up to 1 already",
)  # fmt: skip
