"""A second opinion on polyphones: the published network of g2pM (a two-way LSTM, 1.6 MB), run with numpy alone.

Only numbers and words are let out of its files, and none of its code is run.
"""

from __future__ import annotations

import importlib.util
import io
import logging
import pickle
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from broadcaster.model.pinyin import is_syllable

log = logging.getLogger(__name__)

_BEGIN, _END, _UNKNOWN = "시", "끝", "<UNK>"
_LONGEST = 60
"""Characters of a sentence that are looked at together."""
_SENTENCE = re.compile(r"[^。！？；\n]+")

Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Guess:
    reading: str
    share: float
    """How sure the model is of it, 0 to 1."""
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Network:
    ids: dict[str, int]
    places: dict[str, tuple[tuple[str, ...], list[int]]]
    """The readings of each polyphone, and where the last layer has them."""
    inputs: tuple[Array, Array]
    """What the LSTM adds for each character, forwards and backwards."""
    recurrent: Array
    hidden: tuple[Array, Array]
    last: tuple[Array, Array]


def ask(text: str, places: Sequence[int]) -> dict[int, Guess]:
    """What the model holds for the polyphones at *places*; silent on characters that it does not know as polyphones."""
    network = _network()
    wanted = [at for at in places if network is not None and text[at] in network.places]
    if network is None or not wanted:
        return {}
    pieces = _pieces(text, wanted)
    outputs = _run(network, [text[start:end] for start, end in pieces])
    found = {}
    for (start, end), output in zip(pieces, outputs, strict=True):
        for at in (at for at in wanted if start <= at < end and at not in found):
            found[at] = _guess(network, text[at], output[at - start])
    return found


def _pieces(text: str, wanted: Sequence[int]) -> list[tuple[int, int]]:
    """Sentences that hold a wanted place; of a long sentence the part around it."""
    found: list[tuple[int, int]] = []
    covered = -1
    for at in wanted:
        if at < covered:
            continue
        start = max(text.rfind(mark, max(0, at - _LONGEST // 2), at) for mark in "。！？；\n") + 1
        start = max(start, at - _LONGEST // 2, 0)
        ends = _SENTENCE.match(text, at)
        end = min(ends.end() if ends else at + 1, at + _LONGEST // 2)
        found.append((start, end))
        covered = max(at + 1, end - 8 if end == at + _LONGEST // 2 else end)
    return found


def _run(network: _Network, sentences: Sequence[str]) -> list[Array]:
    """Both directions of all sentences at once; for each sentence the values of the LSTM by character."""
    unknown = network.ids[_UNKNOWN]
    ids = [
        [network.ids[_BEGIN], *(network.ids.get(char, unknown) for char in one), network.ids[_END]] for one in sentences
    ]
    steps = max(map(len, ids))
    adds = np.zeros((steps, 2, len(ids), 128), np.float32)
    for number, one in enumerate(ids):
        adds[: len(one), 0, number] = network.inputs[0][one]
        adds[: len(one), 1, number] = network.inputs[1][one[::-1]]
    state = np.zeros((2, len(ids), 32), np.float32)
    cell = np.zeros_like(state)
    states = np.zeros((steps, 2, len(ids), 32), np.float32)
    for step in range(steps):
        gates = adds[step] + state @ network.recurrent
        opened = 1 / (1 + np.exp(-gates))
        cell = opened[..., 32:64] * cell + opened[..., :32] * np.tanh(gates[..., 64:96])
        state = opened[..., 96:] * np.tanh(cell)
        states[step] = state
    return [
        np.concatenate([states[: len(one), 0, number], states[: len(one), 1, number][::-1]], axis=1)[1:-1]
        for number, one in enumerate(ids)
    ]


def _guess(network: _Network, char: str, output: Array) -> Guess:
    readings, places = network.places[char]
    hidden = np.maximum(output @ network.hidden[0] + network.hidden[1], 0)
    values = hidden @ network.last[0][:, places] + network.last[1][places]
    shares = np.exp(values - values.max())
    shares /= shares.sum()
    order = np.argsort(-shares)
    return Guess(readings[order[0]], float(shares[order[0]]), tuple(readings[one] for one in order[1:3]))


@lru_cache(maxsize=1)
def _network() -> _Network | None:
    """None, with a warning, where the files are not there or not as expected."""
    try:
        return _load()
    except (OSError, pickle.UnpicklingError, KeyError, ValueError) as error:
        log.warning("polyphones are read without a second opinion: %s", error)
        return None


def _load() -> _Network:
    found = importlib.util.find_spec("g2pM")
    if found is None:
        raise FileNotFoundError("the package g2pM is not installed")
    folder = resources.files(importlib.util.module_from_spec(found))

    def unpacked(name: str) -> object:
        return _Unpickler(io.BytesIO(folder.joinpath(name).read_bytes())).load()

    return _network_of(unpacked)


def _network_of(unpacked: Callable[[str], object]) -> _Network:
    ids = cast(dict[str, int], unpacked("char2idx.pkl"))
    classes = cast(dict[str, int], unpacked("class2idx.pkl"))
    known = cast(dict[str, list[str]], unpacked("digest_cedict.pkl"))
    weights = cast(dict[str, Array], unpacked("np_ckpt.pkl"))
    places = {}
    for char, readings in known.items():
        named = [one for one in readings if one in classes and is_syllable(one.replace("u:", "v"))]
        if len(readings) > 1 and named:
            places[char] = (tuple(one.replace("u:", "v") for one in named), [classes[one] for one in named])

    def inputs(suffix: str) -> Array:
        bias = weights[f"lstm.bias_ih_l0{suffix}"] + weights[f"lstm.bias_hh_l0{suffix}"]
        return cast(Array, weights["embedding.weight"] @ weights[f"lstm.weight_ih_l0{suffix}"].T + bias)

    return _Network(
        ids=ids,
        places=places,
        inputs=(inputs(""), inputs("_reverse")),
        recurrent=np.stack([weights[f"lstm.weight_hh_l0{suffix}"].T for suffix in ("", "_reverse")]),
        hidden=(weights["logit_layer.0.weight"].T, weights["logit_layer.0.bias"]),
        last=(weights["logit_layer.2.weight"].T, weights["logit_layer.2.bias"]),
    )


class _Unpickler(pickle.Unpickler):
    """Lets out arrays of numbers and what they are made of, and nothing that could act."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("numpy", "ndarray"):
            return np.ndarray
        if (module, name) == ("numpy", "dtype"):
            return np.dtype
        if name == "_reconstruct" and module in ("numpy.core.multiarray", "numpy._core.multiarray"):
            return np.ndarray.__reduce__(np.zeros(1))[0]
        raise pickle.UnpicklingError(f"{module}.{name} is not a number or a word")
