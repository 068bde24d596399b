"""Which voice speaks Mandarin: lists as Windows, macOS and espeak-ng give them."""

from dataclasses import dataclass, field

import pytest

from broadcaster.voices.mandarin import pick_voice, says_pinyin, wanted_voice, why_not_espeak


@dataclass
class Listed:
    id: str
    name: str
    languages: list = field(default_factory=list)


TOKENS = r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Speech\Voices\Tokens"
ZIRA = Listed(rf"{TOKENS}\TTS_MS_EN-US_ZIRA_11.0", "Microsoft Zira Desktop - English (United States)")
HUIHUI = Listed(rf"{TOKENS}\TTS_MS_ZH-CN_HUIHUI_11.0", "Microsoft Huihui Desktop - Chinese (Simplified)")
HANHAN = Listed(rf"{TOKENS}\TTS_MS_ZH-TW_HANHAN_11.0", "Microsoft Hanhan Desktop - Chinese (Taiwan)")
TRACY = Listed(rf"{TOKENS}\TTS_MS_ZH-HK_TRACY_11.0", "Microsoft Tracy Desktop - Chinese(Traditional, Hong Kong SAR)")
ALEX = Listed("com.apple.speech.synthesis.voice.Alex", "Alex", ["en_US"])
TINGTING = Listed("com.apple.voice.compact.zh-CN.Tingting", "Tingting", ["zh-CN"])
OLD_TINGTING = Listed("com.apple.speech.synthesis.voice.ting-ting.premium", "Ting-Ting", ["zh_CN"])
MEIJIA = Listed("com.apple.voice.compact.zh-TW.Meijia", "Meijia", ["zh-TW"])
SINJI = Listed("com.apple.voice.compact.zh-HK.Sinji", "Sinji", ["zh-HK"])
ODD = Listed("chinese-by-somebody", "Chinese", [b"\x05zh"])
PINYIN = Listed("sit/cmn-latn-pinyin", "Chinese (Mandarin, latin as Pinyin)", ["cmn-latn-pinyin"])
CMN = Listed("sit/cmn", "Chinese (Mandarin, latin as English)", ["cmn"])
YUE = Listed("sit/yue", "Chinese (Cantonese)", ["yue"])


@pytest.mark.parametrize(
    ("voices", "picked"),
    [
        ([ZIRA, HANHAN, HUIHUI, TRACY], HUIHUI),
        ([ZIRA, TRACY, HANHAN], HANHAN),
        ([ALEX, SINJI, MEIJIA, TINGTING], TINGTING),
        ([ALEX, SINJI, OLD_TINGTING], OLD_TINGTING),
        ([SINJI, MEIJIA], MEIJIA),
        ([ALEX, ODD], ODD),
        ([ZIRA, TRACY], None),
        ([ALEX, SINJI], None),
        ([ZIRA, YUE], None),
        ([], None),
    ],
)
def test_on_windows_and_macos_mainland_mandarin_goes_first_and_cantonese_never(voices, picked):
    assert pick_voice(voices, is_linux=False) == (picked and picked.id)


@pytest.mark.parametrize(
    ("voices", "picked"), [([CMN, YUE, PINYIN], "cmn-latn-pinyin"), ([CMN, YUE], None), ([], None)]
)
def test_on_linux_only_the_voice_of_numbered_pinyin_will_do(voices, picked):
    assert pick_voice(voices, is_linux=True) == picked


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (HANHAN.id, HANHAN.id),
        ("microsoft hanhan desktop - chinese (taiwan)", HANHAN.id),
        ("Hanhan", HANHAN.id),
        ("meii", None),
    ],
)
def test_a_wanted_voice_is_found_by_id_by_name_and_by_a_part_of_it(wanted, found):
    assert wanted_voice([ZIRA, HUIHUI, HANHAN], wanted, is_linux=False) == found


@pytest.mark.parametrize("voice", ["", "cmn-latn-pinyin", "sit/cmn-Latn-pinyin", "cmn-latn-pinyin+f3"])
def test_voices_of_pinyin_are_fit(voice):
    assert why_not_espeak(voice) is None


@pytest.mark.parametrize(
    ("voice", "zh", "en"),
    [
        (
            "cmn",
            "念汉字，espeak-ng 1.51 四个字会念错三个，不能用",
            "reads hanzi, and espeak-ng 1.51 says three of four wrong",
        ),
        ("sit/cmn", "念汉字", "reads hanzi"),
        ("cmn+f3", "念汉字", "reads hanzi"),
        ("mb-cn1", "mbrola cn1，Debian 里的这一份是坏的", "mbrola cn1, which is broken as packaged"),
        ("mb/mb-cn1", "mbrola cn1", "mbrola cn1"),
        ("chinese-mb-cn1", "mbrola cn1", "mbrola cn1"),
        ("zh", "mbrola cn1", "mbrola cn1"),
        ("yue", "不认拼音，会念成英语，不能用", "does not read pinyin and would speak English"),
        ("en-us", "不认拼音", "does not read pinyin"),
    ],
)
def test_known_broken_pairings_are_refused_in_words(voice, zh, en):
    why = why_not_espeak(voice)

    assert why.zh.startswith(f"声音“{voice}”")
    assert zh in why.zh
    assert "请把 voice 删掉，就用 cmn-latn-pinyin" in why.zh
    assert en in why.en
    assert "Leave voice out, to use cmn-latn-pinyin" in why.en


@pytest.mark.parametrize(
    ("phonemes", "is_pinyin"),
    [
        ("n'i214_| X'Au214_| S;'iA55N_| tS;h'i55n_| m'@11n_|", True),
        ("n'i214_| X'Au214_| (en)h@l'oU(cmn)_|", False),
        ("(en)nITr'i:_| h,eI@Tr'i:_| z,aI@Nw'0n_| kInw'0n_| mEnf'aIv(cmn)_|", False),
        ("n'aI Tr'i: h'aU Tr'i: zj'aN w'0n k'In w'0n m'En f'aIv", False),
        ("n'i214_| X'Au214_|", False),
        ("", False),
    ],
)
def test_phonemes_show_whether_a_voice_says_pinyin(phonemes, is_pinyin):
    assert says_pinyin(phonemes) is is_pinyin
