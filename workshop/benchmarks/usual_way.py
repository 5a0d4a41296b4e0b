"""Figures made the usual way: a function under @interact that draws a new figure at each tick."""

import ipywidgets
import matplotlib.pyplot as plt
import numpy as np

from lesson_utils.drawing import style


def descend(start, curvatures, alpha, beta, steps):
    """Return the path of w and of dw and v of momentum; beta = 0 is plain descent."""
    w, v = np.array(start, dtype=float), np.zeros(2)
    path, gradients, velocities = [w], [], []
    for _ in range(steps):
        dw = curvatures * w
        v = beta * v + (1 - beta) * dw
        w = w - alpha * v
        path.append(w)
        gradients.append(dw)
        velocities.append(v)
    return np.array(path), np.array(gradients), np.array(velocities)


def draw(alpha, beta=0.9, kappa=100.0, steps=120):
    """Draw contours, both paths, both losses, dw and v in both directions, and the ruler of alpha."""
    curvatures = np.array([1 / kappa, 1.0])
    start = (-9.0, 1.2)
    plain, _, _ = descend(start, curvatures, 1.9, 0.0, steps)
    fast, dw, v = descend(start, curvatures, alpha, beta, steps)
    figure = plt.figure(figsize=(12.8, 7.2), dpi=100)
    grid = figure.add_gridspec(6, 3, hspace=1.6, wspace=0.5)
    bowl = figure.add_subplot(grid[:5, :2])
    x, y = np.meshgrid(np.linspace(-10.5, 10.5, 120), np.linspace(-1.6, 1.6, 120))
    loss = (curvatures[0] * x**2 + curvatures[1] * y**2) / 2
    levels = np.linspace(0, 1, 12) ** 2 * loss.max()
    bowl.contourf(x, y, loss, levels=levels, cmap="Blues", alpha=0.3)
    bowl.contour(x, y, loss, levels=levels, colors="#8fa3b0", linewidths=0.8)
    bowl.plot(*plain.T, "s--", color="#d55e00", label="plain")
    bowl.plot(*fast.T, "o-", color="#0072b2", label="momentum")
    bowl.plot(0, 0, "r*", markersize=18)
    bowl.set(title=f"α = {alpha:.3g}, β = {beta:.3g}", xlabel="w1", ylabel="w2")
    bowl.set(xlim=(-10.5, 10.5), ylim=(-1.6, 1.6))
    bowl.legend(loc="lower right")
    losses = figure.add_subplot(grid[:2, 2])
    for path, color in ((plain, "#d55e00"), (fast, "#0072b2")):
        losses.semilogy((curvatures * path**2).sum(axis=1) / 2, color=color)
    losses.set(title="loss", ylim=(1e-8, 1e2))
    for place, i, title in ((grid[2:4, 2], 1, "across"), (grid[4:, 2], 0, "along")):
        ax = figure.add_subplot(place)
        ax.bar(np.arange(60), dw[:60, i], color="#8a8a8a")
        ax.plot(v[:60, i], color="#007a5a", linewidth=3)
        ax.set(title=title)
    ruler = figure.add_subplot(grid[5, :2])
    ruler.set(xscale="log", xlim=(0.01, 500), yticks=[], xlabel="α")
    ruler.axvline(2.0, color="#d55e00")
    ruler.axvline(2 * (1 + beta) / (1 - beta), color="#0072b2")
    ruler.plot([alpha], [0.5], "o")
    plt.show()


def interact_with(explorer):
    """Show an explorer's own figure the usual way: its first slider under @interact, a new figure each tick."""
    name, slider = next((n, c) for n, c in explorer.controls.items() if type(c).__name__.endswith("Slider"))
    known = ("options", "min", "max", "step", "value", "description")
    options = {trait: getattr(slider, trait) for trait in known if slider.has_trait(trait)}
    kind = ipywidgets.SelectionSlider if "options" in options else type(slider)

    def show(**settings):
        with plt.rc_context(style.RC):
            figure = plt.figure(figsize=explorer.size, dpi=100)
            explorer._show(explorer._draw(figure), {**explorer.settings, **settings})
        for artist in figure.findobj(lambda artist: artist.get_animated()):
            artist.set_animated(False)
        plt.show()

    ipywidgets.interact(show, **{name: kind(**options)})
