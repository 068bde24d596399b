"""The smallest models that sherpa-onnx and piper load: each token is a tone of its own pitch, so that tests hear it."""

import json

import numpy as np
import onnx
from onnx import TensorProto, helper

RATE_HZ = 16_000
LOWEST_HZ, STEP_HZ = 300.0, 20.0


def tone_model(path, *, ids, length, scale_of, frames_a_token, inputs, metadata=(), skipped=0):
    """A model whose output is, for each id, a tone for *frames_a_token* × the length scale.

    *ids*, *length*: names of the inputs with the tokens; *scale_of*: the nodes that make a scalar ``scale``; tokens
    up to *skipped* are silent.
    """
    nodes = [
        *scale_of,
        helper.make_node("Mul", ["scale", "frames"], ["wide"]),
        helper.make_node("Cast", ["wide"], ["width"], to=TensorProto.INT64),
        helper.make_node("Squeeze", [ids, "zero_axis"], ["tokens"]),
        helper.make_node("Size", ["tokens"], ["count"]),
        helper.make_node("Mul", ["count", "width"], ["total"]),
        helper.make_node("Range", ["zero", "total", "one"], ["at"]),
        helper.make_node("Div", ["at", "width"], ["place"]),
        helper.make_node("Gather", ["tokens", "place"], ["token"]),
        helper.make_node("Cast", ["token"], ["token_f"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["token_f", "step"], ["above"]),
        helper.make_node("Add", ["above", "lowest"], ["pitch"]),
        helper.make_node("Cast", ["at"], ["at_f"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["at_f", "pitch"], ["turns"]),
        helper.make_node("Mul", ["turns", "radians"], ["angle"]),
        helper.make_node("Sin", ["angle"], ["sine"]),
        helper.make_node("Greater", ["token", "skipped"], ["sounds"]),
        helper.make_node("Cast", ["sounds"], ["loud"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["sine", "loud"], ["gated"]),
        helper.make_node("Mul", ["gated", "level"], ["quiet"]),
        helper.make_node("Unsqueeze", ["quiet", "axes"], ["y"]),
    ]
    constants = {
        "zero_axis": np.array([0], np.int64),
        "axes": np.array([0, 1], np.int64),
        "zero": np.array(0, np.int64),
        "one": np.array(1, np.int64),
        "skipped": np.array(skipped, np.int64),
        "frames": np.array(frames_a_token, np.float32),
        "step": np.array(STEP_HZ, np.float32),
        "lowest": np.array(LOWEST_HZ, np.float32),
        "radians": np.array(2 * np.pi / RATE_HZ, np.float32),
        "level": np.array(0.3, np.float32),
    }
    graph = helper.make_graph(
        nodes,
        "tones",
        [helper.make_tensor_value_info(name, kind, shape) for name, kind, shape in inputs],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 1, "frames_out"])],
        [onnx.numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    helper.set_model_props(model, dict(metadata))
    onnx.save(model, str(path))


def sherpa_model(folder, readings):
    """A VITS model in *folder* that knows the characters of *readings*, character → pinyin."""
    folder.mkdir(parents=True)
    tokens = ["_", "，", "。", *sorted(set(readings.values()))]
    (folder / "tokens.txt").write_text("".join(f"{one} {at}\n" for at, one in enumerate(tokens)), encoding="utf-8")
    lexicon = "".join(f"{char} {pinyin}\n" for char, pinyin in readings.items())
    (folder / "lexicon.txt").write_text(lexicon, encoding="utf-8")
    tone_model(
        folder / "model.onnx",
        ids="x",
        length="x_length",
        scale_of=[helper.make_node("Squeeze", ["length_scale", "zero_axis"], ["scale"])],
        frames_a_token=RATE_HZ // 5,
        inputs=[
            ("x", TensorProto.INT64, [1, "count_in"]),
            ("x_length", TensorProto.INT64, [1]),
            ("noise_scale", TensorProto.FLOAT, [1]),
            ("length_scale", TensorProto.FLOAT, [1]),
            ("noise_scale_w", TensorProto.FLOAT, [1]),
        ],
        metadata={
            "model_type": "vits",
            "comment": "tones",
            "language": "Chinese",
            "sample_rate": str(RATE_HZ),
            "n_speakers": "1",
            "add_blank": "0",
            "punctuation": "， 。",
            "jieba": "0",
            "bos_id": "0",
            "eos_id": "0",
            "use_eos_bos": "0",
            "pad_id": "0",
        }.items(),
        skipped=2,
    )
    return tokens


def piper_model(path, *, voice="cmn", phoneme_type="espeak"):
    """A piper model at *path* and its config beside it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    phonemes = [
        "_",
        "^",
        "$",
        " ",
        ",",
        ".",
        "ˈ",
        *sorted(set("nihaoɕŋtjdʂʐʑpbmfkglsχwvyuəɛɑɔeɪʊxzqrchɤʈɨtɹœɯɜ012345ːʲ̩̥")),
    ]
    config = {
        "audio": {"sample_rate": RATE_HZ},
        "espeak": {"voice": voice},
        "phoneme_type": phoneme_type,
        "num_symbols": len(phonemes),
        "num_speakers": 1,
        "inference": {"noise_scale": 0.6, "length_scale": 1.0, "noise_w": 0.8},
        "phoneme_id_map": {one: [at] for at, one in enumerate(phonemes)},
        "speaker_id_map": {},
    }
    path.with_name(f"{path.name}.json").write_text(json.dumps(config), encoding="utf-8")
    tone_model(
        path,
        ids="input",
        length="input_lengths",
        scale_of=[
            helper.make_node("Constant", [], ["second"], value_int=1),
            helper.make_node("Gather", ["scales", "second"], ["scale"]),
        ],
        frames_a_token=RATE_HZ // 50,
        inputs=[
            ("input", TensorProto.INT64, [1, "count_in"]),
            ("input_lengths", TensorProto.INT64, [1]),
            ("scales", TensorProto.FLOAT, [3]),
        ],
        skipped=2,
    )
    return phonemes


def heard(samples, rate_hz, tokens, width_s):
    """The tokens in *samples*, each *width_s* long."""
    loud = np.flatnonzero(np.abs(samples) > 0.01)
    samples, width = samples[loud[0] : loud[-1] + 1], int(width_s * rate_hz)
    found = []
    for start in range(0, len(samples) - width // 2, width):
        piece = samples[start : start + width]
        pitch = np.argmax(np.abs(np.fft.rfft(piece * np.hanning(len(piece)), rate_hz)))
        found.append(tokens[round((pitch - LOWEST_HZ) / STEP_HZ)])
    return found
