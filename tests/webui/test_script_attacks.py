"""Attacks on the pages of scripts and approval, each tried for real."""

import io
import wave

import numpy as np
import pytest

from broadcaster.model.people import Role
from tests.station.conftest import SCRIPTS
from tests.webui.test_scripts import FIRE, fields, file_of, save, token

HTML = {"Accept": "text/html"}


def speech(seconds=3):
    """Something with the ups and downs of speech, as a WAV file."""
    at = np.arange(int(16_000 * seconds)) / 16_000
    loud = np.sin(2 * np.pi * 180 * at) * (0.5 + 0.5 * np.sin(2 * np.pi * 3 * at)) ** 3
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setparams((1, 2, 16_000, 0, "NONE", ""))
        sound.writeframes((loud * 12_000).astype("<i2").tobytes())
    return file.getvalue()


def upload(person, data, name="我的录音.wav"):
    typed = fields(person) | {"does": "record", "csrf_token": token(person), "own_voice": (io.BytesIO(data), name)}
    person.answer = person.client.post(FIRE, data=typed, headers=HTML)
    person.answer.request.environ["wsgi.input"].close()  # the client's own copy of what it sent
    return person


def recordings(house):
    folder = house.village.home.root / "audio" / "recordings"
    return sorted(one.name for one in folder.iterdir()) if folder.is_dir() else []


@pytest.mark.parametrize(
    "path",
    [
        "/scripts/edit/../secret",
        "/scripts/edit/%2e%2e/secret",
        "/scripts/edit/..%2f..%2fetc/passwd",
        "/scripts/edit/policy/..%2f..%2fsecret",
        "/scripts/edit/.retired/fire",
        "/scripts/edit/policy%2f..%2f../secret",
        "/scripts/edit/po\x00licy/fire",
        "/scripts/edit/policy/.fire",
        "/scripts/edit/linked/secret",
        "/scripts/versions/%2e%2e/secret",
        "/approval/%2e%2e/secret",
        "/scripts/sound/..%2f..%2fschedule.toml",
        "/scripts/sound/..%2fstation.db.wav",
    ],
)
def test_no_name_leads_out_of_the_folder_of_scripts(house, owner, path):
    (house.village.home.root / "secret.txt").write_text("机密的话", encoding="utf-8")
    (house.village.home.scripts / "linked").symlink_to(house.village.home.root)

    answer = owner.client.get(path, headers=HTML, follow_redirects=True)
    assert answer.status_code in (404, 409, 308)
    assert "机密的话" not in answer.text and '试验村"' not in answer.text


@pytest.mark.parametrize("kind", ["..", ".retired", "../..", "/etc", "a/b", "", "x" * 200, "linked"])
def test_no_kind_leads_out_of_the_folder_of_scripts(house, owner, kind):
    outside = house.village.home.root / "outside"
    outside.mkdir()
    (house.village.home.scripts / "linked").symlink_to(outside)
    owner.open("/scripts/new")
    save(owner, "/scripts/new", kind=kind, title="题目", body="一句话。")

    assert owner.code == 422
    assert list(outside.iterdir()) == []
    assert not list(house.village.home.root.glob("*.txt"))


@pytest.mark.parametrize("name", ["../secret", "policy/../../secret", ".retired/x", "policy/fire"])
def test_nothing_is_brought_back_from_or_to_elsewhere(house, owner, name):
    owner.open("/scripts/retired")
    assert owner.send("/scripts/retired", name=name).code == 409
    assert file_of(house).read_text(encoding="utf-8") == SCRIPTS["policy/fire"]


@pytest.mark.parametrize(
    "evil", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7*7 }}{{ config }}"]
)
def test_what_people_type_is_shown_as_words_and_never_run(house, owner, evil):
    owner.open(FIRE)
    save(owner, title=evil, body="小心火烛。", author=evil)
    for path in ("/scripts", FIRE, "/scripts/versions/policy/fire", "/approval", "/approval/policy/fire"):
        html = owner.open(path).answer.text
        assert "<script>alert" not in html and "<img src=x" not in html
        assert "{{ 7*7 }}" in html or "7*7" not in evil
    owner.open(FIRE).send(FIRE, **(fields(owner) | {"body": evil, "does": "look"}))
    assert "<script>alert" not in owner.answer.text and "<img src=x" not in owner.answer.text


@pytest.mark.parametrize(
    "body",
    [
        "{{ ''.__class__.__mro__ }}",
        "{% for i in range(10**9) %}x{% endfor %}",
        "{% include '/etc/passwd' %}",
        "{{ [1]*99999999 }}",
    ],
)
def test_a_script_cannot_run_what_it_holds(house, owner, body):
    answer = owner.open(FIRE).send("/scripts/reading", title="x", body=body)

    assert answer.code == 200
    assert "root:" not in answer.words and "class" not in answer.words.replace("__class__", "")


def test_a_form_that_is_too_long_is_refused(house, owner):
    owner.open(FIRE)
    assert owner.send("/scripts/reading", body="好" * 400_000).code == 413
    owner.open(FIRE)
    save(owner, title="防火", body="好" * 200_000)
    assert owner.code in (413, 422)
    assert file_of(house).read_text(encoding="utf-8") == SCRIPTS["policy/fire"]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"GIF89a" + b"\x00" * 100, "“我的录音.wav”不是认得的录音"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt broken", "“我的录音.wav”坏了，解不开"),
        (b"#EXTM3U\nfile:///etc/passwd\n", "“我的录音.wav”不是认得的录音"),
        (b"", "“我的录音.wav”不是认得的录音"),
        (b"RIFF" + b"\x00" * 21_000_000, "内容太多"),
        (b"RIFF" + b"\x00" * 20_100_000, "“我的录音.wav”太大，最多 20 MB。请录短一点。"),
    ],
)
def test_what_is_no_recording_is_refused_in_words_and_not_kept(house, owner, data, sentence):
    upload(owner.open(FIRE), data)

    assert owner.code in (413, 422)
    assert sentence in owner.words
    assert recordings(house) == []


def test_a_recording_is_kept_under_a_name_of_our_own_and_played(house, owner):
    upload(owner.open(FIRE), speech(60), "../../evil; rm -rf.wav")

    assert "录音收下了。" in owner.words
    (kept,) = recordings(house)
    assert kept == fields(owner)["recording"] and len(kept) == 20
    save(owner, title="防火")
    assert f'recording = "{kept}"' in file_of(house).read_text(encoding="utf-8")
    assert house.village.renderer.orders[-1].texts[0].startswith(f"recording:{kept}\n")


def test_silence_is_no_recording(house, owner):
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setparams((1, 2, 16_000, 0, "NONE", ""))
        sound.writeframes(bytes(32_000))
    upload(owner.open(FIRE), file.getvalue())

    assert "“我的录音.wav”里面没有声音" in owner.words
    assert recordings(house) == []


@pytest.mark.parametrize(
    "path",
    [
        "/scripts/correct",
        "/scripts/listen",
        "/scripts/reading",
        "/scripts/retire/study/a",
        FIRE,
        "/approval/policy/fire",
    ],
)
def test_a_forged_form_changes_nothing(house, owner, path):
    owner.open(FIRE)
    answer = owner.client.post(path, data={"does": "save", "title": "x", "body": "x"}, headers=HTML)

    assert answer.status_code == 400
    assert house.deeds() == []


def test_listening_is_for_people_who_are_signed_in_and_not_too_much_at_once(house):
    stranger = house.stranger().open("/sign-in")
    assert stranger.client.get("/scripts/sound/" + "a" * 32, headers={"Accept": "application/json"}).status_code == 401
    house.village.renderer.is_paused = True
    editor = house.person("李会计", Role.EDITOR).open(FIRE)
    answers = [
        editor.client.post(
            "/scripts/listen",
            data={"csrf_token": token(editor), "title": "x", "body": f"第{n}句话。"},
            headers={"Accept": "application/json"},
        )
        for n in range(4)
    ]
    assert [one.status_code for one in answers] == [200, 200, 200, 409]
    assert answers[3].json["error"] == "前面还有几段在合成，请过一会儿再按“听一听”。"
    assert editor.client.get(answers[0].json["state"]).json == {"is_ready": False}
