"""The texts and the timetable of the shipped station, read as plain files: what a cadre starts from must be right."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

HOME = Path(__file__).parent.parent
FOLDERS = ("study", "policy", "notice", "season", "event", "emergency")

LEAST = {"study": 60, "policy": 20, "notice": 14, "season": 8, "event": 6, "emergency": 7}
LENGTH = {
    "study": (60, 160),
    "policy": (120, 350),
    "notice": (60, 160),
    "season": (80, 350),
    "event": (60, 160),
    "emergency": (40, 120),
}
FACTS = {"station", "today", "weekday", "lunar", "festival", "solar_term"}
OPTIONAL_FACTS = {"festival", "solar_term"}

NUMBERS_PEOPLE_DIAL = {
    *("110", "119", "120", "122", "12119"),
    *("12315", "12333", "12338", "12345", "12348", "12356", "95598", "96110"),
    *("10000", "10010", "10086"),
}
"""Read digit by digit, so the only digits a text may hold. Any other number is written in hanzi."""

SOUND_ALIKES = ("切记", "切忌", "全不", "致癌", "治癌", "期中", "期终", "权利", "权力", "勿")
"""Through an echoing horn these say their own opposite, or a word nobody uses when speaking."""

RARE_BUT_HEARD_DAILY = set("孢馍")
"""头孢, and the bread of 焦裕禄's saying: every villager knows them by ear."""

LONGEST_BREATH = 20
"""Characters between two marks of punctuation. A longer clause runs into its own echo."""

LONGEST_AIRING_S = 180
CHARACTERS_A_MINUTE = 165


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    name: str
    header: dict
    body: str

    @property
    def folder(self):
        return self.name.partition("/")[0]

    @property
    def spoken(self):
        """The body as heard on an ordinary day, every blank filled with words as long as the real ones."""
        filled = re.sub(r"\{%.*?%\}", "", self.body)
        filled = re.sub(r"\{\{ *today *\}\}", "二零二六年十一月二十四日", filled)
        return re.sub(r"\{\{.*?\}\}", "大营村广播站", filled)

    @property
    def length(self):
        return len(re.sub(r"\s", "", self.spoken))

    def seconds(self, repeat):
        """A careful guess: speech, half a second a comma, nine tenths a full stop, chime and the words between."""
        sounding = len(re.findall(r"\w", self.spoken)) * 60 / CHARACTERS_A_MINUTE
        pauses = 0.5 * len(re.findall("[，、]", self.spoken)) + 0.9 * len(re.findall("[。！？]", self.spoken))
        return 5 + (sounding + pauses) * repeat + 5 * (repeat - 1)


def _read(path):
    written = path.read_text(encoding="utf-8")
    front = re.fullmatch(r"\+\+\+\n(.*?)\n\+\+\+\n(.+)\n", written, flags=re.DOTALL)
    assert front, f"{path.name}: a text begins with a header between two lines of +++ and ends with a new line"
    name = f"{path.parent.name}/{path.stem}"
    return Text(name=name, header=tomllib.loads(front[1]), body=front[2])


TEXTS = [_read(path) for folder in FOLDERS for path in sorted((HOME / "scripts" / folder).glob("*.txt"))]
SCHEDULE = tomllib.loads((HOME / "schedule.toml").read_text(encoding="utf-8"))
each_text = pytest.mark.parametrize("text", TEXTS, ids=lambda text: text.name)
each_emergency = pytest.mark.parametrize(
    "text", [text for text in TEXTS if text.folder == "emergency"], ids=lambda text: text.name
)


def test_every_folder_holds_enough_to_start_with():
    counts = {folder: sum(text.folder == folder for text in TEXTS) for folder in FOLDERS}

    assert {folder: counts[folder] for folder in FOLDERS if counts[folder] < LEAST[folder]} == {}


def test_no_two_texts_share_a_title_or_a_body():
    assert len({text.header["title"] for text in TEXTS}) == len(TEXTS)
    assert len({text.body for text in TEXTS}) == len(TEXTS)


def test_no_two_study_prompts_share_a_sentence():
    seen = {}
    for text in TEXTS:
        if text.folder == "study":
            for sentence in re.split("[。！？]", text.body.removeprefix("乡亲们，")):
                if len(sentence) > 8:
                    assert sentence not in seen, f"{text.name} and {seen[sentence]}: {sentence}"
                    seen[sentence] = text.name


@each_text
def test_a_header_says_what_it_is_and_who_wrote_it(text):
    assert {"title", "kind", "author"} <= text.header.keys()
    assert text.header["title"].strip()
    assert text.header["kind"] in {"study", "policy", "notice", "emergency"}
    assert re.fullmatch(r"[a-z]+/[a-z0-9-]+", text.name), "latin stems sort the same on every machine"


@each_text
def test_a_shipped_text_never_runs_out(text):
    """A station set up in two years must not begin with a folder of expired texts."""
    assert "expires" not in text.header


@each_text
def test_a_text_is_as_long_as_its_kind_may_be(text):
    shortest, longest = LENGTH[text.folder]

    assert shortest <= text.length <= longest


@each_text
def test_no_clause_is_longer_than_a_breath(text):
    clauses = re.split("[，。！？、\n]", text.spoken)

    assert [clause for clause in clauses if len(clause) > LONGEST_BREATH] == []


@each_text
def test_a_text_holds_only_common_hanzi_and_marks_that_are_heard_as_pauses(text):
    """Brackets, quotes and dashes are not heard; hanzi outside the 3,755 most common ones are easily misread."""
    plain = re.sub(r"[0-9，。！？、\n]", "", text.spoken)

    assert [char for char in plain if not _is_common(char) and char not in RARE_BUT_HEARD_DAILY] == []


def _is_common(char):
    try:
        code = char.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return len(code) == 2 and 0xB0 <= code[0] <= 0xD7


@each_text
def test_the_only_digits_are_numbers_that_people_dial(text):
    assert set(re.findall("[0-9]+", text.body)) <= NUMBERS_PEOPLE_DIAL


@each_text
def test_no_word_can_be_taken_for_its_opposite(text):
    assert [word for word in SOUND_ALIKES if word in text.body] == []


@each_text
def test_blanks_are_facts_that_every_day_offers(text):
    asked = set(re.findall(r"\{\{ *(\w+) *\}\}", text.body))
    guarded = set(re.findall(r"\{% *if (\w+) *%\}", text.body))

    assert asked <= FACTS
    assert asked & OPTIONAL_FACTS <= guarded


@each_text
def test_a_text_ends_in_a_whole_sentence(text):
    assert all(line.endswith(("。", "！", "？")) for line in text.spoken.splitlines())


@pytest.mark.parametrize("text", [t for t in TEXTS if t.folder != "emergency"], ids=lambda text: text.name)
def test_an_ordinary_text_greets_the_villagers_first(text):
    assert text.body.startswith("乡亲们，")


@each_emergency
def test_an_emergency_says_at_once_what_kind_of_call_it_is(text):
    assert re.match("紧急通知，|解除通知，|更正通知，|演练，", text.body)
    assert "！" in text.body.splitlines()[0]


@each_emergency
def test_an_emergency_says_what_not_to_do_and_needs_no_facts(text):
    """It must be heard while the database, the calendar and the network are down."""
    assert re.search("不要|不用", text.body)
    assert "{" not in text.body


@each_emergency
def test_an_emergency_is_said_in_well_under_a_minute(text):
    assert text.seconds(repeat=1) < 55


# --- the timetable --------------------------------------------------------------------------------------------


def _slots():
    return SCHEDULE["slot"]


def _times(slot):
    return [slot["at"]] if isinstance(slot["at"], str) else slot["at"]


def _texts_of(source):
    kind, _, name = source.partition(":")
    if kind == "next":
        return [text for text in TEXTS if text.folder == name]
    return [text for text in TEXTS if kind == "script" and text.name == name]


def test_the_timetable_asks_only_for_texts_that_are_there():
    for slot in _slots():
        for source in slot["play"]:
            kind, _, name = source.partition(":")
            if kind == "leaderboard":
                assert (HOME / "scripts" / "leaderboard" / f"{name}.txt").is_file(), source
            else:
                assert _texts_of(source), source


def test_a_day_has_three_slots_in_the_hours_people_accept():
    accepted = (("07:00", "08:30"), ("11:30", "13:00"), ("17:00", "19:00"))

    for slot in _slots():
        for time in _times(slot):
            assert any(first <= time <= last for first, last in accepted), (slot["id"], time)
    assert {time for slot in _slots() for time in _times(slot)} >= {"07:30", "11:50", "17:40"}


def test_no_ordinary_airing_reaches_three_minutes():
    for slot in _slots():
        for source in slot["play"]:
            for text in _texts_of(source):
                length_s = text.seconds(slot.get("repeat", 1)) + _frame_s()
                assert length_s < LONGEST_AIRING_S, (slot["id"], text.name)


def _frame_s():
    """What is said before and after every text."""
    said = SCHEDULE["sound"]["opening"] + SCHEDULE["sound"]["closing"]
    return len(re.findall(r"\w", said)) * 60 / CHARACTERS_A_MINUTE + 0.9 * len(re.findall("[，。]", said))


def test_an_airing_says_who_speaks_that_it_is_said_again_and_that_it_is_over():
    """Each text greets the villagers itself, so that the opening does not."""
    sound = SCHEDULE["sound"]

    assert sound["opening"] == "村广播站现在播送。"
    assert sound["repeat_phrase"] == "下面再播送一遍。"
    assert sound["closing"] == "播送完了，谢谢收听。"


def test_one_study_prompt_a_day_lasts_two_months_without_a_repeat():
    study = [slot for slot in _slots() if slot["play"] == ["next:study"]]

    assert sorted(str(slot["days"]) for slot in study) == ["mon-sat", "sun"]
    assert all(len(_times(slot)) == 1 for slot in study)
    assert sum(text.folder == "study" for text in TEXTS) >= 60


def test_each_solar_term_has_one_text_for_its_season():
    terms = [term for slot in _slots() if slot["id"].startswith("season-") for term in slot["days"]]

    assert len(terms) == len(set(terms)) == 24


def test_event_texts_are_never_in_the_timetable():
    """They say that something happens today: only a person can know that."""
    sources = [source for slot in _slots() for source in slot["play"]]

    assert [source for source in sources if re.match("(next|latest|script):(event|emergency)", source)] == []


def test_the_commented_examples_work_when_they_are_uncommented():
    written = (HOME / "schedule.toml").read_text(encoding="utf-8")
    uncommented = re.sub(r"^# (?=\[\[slot\]\]|[a-z_]+ = )", "", written, flags=re.MULTILINE)
    slots = tomllib.loads(uncommented)["slot"]

    assert len(slots) >= len(_slots()) + 4
    assert len({slot["id"] for slot in slots}) == len(slots)
    for slot in slots:
        for source in slot["play"]:
            assert _texts_of(source) or source.startswith(("leaderboard:", "recording:")), source
