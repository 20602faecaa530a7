"""What is counted at every request, for Prometheus and for one thread: its library's counters take locks."""

import time
from bisect import bisect_left
from collections.abc import Iterable
from itertools import accumulate

from prometheus_client import Metric
from prometheus_client.registry import Collector


class Tally(Collector):
    """Counts by one label."""

    def __init__(self, name: str, documentation: str, label: str) -> None:
        self._name = name
        self._documentation = documentation
        self._label = label
        self._counts: dict[object, int] = {}
        self._created: dict[object, float] = {}

    def add(self, value: object) -> None:
        """One more with this value of the label."""
        if value in self._counts:
            self._counts[value] += 1
        else:
            self._counts[value], self._created[value] = 1, time.time()

    def collect(self) -> Iterable[Metric]:
        """As the library would have it."""
        family = Metric(self._name, self._documentation, "counter")
        for value, count in self._counts.items():
            labels = {self._label: str(value)}
            family.add_sample(f"{self._name}_total", labels, count)
            family.add_sample(f"{self._name}_created", labels, self._created[value])
        yield family


class Seconds:
    """What was observed with one set of labels. For one thread."""

    __slots__ = ("_bounds", "counts", "created", "total")

    def __init__(self, bounds: tuple[float, ...]) -> None:
        self._bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        self.total = 0.0
        self.created = time.time()

    def observe(self, seconds: float) -> None:
        """One more."""
        self.total += seconds
        self.counts[bisect_left(self._bounds, seconds)] += 1


class Histogram(Collector):
    """Seconds by labels. `bounds` are those of the buckets, each with what is equal to it."""

    def __init__(
        self, name: str, documentation: str, labels: tuple[str, ...], bounds: tuple[float, ...]
    ) -> None:
        self._name = name
        self._documentation = documentation
        self._labels = labels
        self._bounds = bounds
        self._shown = [*map(str, bounds), "+Inf"]
        self._by_values: dict[tuple[str, ...], Seconds] = {}

    def labels(self, *values: str) -> Seconds:
        """What has these labels."""
        found = self._by_values.get(values)
        if found is None:
            found = self._by_values[values] = Seconds(self._bounds)
        return found

    def adopt(self, values: tuple[str, ...], seconds: Seconds) -> None:
        """These labels are those of what is observed elsewhere, with the same bounds."""
        self._by_values[values] = seconds

    def collect(self) -> Iterable[Metric]:
        """As the library would have it."""
        family = Metric(self._name, self._documentation, "histogram")
        for values, seconds in self._by_values.items():
            labels = dict(zip(self._labels, values, strict=True))
            up_to = list(accumulate(seconds.counts))
            for bound, count in zip(self._shown, up_to, strict=True):
                family.add_sample(f"{self._name}_bucket", {**labels, "le": bound}, count)
            family.add_sample(f"{self._name}_count", labels, up_to[-1])
            family.add_sample(f"{self._name}_sum", labels, seconds.total)
            family.add_sample(f"{self._name}_created", labels, seconds.created)
        yield family
