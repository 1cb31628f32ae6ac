"""How far probabilities are from what happens."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

BINS = 10


def calibration_error(said: ArrayLike, happened: ArrayLike) -> float:
    """Return the mean distance of probability and frequency over bins of equal width, by how many are in each."""
    probabilities: NDArray[np.float64] = np.asarray(said, dtype=float)
    events: NDArray[np.float64] = np.asarray(happened, dtype=float)
    bins = np.minimum((probabilities * BINS).astype(int), BINS - 1)
    shares = [(bins == number).mean() for number in range(BINS)]
    gaps = [
        abs(probabilities[bins == number].mean() - events[bins == number].mean()) if share else 0
        for number, share in enumerate(shares)
    ]
    return float(np.dot(shares, gaps))
