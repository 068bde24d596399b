"""Every Chinese word of the page has its English, and no English is left over."""

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir

import webui
from webui.catalogue import catalogues, english, in_english
from webui.speaking import _, _l

PLACEHOLDER = re.compile(r"%\((\w+)\)s")


def written():
    """Every message of code and templates → where it stands."""
    folder = Path(webui.__file__).parent
    found = extract_from_dir(
        folder,
        method_map=[("**.py", "python"), ("**/templates/**.html", "jinja2"), ("templates/**.html", "jinja2")],
        keywords={"_": None, "_l": None},
    )
    return {message: f"{file}:{line}" for file, line, message, *_ in found}


def test_every_message_has_its_english():
    known = {message.id for catalogue in catalogues().values() for message in catalogue if message.string}
    missing = [
        f'# {place}\nmsgid "{message}"\nmsgstr ""\n' for message, place in written().items() if message not in known
    ]

    assert len(written()) > 50
    assert not missing, "put into webui/translations/en/SUBJECT.po:\n\n" + "\n".join(missing)


def test_no_english_is_left_over():
    used = written()
    left = [
        (name, message.id)
        for name, one in catalogues().items()
        for message in one
        if message.id and message.id not in used
    ]

    assert left == []


def test_no_message_is_translated_in_two_files():
    seen = [message.id for one in catalogues().values() for message in one if message.id]

    assert len(seen) == len(set(seen)), {message for message in seen if seen.count(message) > 1}


def test_placeholders_survive_and_nothing_chinese_is_left():
    for catalogue in catalogues().values():
        for message in catalogue:
            if message.id:
                assert set(PLACEHOLDER.findall(message.id)) == set(PLACEHOLDER.findall(message.string)), message.id
                assert not re.search("[一-龥]", message.string), message.id
                assert "fuzzy" not in message.flags, message.id


def test_a_message_is_looked_up():
    assert english().gettext("今天") == in_english()["今天"] == "Today"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_page_speaks_the_chosen_language(owner, language):
    owner.open("/today").press("就这样", language=language)

    assert ('<html lang="zh-CN"' in owner.answer.text) == (language == "zh")
    assert ("正在播的、要播的" in owner.words) == (language == "zh")
    assert ("What is on the air" in owner.words) == (language == "en")


@pytest.mark.parametrize(("language", "said"), [("zh", "找到 &lt;b&gt; 篇"), ("en", "Found: &lt;b&gt;")])
def test_what_is_put_into_a_message_is_escaped(house, language, said):
    page = house.app.jinja_env.from_string('{{ _("找到 %(count)s 篇", count="<b>") }}')
    with house.app.test_request_context(headers={"Cookie": f"dalaba_look=18.auto.{language}"}):
        assert page.render() == said


def test_outside_of_a_request_words_are_as_they_are_written():
    assert _("今天") == "今天"
    assert str(_l("今天")) == "今天"
