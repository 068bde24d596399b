"""What every voice promises. A subclass supplies ``voice``."""

from dataclasses import replace

import numpy as np
import pytest

from broadcaster.errors import VoiceFailed
from broadcaster.ports import Phrase
from broadcaster.voices.checked import spoken_s
from broadcaster.voices.pace import words_alone
from tests.fakes_voice import phrase, phrase_of

SENTENCE = "明天上午村委会开会"
LENGTH_TOLERANCE = 0.2
"""A single sentence strays so far from the mean of many: some syllables are long."""


class VoiceContract:
    def test_a_sentence_is_heard_at_the_rate_that_was_asked_for(self, voice):
        said = phrase(SENTENCE)

        samples, rate_hz = voice.speak(said, 165)

        assert samples.dtype == np.float32
        assert samples.ndim == 1
        assert 0.05 < np.abs(samples).max() <= 1.0
        expected = 60 * len(said.syllables) / words_alone(165)
        assert spoken_s(samples, rate_hz) == pytest.approx(expected, rel=LENGTH_TOLERANCE)

    def test_a_lower_rate_is_slower(self, voice):
        slow = spoken_s(*voice.speak(phrase(SENTENCE), 130))
        fast = spoken_s(*voice.speak(phrase(SENTENCE), 200))

        assert slow / fast == pytest.approx(200 / 130, rel=LENGTH_TOLERANCE)

    def test_more_words_take_longer(self, voice):
        short = spoken_s(*voice.speak(phrase("村委会开会"), 165))
        long = spoken_s(*voice.speak(phrase("村委会开会村委会开会"), 165))

        assert long / short == pytest.approx(2, rel=LENGTH_TOLERANCE)

    def test_control_characters_drop_no_word(self, voice):
        said = phrase(SENTENCE)
        dirty = replace(said, spoken="明天\x00上午\x07村委会\ud800开\u202e会")

        plain_s, dirty_s = (spoken_s(*voice.speak(one, 165)) for one in (said, dirty))

        assert dirty_s == pytest.approx(plain_s, rel=LENGTH_TOLERANCE)

    def test_nothing_to_say_is_refused(self, voice):
        with pytest.raises(VoiceFailed) as refused:
            voice.speak(Phrase(spoken="", syllables=()), 165)

        assert refused.value.sentence.zh == "语音合成出错：没有可念的字。"
        assert refused.value.sentence.en == "a voice failed: there is nothing to say."

    def test_five_hundred_characters_are_too_many_by_one(self, voice):
        with pytest.raises(VoiceFailed) as refused:
            voice.speak(phrase_of(501), 165)

        assert refused.value.sentence.zh == "语音合成出错：一段超过 500 个字。"
        assert refused.value.sentence.en == "a voice failed: a phrase is longer than 500 characters."

    def test_it_speaks_on_after_a_refusal_and_closes_twice(self, voice):
        with pytest.raises(VoiceFailed):
            voice.speak(phrase_of(501), 165)

        samples, _ = voice.speak(phrase("好"), 165)

        assert len(samples)
        voice.close()
        voice.close()

    def test_its_name_says_engine_and_voice(self, voice):
        assert voice.name
        assert voice.name == voice.name.strip()
        assert len(voice.name) <= 60
