"""Every error that a caller may catch, each with its sentence in both languages."""

from __future__ import annotations

from broadcaster.model.words import Complaint, Sentence


class DalabaError(Exception):
    """Something went wrong that a person or the station can act on."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence.en)
        self.sentence = sentence


class ScheduleUnusable(DalabaError):
    """schedule.toml has complaints of severity ERROR."""

    def __init__(self, complaints: tuple[Complaint, ...]) -> None:
        count = len(complaints)
        super().__init__(
            Sentence(
                f"schedule.toml 不能用，仍按原来的节目表播出。共 {count} 处问题。",
                f"schedule.toml cannot be used; the old timetable stays in force. {count} complaint(s).",
            )
        )
        self.complaints = complaints


class ScriptUnusable(DalabaError):
    """A script cannot be read or filled."""


class ReadingUnusable(DalabaError):
    """A file with an approved reading cannot be used."""


class PointsUnusable(DalabaError):
    """A points file cannot be imported; nothing was changed."""


class TextUnusable(DalabaError):
    """A text has nothing to say, or too much."""


class VoiceFailed(DalabaError):
    """A voice could not speak a text; another voice may."""


class ClipDamaged(DalabaError):
    """A clip on the disk is not what was rendered; it must be made again."""


class SoundUnusable(DalabaError):
    """A chime or recording cannot be used."""


class OutputLost(DalabaError):
    """A device is not there, or went away; what was written last may not have been heard."""


class SwitchFailed(DalabaError):
    """An amplifier could not be switched; it is as it was, or nobody knows."""


class SecretMissing(DalabaError):
    """A password is not where the timetable says that it is kept."""


class StoreFailed(DalabaError):
    """The database cannot be read or written now."""


class BackupUnusable(DalabaError):
    """A file is no backup of a station, or is damaged; nothing was changed."""


class NameTaken(DalabaError):
    """Another account has this name."""


class StationAlreadyRunning(DalabaError):
    """Another process owns this home folder."""


class NoStationRunning(DalabaError):
    """A command needs a running station, and there is none in this home folder."""


class Refused(DalabaError):
    """The station will not do what was asked, and says why."""


class ChangedMeanwhile(Refused):
    """Somebody else saved the script while it was being edited; nothing was written over."""

    def __init__(self, sentence: Sentence, theirs: bytes) -> None:
        super().__init__(sentence)
        self.theirs = theirs
        """The bytes that lie on the disk now."""
