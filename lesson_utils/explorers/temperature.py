"""What the explorers of daily temperatures share: the data, and the learner's own function of them."""

from .. import guard
from ..temperatures import Temperatures, load_temperatures
from .base import Explorer


class TemperatureExplorer(Explorer):
    """An explorer of daily temperatures, of which a function of the learner's may make averages.

    temperatures : what `load_temperatures` returns; Seattle 2012–2015 when None
    function : the learner's, (values, beta) -> averages, or None
    """

    def __init__(self, temperatures, function, **settings):
        if temperatures is not None and not isinstance(temperatures, Temperatures):
            raise TypeError(f"temperatures: {temperatures!r:.60} is not what load_temperatures returns")
        if function is not None and not callable(function):
            raise TypeError(
                f"{self.own}: {function!r:.60} is not a function; allowed is {self.own}(values, beta) -> array"
            )
        self._data = load_temperatures() if temperatures is None else temperatures
        self._function, self._prints = function, guard.Prints()
        self._declare(len(self._data.celsius))
        super().__init__(**settings)

    def _declare(self, count):
        """Fit the declared settings to that many days."""

    def _own_averages(self, values, beta):
        """Return what the learner's function makes of the values; what goes wrong comes back as a sentence."""
        name = getattr(self._function, "__name__", self.own)
        with self._prints:
            return guard.call(guard.check_series, self._function, values, beta, name=name)
