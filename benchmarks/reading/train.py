"""Train the model of sentences that ask for a skill, and write its weights: `make train`.

Weights: logistic regression with L2, by AdaGrad, one sentence at a time (Duchi, Hazan and Singer 2011). Fitted on the
training part; the numbers below, the cut-off and the calibration were chosen on the development part. The test part is
not opened here.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from benchmarks.reading import skillspan
from benchmarks.reading.skillspan import Sentence
from careerplan.reading.asking_model import SIZE, WEIGHTS, AskingModel, to_places

L2, EPOCHS, RATE, SEED = 3e-4, 8, 0.3, 0
FALSE_ALARMS = 0.08
"""Share of the sentences that ask for nothing that may count as asking, on the development part."""
MOST = 127  # of an int8
NEWTON_STEPS = 25


def fit(
    sentences: Sequence[Sentence], checks: Sequence[Sentence], *, false_alarms: float = FALSE_ALARMS
) -> AskingModel:
    """Return a model fitted on `sentences`, with its cut-off and its calibration from `checks`."""
    weights, bias = _descend([to_places(one.text) for one in sentences], [one.asks for one in sentences])
    scale = float(np.abs(weights).max()) / MOST
    raw = AskingModel(np.round(weights / scale).astype(np.int8), scale, bias, 1.0, 0.0, 0.5)
    scores = np.array([raw.score(one.text) for one in checks])
    asks = np.array([one.asks for one in checks])
    slope, offset = calibrate(scores, asks)
    cut = np.sort(scores[~asks])[::-1][int(false_alarms * (~asks).sum())]
    threshold = float(1 / (1 + np.exp(-(slope * cut + offset)))) + 1e-9
    return AskingModel(raw.weights, scale, bias, slope, offset, threshold)


def _descend(places: list[NDArray[np.int32]], asks: list[bool]) -> tuple[NDArray[np.float64], float]:
    weights, bias = np.zeros(SIZE), 0.0
    squares, bias_squares = np.full(SIZE, 1e-8), 1e-8
    random = np.random.default_rng(SEED)
    for _epoch in range(EPOCHS):
        for number in random.permutation(len(places)):
            at = places[number]
            share = 1 / np.sqrt(len(at) + 1)
            error = 1 / (1 + np.exp(-(weights[at].sum() * share + bias))) - asks[number]
            slope = error * share + L2 * weights[at]
            squares[at] += slope * slope
            weights[at] -= RATE * slope / np.sqrt(squares[at])
            bias_squares += error * error
            bias -= RATE * error / np.sqrt(bias_squares)
    return weights, float(bias)


def calibrate(scores: NDArray[np.float64], asks: NDArray[np.bool_]) -> tuple[float, float]:
    """Return slope and offset of the logistic curve through scores (Platt 1999), by Newton's method."""
    x = np.stack([scores, np.ones_like(scores)], axis=1)
    found = np.array([1.0, 0.0])
    for _step in range(NEWTON_STEPS):
        p = 1 / (1 + np.exp(-(x @ found)))
        found -= np.linalg.solve((x.T * (p * (1 - p))) @ x + 1e-9 * np.eye(2), x.T @ (p - asks))
    return float(found[0]), float(found[1])


def main() -> None:
    """Train on the training part and write the weights of the product."""
    model = fit(skillspan.load(skillspan.TRAIN), skillspan.load(skillspan.DEV))
    numbers = {name: getattr(model, name) for name in ("scale", "bias", "slope", "offset", "threshold")}
    np.savez_compressed(WEIGHTS, allow_pickle=False, weights=model.weights, **numbers)
    print(f"{WEIGHTS.name}: {WEIGHTS.stat().st_size} bytes, asks from a probability of {model.threshold:.2f}")


if __name__ == "__main__":
    main()
