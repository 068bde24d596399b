"""What a Snapcast server says of its players, and what is asked of it."""

import pytest

from broadcaster.outputs.players import Ask, House, Player, gathering, opening_up, read_house

PIPE = {"scheme": "pipe", "path": "/run/snap/fifo", "host": "", "raw": "pipe:////run/snap/fifo?chunk_ms=20"}
TCP = {"scheme": "tcp", "path": "", "host": "127.0.0.1", "raw": "tcp://127.0.0.1:4953?mode=server"}


def client(id_, *, name="", machine="box", is_online=True, percent=100, is_muted=False):
    return {
        "id": id_,
        "connected": is_online,
        "host": {"name": machine},
        "config": {"name": name, "volume": {"muted": is_muted, "percent": percent}},
    }


def status(*groups, streams=(("village", PIPE), ("other", TCP))):
    return {
        "server": {
            "groups": [
                {"id": id_, "stream_id": stream, "muted": is_muted, "clients": list(clients)}
                for id_, stream, is_muted, clients in groups
            ],
            "streams": [{"id": id_, "uri": uri} for id_, uri in streams],
        }
    }


def house(*groups, address="pipe:///run/snap/fifo"):
    return read_house(status(*groups), address)


@pytest.mark.parametrize(
    ("address", "stream"),
    [
        ("pipe:///run/snap/fifo", "village"),
        ("tcp://127.0.0.1:4953", "other"),
        ("tcp://127.0.0.1:1", ""),
        ("pipe:///x", ""),
    ],
)
def test_our_stream_is_the_one_with_our_address(address, stream):
    assert house(address=address).stream == stream


@pytest.mark.parametrize("odd", [{}, {"server": {}}, {"server": {"groups": [3], "streams": []}}, {"server": None}])
def test_an_answer_that_is_none_is_refused(odd):
    with pytest.raises((KeyError, TypeError)):
        read_house(odd, "pipe:///x")


def test_players_are_known_by_their_own_name_their_machine_or_their_id():
    found = house(("g", "village", False, [client("a", name="school"), client("b", machine="mill"), client("c")]))

    assert [one.name for one in found.players] == ["school", "mill", "box"]
    assert [one.id for one in found.ours(("school", "mill", "c"))] == ["a", "b", "c"]


def test_who_is_online_and_who_is_not_even_if_nobody_ever_saw_it():
    found = house(
        ("g", "village", False, [client("a"), client("b", machine="attic", is_online=False)]),
        ("h", "other", False, [client("x")]),
    )

    assert found.who_is_there(("a", "b", "lost")) == (("a",), ("b", "lost"))
    assert found.who_is_there(()) == (("box",), ("attic",))


def test_players_that_are_scattered_are_gathered_in_the_group_of_our_stream():
    found = house(
        ("g", "village", False, [client("a"), client("stranger")]), ("h", "other", False, [client("b"), client("x")])
    )

    assert gathering(found, ("a", "b")) == (Ask("Group.SetClients", {"id": "g", "clients": ["a", "b"]}),)


def test_a_group_that_plays_something_else_is_turned_to_our_stream():
    found = house(("h", "other", False, [client("a"), client("b")]))

    assert gathering(found, ("a", "b")) == (Ask("Group.SetStream", {"id": "h", "stream_id": "village"}),)


@pytest.mark.parametrize(
    ("found", "names"),
    [
        (house(("g", "village", False, [client("a")])), ("a",)),
        (house(("g", "other", False, [client("a")])), ()),
        (house(("g", "other", False, [client("a")])), ("lost",)),
        (house(("g", "other", False, [client("a")]), address="pipe:///x"), ("a",)),
    ],
    ids=["as it should be", "nobody named", "nobody known", "no stream of ours"],
)
def test_nothing_is_asked_where_nothing_is_to_be_done(found, names):
    assert gathering(found, names) == ()


def test_an_emergency_makes_ours_loud_and_each_is_given_back_as_it_was():
    found = house(
        ("g", "village", True, [client("a", percent=40), client("b", is_muted=True), client("c")]),
        ("h", "other", True, [client("x", percent=5)]),
    )

    opens, gives_back = opening_up(found, ())

    def volume(id_, percent, muted):
        return Ask("Client.SetVolume", {"id": id_, "volume": {"percent": percent, "muted": muted}})

    assert opens == (volume("a", 100, False), volume("b", 100, False), Ask("Group.SetMute", {"id": "g", "mute": False}))
    assert gives_back == (
        volume("a", 40, False),
        volume("b", 100, True),
        Ask("Group.SetMute", {"id": "g", "mute": True}),
    )


def test_a_house_without_our_stream_has_no_players_of_ours():
    stranger = Player(id="a", name="a", is_online=True, group="g", is_muted=False, percent=1)

    assert House(stream="", players=(stranger,), streams_of_groups=(("g", ""),)).ours(()) == ()
