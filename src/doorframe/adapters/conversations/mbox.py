"""A mailing list as an mbox: threads by what a letter answers, without what it quotes."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from email.message import EmailMessage
from email.utils import parseaddr, parsedate_to_datetime
from html.parser import HTMLParser
from typing import BinaryIO

from doorframe.adapters.conversations import found
from doorframe.adapters.conversations.found import Conversation, Latest, Told
from doorframe.adapters.windows_file import moment
from doorframe.engines.detection.conversation import Message

LARGEST = 16_000_000
"""Bytes of one letter that are read; the rest is an attachment."""

THREADS = 200_000
"""Letters whose thread is remembered."""

_LINE = 1_000_000
_ID = re.compile(r"<[^<>\s]{1,500}>")
_AGAIN = re.compile(
    r"^\s*(?:(?:re|fwd?|aw|wg|sv|vs|tr|antw|rv|res|enc)(?:\[\d+\])?\s*:|\[[^\]]{1,60}\])\s*", re.IGNORECASE
)
_WROTE = re.compile(
    r"(?:on\b|am\b|le\b|el\b|em\b|il\b|op\b|\d{4}[-/]).{5,300}"
    r"(?:wrote|schrieb|a écrit|escribió|escreveu|ha scritto|schreef).{0,200}:\s*",
    re.IGNORECASE,
)
_FORWARDED = re.compile(
    r"-{2,}\s*(?:original message|forwarded message|ursprüngliche nachricht|message d'origine|mensaje original)\s*-{2,}"
    r"|begin forwarded message:|_{20,}|-- ?",
    re.IGNORECASE,
)
"""From here on others speak, or a signature stands."""

_BOLD = r"[*_]{0,2}"
_FROM = re.compile(rf"\s*{_BOLD}(?:From|Von|De|Da|Van)\s*{_BOLD}\s*:")
_HEADING = re.compile(
    rf"\s*{_BOLD}(?:Sent|Date|Gesendet|Datum|Envoyé|Fecha|Enviado|Data|Inviato|Verzonden"
    r"|To|An|À|A|Para|Aan|Subject|Betreff|Objet|Asunto|Assunto|Oggetto|Onderwerp)"
    rf"\s*{_BOLD}\s*:"
)
"""How Outlook begins what it quotes: who wrote it, and below when, to whom and about what."""

_HEADINGS = 3
"""Lines with words below the first in which such a line must stand; a long address takes a second line."""

_LOOKED_AHEAD = 12
"""Lines looked at for that: a web page leaves lines without words between them."""


def read(stream: BinaryIO, told: Told) -> Iterator[Conversation]:
    """The threads of a mailing list, in the order of the file. Memory holds one letter."""
    return found.stretches(_messages(stream, told), told)


def _messages(stream: BinaryIO, told: Told) -> Iterator[tuple[str, Message]]:
    threads: Latest[str, str] = Latest(THREADS)
    for place, raw in enumerate(_letters(stream, told), 1):
        try:
            made = _message(email.message_from_bytes(raw, policy=email.policy.default), place, threads)
        except Exception:  # what a hostile letter makes the standard library raise is not bounded by any list
            told.left[found.BROKEN] += 1
            continue
        yield made


def _letters(stream: BinaryIO, told: Told) -> Iterator[bytes]:
    stream.seek(0)
    lines: list[bytes] = []
    size, empty, begun = 0, True, False
    while line := stream.readline(_LINE):
        if empty and line.startswith(b"From "):
            if begun:
                yield b"".join(lines)
            lines, size, begun, empty = [], 0, True, False
            continue
        empty = line in (b"\n", b"\r\n")
        if begun and size <= LARGEST:
            lines.append(line)
            size += len(line)
        elif not begun and not empty:
            told.left[found.BROKEN] += 1
    if begun:
        yield b"".join(lines)


def _message(letter: EmailMessage, place: int, threads: Latest[str, str]) -> tuple[str, Message]:
    own = _ID.search(str(letter.get("message-id", "")))
    key = own[0] if own else str(place)
    thread = _thread(letter, key, threads)
    name, address = parseaddr(str(letter.get("from", "")))
    return thread, Message(key, name or address, _own_words(_text(letter)), _at(letter))


def _thread(letter: EmailMessage, key: str, threads: Latest[str, str]) -> str:
    """The thread of the letter that it answers, else of its subject."""
    answers = _ID.findall(f"{letter.get('references', '')} {letter.get('in-reply-to', '')}")
    known = next((threads[one] for one in reversed(answers) if one in threads), None)
    subject = found.name(_subject(str(letter.get("subject", ""))))
    thread = known or (threads.get(f"subject {subject.lower()}") if subject else None) or subject or key
    threads.keep(key, thread)
    if subject:
        threads.keep(f"subject {subject.lower()}", thread)
    return thread


def _subject(text: str) -> str:
    text = text[:1000]
    while (shorter := _AGAIN.sub("", text)) != text:
        text = shorter
    return text.strip()


def _at(letter: EmailMessage) -> float | None:
    try:
        return moment(parsedate_to_datetime(str(letter.get("date", ""))).isoformat())
    except (ValueError, TypeError, OverflowError):
        return None


def _text(letter: EmailMessage) -> str:
    part = letter.get_body(preferencelist=("plain", "html"))
    if part is None:
        return ""
    data = part.get_payload(decode=True)
    content = data if isinstance(data, bytes) else b""
    try:
        text = content.decode(part.get_content_charset("utf-8"), "replace")
    except LookupError:
        text = content.decode("utf-8", "replace")
    return _without_marks(text) if part.get_content_subtype() == "html" else text


def _own_words(text: str) -> str:
    """Without lines that begin with >, the line above them that says who wrote, and everything after a signature."""
    kept: list[str] = []
    lines = text.replace("\r\n", "\n").split("\n")
    for place, line in enumerate(lines):
        if re.match(r">+From ", line):
            kept.append(line.lstrip(">"))  # so mbox writes a line that begins with From
        elif line.lstrip().startswith(">"):
            _drop_who_wrote(kept)
        elif _FORWARDED.fullmatch(line.strip("\r")) or _quotes_below(lines, place):
            break
        else:
            kept.append(line)
    _drop_who_wrote(kept)
    return "\n".join(kept).strip()


def _quotes_below(lines: list[str], place: int) -> bool:
    """Whether a line is the first of a block that says whose words follow, and not a sentence that begins alike."""
    if not _FROM.match(lines[place]):
        return False
    below = [line for line in lines[place + 1 : place + 1 + _LOOKED_AHEAD] if line.strip()]
    return any(_HEADING.match(line) for line in below[:_HEADINGS])


def _drop_who_wrote(kept: list[str]) -> None:
    """Take away “On Monday Anna wrote:” at the end, also over two lines."""
    while kept and not kept[-1].strip():
        kept.pop()
    for count in (1, 2):
        if _WROTE.fullmatch(" ".join(kept[-count:])[:600]) and len(kept) >= count:
            del kept[-count:]
            return


class _Words(HTMLParser):
    """The words of a web page, without what it quotes."""

    _quiet = frozenset({"script", "style", "head", "title", "blockquote"})
    _lines = frozenset({"p", "br", "div", "li", "tr", "hr", "h1", "h2", "h3"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._inside: list[str] = []
        self._ended = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self._quiet:
            self._inside.append(tag)
        elif tag in self._lines:
            self.words.append("\n")
            self._ended = False

    def handle_endtag(self, tag: str) -> None:
        if tag in self._inside:
            del self._inside[self._inside.index(tag) :]
        self._ended = self._ended or tag in self._lines

    def handle_data(self, data: str) -> None:
        if self._inside:
            return
        if self._ended and data.strip():
            self.words.append("\n")
            self._ended = False
        self.words.append(" ".join(data.split()) + (" " if data[-1:].isspace() else ""))


def _without_marks(text: str) -> str:
    reader = _Words()
    reader.feed(text[:1_000_000])
    reader.close()
    return "".join(reader.words)
