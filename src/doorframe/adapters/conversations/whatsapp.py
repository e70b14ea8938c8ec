"""A chat as WhatsApp exports it, from Android and iOS, in the dates of many languages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import BinaryIO, TextIO

from doorframe.adapters.conversations import encoding, found
from doorframe.adapters.conversations.dates import HALVES, Dates, plain_digits
from doorframe.adapters.conversations.found import Conversation, Told
from doorframe.engines.detection.conversation import Message

LARGEST = 100_000
"""Letters of one line that are read at once."""

SAMPLE = 5_000
"""Lines from which the order of day and month is learnt."""

_MARKS = "\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff"
_HEAD = re.compile(
    rf"[{_MARKS}]*(?P<open>\[)?(?P<at>"
    r"\d{1,4}[./-] ?\d{1,2}[./-] ?\d{1,4}\.?[,،]? ?(?:(?:klo|kl\.?|um|at|à|alle|a las|às) )?"
    rf"(?:(?:{HALVES}) ?)?\d{{1,2}}[:.]\d{{2}}(?:[:.]\d{{2}})?(?: ?(?:{HALVES}))?)[{_MARKS}]*"
    r"(?(open)\]| ?(?:[-–]|,(?= ))) ?"
)
_NAME = re.compile(r"(?P<name>[^:\n]{1,80}?) ?:(?: |$)")

_NO_MEDIA = re.compile(
    rf"[{_MARKS}]*(?:<[^<>\n]{{1,40}}>"
    r"|(?:image|photo|video|audio|sticker|gif|document|contact card|video note|Bild|Foto|imagen|imagem|image)"
    r" (?:omitted|weggelassen|omitida|omitido|oculta|ocultado|absente|absent|esclusa|escluso|weggelaten))\s*",
    re.IGNORECASE,
)
_ATTACHED = re.compile(
    rf"[{_MARKS}]*(?:<[^<>\n]{{1,20}}:\s*[^<>\n]{{1,200}}>"
    r"|[^\n/\\]{1,120}\.\w{2,5} \((?:file attached|Datei angehängt|archivo adjunto|fichier joint|arquivo anexado"
    r"|file allegato|bestand bijgevoegd)\))[ ]*\n?",
    re.IGNORECASE,
)
_DOCUMENT = re.compile(
    r"\u200e[^\n/\\]{1,200}\u200e(?:<[^<>\n]{1,20}:\s*[^<>\n]{1,200}>|[^\W\d_]{1,20} (?:omitted|weggelassen|omitid[ao]"
    r"|omis|absent|ocultado|omesso|escluso|weggelaten))[ ]*\n?",
    re.IGNORECASE,
)
"""A file on an iPhone: its name, how many pages, and where it lies or that it was left out."""

_SPOKEN = "\u200e"
"""What an iPhone puts before words of its own, in whatever language: notices, attachments, the parts of a poll."""

_EDITED = re.compile(
    rf"[ {_MARKS}]*<(?:This message was edited|Diese Nachricht wurde bearbeitet|Se editó este mensaje\.?"
    r"|Ce message a été modifié|Mensagem editada|Questo messaggio è stato modificato|Dit bericht is bewerkt)>\s*$"
)
_DELETED = re.compile(
    rf"[{_MARKS}]*(?:This message was deleted|You deleted this message|Diese Nachricht wurde gelöscht"
    r"|Du hast diese Nachricht gelöscht|Se eliminó este mensaje|Eliminaste este mensaje|Ce message a été supprimé"
    r"|Vous avez supprimé ce message|Mensagem apagada|Questo messaggio è stato eliminato|Dit bericht is verwijderd"
    r"|null|Missed (?:voice|video) call|Waiting for this message.{0,80})\.?\s*$",
    re.IGNORECASE,
)
_NOTICE = re.compile(
    rf"[{_MARKS}]*(?:Messages and calls are end-to-end encrypted|Nachrichten und Anrufe sind Ende-zu-Ende"
    r"|Los mensajes y las llamadas están cifrados|Les messages et les appels sont chiffrés"
    r"|As mensagens e as chamadas são protegidas|I messaggi e le chiamate sono crittografati"
    r"|Berichten en oproepen zijn end-to-end)",
    re.IGNORECASE,
)
_DONE = re.compile(
    r" (?:changed the (?:subject|group|description)|changed this group|created (?:the )?group|hat den Betreff"
    r"|hat die Gruppe|cambió el asunto|a changé le sujet|mudou o assunto|added |removed )",
)
"""In what would be a name: a notice that quotes something with a colon."""


@dataclass
class _Begun:
    """A message whose lines are still coming."""

    place: int
    at: str
    author: str
    iphone: bool
    lines: list[str] = field(default_factory=list)
    size: int = 0

    def add(self, line: str) -> None:
        if self.size <= found.LONGEST_TEXT:
            self.lines.append(line)
            self.size += len(line) + 1


def read(stream: BinaryIO, told: Told) -> Iterator[Conversation]:
    """The conversation of a chat. Memory holds one message. A message is called by the number of its line."""
    return found.stretches(_messages(stream, told), told)


def begins(line: str) -> re.Match[str] | None:
    """Whether a line begins a message: its time."""
    return _HEAD.match(plain_digits(line[:200]))


def _messages(stream: BinaryIO, told: Told) -> Iterator[tuple[str, Message]]:
    text = encoding.opened(stream)
    heads = (begins(line) for line in islice(_lines(text), SAMPLE))
    dates = Dates(head["at"] for head in heads if head)
    told.notes += [] if dates.certain else [f"Dates could be read both ways; they were read as {dates.order}."]
    text.seek(0)
    for one in _begun(_lines(text), told):
        words = _words("\n".join(one.lines), told, iphone=one.iphone)
        if words is not None:
            yield told.name, Message(str(one.place), one.author, words, dates.moment(one.at))


def _lines(text: TextIO) -> Iterator[str]:
    while line := text.readline(LARGEST):
        yield line.rstrip("\n")


def _begun(lines: Iterable[str], told: Told) -> Iterator[_Begun]:
    """Each message with all its lines; notices of the program are counted."""
    one: _Begun | None = None
    skipping = False
    for place, line in enumerate(lines, 1):
        head = begins(line)
        if head is None:
            if one is not None:
                one.add(line)
            elif not skipping and line.strip(f" {_plain_marks()}"):
                told.left[found.BROKEN] += 1
            continue
        if one is not None:
            yield one
        rest = line[head.end() :]
        name = _NAME.match(rest)
        skipping = name is None or bool(_DONE.search(name["name"])) or bool(_NOTICE.match(rest[name.end() :]))
        one = None
        if name is None or skipping:
            told.left[found.NOTICE] += 1
        else:
            author = name["name"].strip(f" ~\u202f\u00a0{_plain_marks()}")
            one = _Begun(place, head["at"], author, iphone=head["open"] is not None)
            one.add(rest[name.end() :])
    if one is not None:
        yield one


def _plain_marks() -> str:
    return "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"


def _words(text: str, told: Told, *, iphone: bool) -> str | None:
    """What somebody wrote; None where the line only stands for a picture or for something taken back."""
    text = _EDITED.sub("", text)
    if _DELETED.fullmatch(text):
        told.left[found.NOTICE] += 1
        return None
    if _NO_MEDIA.fullmatch(text):
        told.left[found.MEDIA] += 1
        return None
    attached = _ATTACHED.match(text) or (_DOCUMENT.match(text) if iphone else None)
    if attached is None:
        if not (iphone and _is_notice(text)):
            return text
        told.left[found.NOTICE] += 1
        return None
    words = text[attached.end() :]
    if words.strip():
        return words
    told.left[found.MEDIA] += 1
    return None


def _is_notice(text: str) -> bool:
    """Whether an iPhone says itself what stands below somebody's name. A poll has somebody's words below its head."""
    if not text.startswith(_SPOKEN):
        return False
    head, *below = text.split("\n")
    title = head.rstrip()
    heads = title.endswith((":", "：")) and title == title.upper() and any(line.strip() for line in below)
    return not heads and not any(line.startswith(_SPOKEN) for line in below)
