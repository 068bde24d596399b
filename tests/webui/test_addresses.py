"""Addresses are computed once, and never mixed up."""

from webui.addresses import remembered


def computed(asked):
    def url_for(endpoint, **values):
        asked.append((endpoint, values))
        return f"{endpoint}?" + "&".join(f"{name}={value}" for name, value in values.items())

    return remembered(url_for)


def test_the_same_address_is_computed_once():
    asked = []
    url_for = computed(asked)

    assert url_for("log.page", day="2026-11-24") == url_for("log.page", day="2026-11-24") == "log.page?day=2026-11-24"
    assert url_for("log.page", day="2026-11-25") == "log.page?day=2026-11-25"
    assert len(asked) == 2


def test_what_is_equal_in_python_only_is_not_the_same_address():
    url_for = computed([])

    assert [url_for("a.b", **{"from": one}) for one in (1, True, 1.0, "1")] == [
        "a.b?from=1",
        "a.b?from=True",
        "a.b?from=1.0",
        "a.b?from=1",
    ]


def test_what_depends_on_more_than_words_is_computed_each_time():
    asked = []
    url_for = computed(asked)
    for _ in range(2):
        url_for(".page")
        url_for("log.find", zone=["east", "west"])
        url_for("log.find", behind=None)

    assert len(asked) == 6
