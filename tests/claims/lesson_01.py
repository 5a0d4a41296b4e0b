"""Every number in lesson 01, computed again."""

import numpy as np

from lesson_utils import averages, losses, optimizers
from lesson_utils.temperatures import UNITS, load_temperatures
from tests.claims import claim

SEATTLE = load_temperatures()
THETA = SEATTLE.celsius[:366]
JUMPS = np.abs(np.diff(THETA))
V = averages.ewa(THETA[:3], 0.9)
STEP = np.where(np.arange(1461) < 100, 0.0, 10.0)
STEP_BEGINS = SEATTLE.dates[100].astype(object)


def held(beta, days):
    return 100 * averages.ewa_weights(beta, days).sum()


def days_that_hold(beta, percent):
    return int(np.argmax(100 * np.cumsum(averages.ewa_weights(beta, 5000)) >= percent - 1e-9)) + 1


def change(beta):
    return np.abs(np.diff(averages.ewa(THETA, beta)[31:])).mean()


def falls(beta, least=0.5):
    """Return how often the line falls by `least` or more from February on; between two falls it rises by as much."""
    line = averages.ewa(THETA, beta)[31:]
    count, falling, turn = 0, False, line[0]
    for v in line:
        turn = min(turn, v) if falling else max(turn, v)
        if abs(v - turn) >= least:
            falling, turn = not falling, v
            count += falling
    return count


def half_way(beta):
    return int(np.argmax(averages.ewa(STEP, beta) >= 5 - 1e-12)) - 99


def behind(beta):
    rise = np.arange(3000.0)
    return rise[-1] - averages.ewa(rise, beta)[-1]


def on_a_year(beta):
    """Return (days late, share of the swing) of the average of a wave that lasts a year, when it has run for long."""
    turn = np.exp(2j * np.pi * np.arange(8000) / 365)
    ratio = averages.ewa(turn.real, beta)[-1] + 1j * averages.ewa(turn.imag, beta)[-1]
    ratio /= turn[-1]
    return -np.angle(ratio) * 365 / (2 * np.pi), abs(ratio)


def zero_below_one_percent(beta):
    return int(np.argmax(1 - averages.ewa(np.ones(1000), beta) < 0.01)) + 1


BOWL = losses.Quadratic((0.01, 1.0))
RACE = {
    "orange": optimizers.gradient_descent(BOWL.gradient, (-9, 1.2), 1.9, 60),
    "blue": optimizers.momentum(BOWL.gradient, (-9, 1.2), 6, 0.8, 60),
}

CLAIMS = [
    claim("Why is it there first?", holds=optimizers.settles_at(RACE["blue"].w, (0, 0)) is not None
          and optimizers.settles_at(RACE["orange"].w, (0, 0)) is None),
    claim("for tenths of a °C", holds=UNITS["tenths"].celsius(10) == 1.0),
    claim("it is warmest weeks after the warmest days",
          holds=np.argmax(averages.ewa(THETA, 0.98)) - np.argmax(THETA) >= 14),
    claim("The year is {}, a leap year with {} days", SEATTLE.dates[0].astype(object).year, len(THETA),
          holds=str(SEATTLE.dates[365]) == "2012-12-31"),
    claim("Its first three days had {:g}, {:g} and {:g} °C", *THETA[:3]),
    claim("On average it changes by {:.1f} °C. The largest jump is {:.1f} °C", JUMPS.mean(), JUMPS.max()),
    claim("the three days {:g}, {:g} and {:g}", *THETA[:3]),
    claim("v₁ = 0.9 · 0 + 0.1 · {:g} = {:.4g}", THETA[0], V[0]),
    claim("v₂ = 0.9 · {:.4g} + 0.1 · {:g} = {:.4g}", V[0], THETA[1], V[1]),
    claim("v₃ = 0.9 · {:.4g} + 0.1 · {:g} = {:.4f}", V[1], THETA[2], V[2]),
    claim("It is {:.4f} °C, and yet none of the three days was colder than {:g} °C", V[2], THETA[:3].min()),
    claim("The last value becomes {:.4f}. It forgets the start sooner", averages.ewa(THETA[:3], 0.5)[2]),
    claim("At β = {} nothing of yesterday stays, so the line is the points", 0,
          holds=np.array_equal(averages.ewa(THETA, 0.0), THETA)),
    claim("At β = {} the line runs through every point", 0,
          holds=np.array_equal(averages.ewa(THETA, 0.0), THETA)),
    *(claim(f"| {beta} | {{}} | {{:.1f}} °C |", falls(beta), averages.ewa(THETA, beta).max())
      for beta in (0.9, 0.96, 0.99)),
    claim("take a β near {}", next(b for b in (0.9, 0.93, 0.95, 0.96, 0.97) if falls(b) == 1)),
    claim("The one fall is the autumn", holds=np.argmax(averages.ewa(THETA, 0.96)) > 213 and falls(0.96) == 1),
    claim("it takes away much of the summer too",
          holds=averages.ewa(THETA, 0.99).max() < averages.ewa(THETA, 0.96).max() - 4),
    *(claim(f"| {beta} | {{:.2f}} °C |", change(beta)) for beta in (0, 0.5, 0.9, 0.98)),
    claim("v₃ = {:.2g} θ₃ + {:.2g} θ₂ + {:.2g} θ₁", *averages.ewa_weights(0.9, 3),
          holds=np.isclose(averages.ewa_weights(0.9, 3) @ THETA[2::-1], V[2])),
    claim("About a third: 0.9 multiplied by itself {} times is {:.2f}", 10, 0.9**10),
    claim("because 1/(1−β) is {:.0f}", averages.memory(0.9)),
    claim("90 % or {:.0f} %?", held(0.9, 10)),
    claim("{:.0f} %. The other {:.0f} % lie further back", held(0.9, 10), 100 - held(0.9, 10)),
    claim("{} days. That is nearly three times as many as {:.0f}", days_that_hold(0.9, 95),
          averages.memory(0.9), holds=2.8 < days_that_hold(0.9, 95) / averages.memory(0.9) < 3),
    claim("β = {:g}, and they hold {:.0f} %", 1 - 1 / 50, held(0.98, 50)),
    *(claim(f"| {beta} | {{:.0f}} | {{:.0f}} % | {{}} |", averages.memory(beta),
            held(beta, round(averages.memory(beta))), days_that_hold(beta, 95)) for beta in (0.5, 0.9, 0.98)),
    claim("the number of days after which a weight has shrunk to a bit more than a third",
          holds=all(0.33 < beta ** averages.memory(beta) < 0.37 for beta in (0.9, 0.98))),
    claim("On warm day {}", half_way(0.9)),
    claim("the warm days begin on {} April", STEP_BEGINS.day, holds=STEP_BEGINS.month == 4),
    claim("gets half way on the warm day {}, in the middle of May", half_way(0.98),
          holds=str(SEATTLE.dates[100 + half_way(0.98) - 1]) == "2012-05-14"),
    claim("ended near β = {:g}", next(b for b in (0.95, 0.97, 0.98, 0.985) if half_way(b) == 35)),
    *(claim(f"| {beta} | {{}} | {{:.0f}} day", half_way(beta), behind(beta),
            holds=np.isclose(behind(beta), beta / (1 - beta))) for beta in (0.5, 0.9, 0.98)),
    claim("the first day has {:g} °C, and v₁ is {:.2f}", THETA[0], V[0]),
    claim("{:.2f} °C: it takes in only {:.2f} of the first day", averages.ewa(THETA[:1], 0.98)[0], 1 - 0.98),
    claim("With β = 0.98 the difference stays for months", holds=zero_below_one_percent(0.98) > 180),
    claim("the curve starts at {:g} °C on the first day", averages.ewa(THETA, 0.98, bias_correction=True)[0]),
    claim("The last 10 days hold {:.0f} % of the weight, and for 95 % it takes {} days", held(0.9, 10),
          days_that_hold(0.9, 95)),
    claim("β = 0.95, because 1/(1−0.95) = {:.0f}", averages.memory(0.95)),
    claim("0.95/(1−0.95) = {:.0f} days late", behind(0.95)),
    claim("v₁ = {:.3g} and v₂ = {:.3g}", *averages.ewa([10.0, 10.0], 0.9)),
    claim("On a steady rise the curve is {:.0f} days late", behind(0.99)),
    claim("it is two months late, and shows half of the way from winter to summer",
          holds=58 < on_a_year(0.99)[0] < 62 and 0.48 < on_a_year(0.99)[1] < 0.52),
    *(claim(f"| {beta} | {{:.0f}} days | {{:.0f}} % |", on_a_year(beta)[0], 100 * (1 - on_a_year(beta)[1]))
      for beta in (0.9, 0.98, 0.99)),
    claim("A smoother curve is later and flatter",
          holds=all(np.all(np.diff([one(beta) for beta in (0.5, 0.9, 0.98, 0.99)]) < 0) for one in (
              change, lambda beta: -behind(beta), lambda beta: -half_way(beta), lambda beta: -on_a_year(beta)[0],
              lambda beta: on_a_year(beta)[1]))),
    claim("There the curve is less late than that, but it is flatter too",
          holds=all(on_a_year(beta)[0] < behind(beta) and on_a_year(beta)[1] < 1 for beta in (0.9, 0.98, 0.99))),
    claim("each day's age, times its weight, added up",
          holds=np.isclose(averages.ewa_weights(0.9, 2000) @ np.arange(2000), behind(0.9))),
]  # fmt: skip

SETTINGS = (
    "0 or more, and less than 1", "β = 0.9", "Replace 0.9 and 0.1 by 0.5 and 0.5", "goes up to 0.98",
    "the day 10 days back", "averages over the last 10 days", "the newest 10 days", "100 %, 90 % or",
    "hold 95 % of the weight", "days that hold 95 %", "stands at 50 days", "these 50 days",
    "It has 0 °C for 100 days, and from then on 10 °C", "half way, to 5 °C",
    "With β = 0.99 it takes", "With β = 0.9 the line still", "β = 0.98, which temperature",
    "With β = 0.98 the difference stays",
    "only the last 10 days count", "a time constant of 20 days", "Every day has 10 °C", "takes β = 0.99",
)  # fmt: skip

GUIDE_CLAIMS = [
    claim("so 1/(1−β) is {:.0f}.", averages.memory(0.9)),
    claim("the last 10 days hold {:.0f} % of the weight", held(0.9, 10)),
    claim("compared with today: a third", holds=0.3 < 0.9**10 < 0.4),
    claim("They are weeks apart", holds=np.argmax(averages.ewa(THETA, 0.98)) - np.argmax(THETA) >= 14),
    claim("on a steady rise the curve is {:.0f} days late", behind(0.98)),
    claim("The first day had {:g} °C. Where does the line begin?", THETA[0]),
    claim('*Expect* "at {:g}"', THETA[0]),
    claim("It begins at {:.2f} °C, because it takes in {:.2f} of the", averages.ewa(THETA[:1], 0.98)[0],
          1 - 0.98),
    claim("the days {:g}, {:g} and {:g}. Everybody", *THETA[:3]),
    claim("They get {:.2f}, {:.4g} and {:.4f}", *V),
    claim('"No day was colder than {:g}. Why is the average {:.4f}?"', THETA[:3].min(), V[2]),
    claim("It runs off to ten times the temperature", holds=np.isclose(averages.memory(0.9), 10)),
    claim("until θ₁ stands there with {:.3f}", averages.ewa_weights(0.9, 3)[2]),
    claim("It is day {}.", half_way(0.9)),
    claim("the β that needs {} days. They should end near {:g}", half_way(0.98), 0.98),
]  # fmt: skip
GUIDE_SETTINGS = (
    "In ten minutes", "In forty minutes", "for the forty minutes", "The ten minutes above", "β = 0.9",
    "β is 0.9", '"The last ten."', '"Ten is the scale', "the day 10 days back", "β = 0.98",
    "0 °C for 100 days, then 10 °C for ever", '"day 5, half of ten" and "day 10"', 
    "for number 3", "number 1 and number 2", "Number 3 above", "question 2 and question 4", "v₀ = 0",
)  # fmt: skip
