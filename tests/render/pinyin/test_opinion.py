"""The second opinion: asked only where nothing else decides, and missed without harm where it is not installed."""

import pickle

import numpy as np
import pytest

from broadcaster.model.texts import DoubtKind
from broadcaster.render.pinyin import opinion, sound
from broadcaster.render.reading import read_any


@pytest.fixture
def nothing_installed(monkeypatch):
    """The package with the weights is away; what was read before is forgotten."""
    monkeypatch.setattr(opinion.importlib.util, "find_spec", lambda name: None)
    opinion._network.cache_clear()
    yield
    opinion._network.cache_clear()


def test_it_knows_a_polyphone_from_its_sentence():
    text = "他在晚会上弹了一首曲"

    assert opinion.ask(text, [text.index("曲")])[9].reading == "qu3"


def test_shares_add_up_and_the_first_is_the_largest():
    guess = opinion.ask("会计", [0])[0]

    assert 1 / 2 <= guess.share <= 1 and guess.reading not in guess.others


def test_characters_with_one_reading_are_not_guessed():
    assert opinion.ask("大营村", [1, 2]) == {}


def test_places_of_a_long_text_are_all_answered():
    text = "他说这首曲很好听，也很难唱" * 40
    places = [at for at, char in enumerate(text) if char == "曲"]

    assert opinion.ask(text, places).keys() == set(places)


def test_sentences_are_guessed_the_same_alone_and_together():
    alone = opinion.ask("他弹了一首曲。", [5])[5]
    together = opinion.ask("他弹了一首曲。酒要用好曲，味道才正。", [5, 10])

    assert together[5].reading == alone.reading
    assert together[5].share == pytest.approx(alone.share, abs=1e-4)


def test_without_the_package_the_usual_reading_is_said_and_the_log_tells_it(nothing_installed, caplog):
    assert opinion.ask("他弹了一首曲", [5]) == {}
    assert [one.syllable.pinyin for one in sound("吃点莎").sounds][-1] == "sha1"
    assert "the package g2pM is not installed" in caplog.text


def test_a_file_of_weights_that_would_act_is_not_let_out():
    class Acts:
        def __reduce__(self):
            return print, ("acted",)

    with pytest.raises(pickle.UnpicklingError):
        opinion._Unpickler(opinion.io.BytesIO(pickle.dumps(Acts()))).load()


def test_a_file_of_numbers_is_let_out():
    numbers = {"weights": np.arange(6, dtype=np.float32).reshape(2, 3)}

    found = opinion._Unpickler(opinion.io.BytesIO(pickle.dumps(numbers, protocol=4))).load()

    assert (found["weights"] == numbers["weights"]).all()


def test_a_polyphone_that_it_is_not_sure_of_becomes_a_doubt_at_its_place_in_the_written_text():
    text = "共300只。“剥！”的一声"
    doubts = [one for one in read_any(text).doubts if one.kind is DoubtKind.POLYPHONE]

    assert [(one.start, one.written, one.reading, one.alternatives) for one in doubts] == [
        (text.index("剥"), "剥", "bao1", ("bo1",))
    ]
    assert doubts[0].why.en == (
        "'剥' has several readings. Look whether this is the right one; if not, put the word into lexicon.toml."
    )


def test_a_character_that_nobody_knows_is_left_out_with_a_doubt():
    reading = read_any("张\U00030000同志，\U00030000")

    assert reading.spoken == "张同志，"
    assert reading.pinyin == "zhang1 tong2 zhi4"
    assert [(one.kind, one.start, one.written, one.reading) for one in reading.doubts] == [
        (DoubtKind.DROPPED, 1, "\U00030000", "")
    ]
    assert reading.doubts[0].why.en == (
        "nobody knows how to say '\U00030000', so it is left out. Write it otherwise, or put it into lexicon.toml."
    )
