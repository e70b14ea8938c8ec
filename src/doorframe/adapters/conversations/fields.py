"""A message from a row of named values, whatever usual names they go by."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from doorframe.adapters.conversations.dates import Dates
from doorframe.adapters.windows_file import moment
from doorframe.engines.detection.conversation import Message

NAMES: dict[str, tuple[str, ...]] = {
    "conversation": (
        "conversation", "conversation_id", "channel", "channel_name", "channel_id", "thread", "thread_id", "room",
        "group", "chat", "chat_id", "topic",
    ),
    "id": ("id", "message_id", "msg_id", "messageid", "uuid"),
    "author": (
        "author", "author_name", "from", "sender", "sender_name", "user", "username", "user_name", "nickname", "name",
        "speaker", "member", "author_id", "user_id",
        "autor", "autorin", "verfasser", "verfasserin", "absender", "absenderin", "benutzer", "benutzername", "nutzer",
        "nutzername", "mitglied", "auteur", "autrice", "expediteur", "expeditrice", "utilisateur", "pseudo", "membre",
        "autora", "remitente", "usuario", "usuaria", "miembro", "autore", "mittente", "utente", "membro", "afzender",
        "gebruiker", "gebruikersnaam", "lid", "von", "de", "da", "van", "nom", "nombre", "nome", "naam",
    ),
    "at": (
        "at", "timestamp", "datetime", "date", "created_at", "sent_at", "created", "sent", "ts", "date_time",
        "datum", "zeitpunkt", "zeitstempel", "gesendet", "gesendet_am", "erstellt", "erstellt_am", "horodatage",
        "envoye", "envoye_le", "fecha", "fecha_y_hora", "enviado", "data", "data_e_ora", "inviato", "tijdstip",
        "verzonden", "time", "uhrzeit", "zeit", "heure", "hora", "ora", "tijd",
    ),
    "text": (
        "text", "content", "message", "body", "msg", "comment", "post", "message_text",
        "nachricht", "nachrichtentext", "inhalt", "beitrag", "kommentar", "texte", "contenu", "commentaire", "texto",
        "mensaje", "contenido", "comentario", "testo", "messaggio", "contenuto", "commento", "tekst", "bericht",
        "inhoud",
    ),
}  # fmt: skip
"""What we call a value, and what others call it, the likeliest first; what other languages call it without accents."""

_CLOCK = {"time", "uhrzeit", "zeit", "heure", "hora", "ora", "tijd"}
"""What holds the time of a day where the date stands by itself."""


def known(keys: Iterable[str]) -> dict[str, str]:
    """Our name of a value -> the name that these keys have for it."""
    plain = {_plain(key): key for key in reversed(list(keys))}
    taken: set[str] = set()
    found: dict[str, str] = {}
    for ours in ("text", "author", "at", "id", "conversation"):
        theirs = next((plain[name] for name in NAMES[ours] if name in plain and plain[name] not in taken), None)
        if theirs is not None:
            found[ours] = theirs
            taken.add(theirs)
    return found


def clock(keys: Iterable[str], at: str | None) -> str:
    """Which of these keys holds the time of day that belongs to the date under `at`; "" where none does."""
    return next((key for key in keys if key != at and _plain(key) in _CLOCK), "")


def _plain(key: str) -> str:
    """A key as NAMES has it."""
    plain = key.strip().lower().replace(" ", "_").replace("-", "_")
    if plain.isascii():
        return plain
    return "".join(sign for sign in unicodedata.normalize("NFD", plain) if not unicodedata.combining(sign))


def message(row: Mapping[str, Any], names: Mapping[str, str], dates: Dates, place: int) -> Message | None:
    """A message of a row; None where it has no text. What has no id is called by its place."""
    text = _text(row.get(names.get("text", "")))
    if text is None:
        return None
    given = row.get(names.get("id", ""))
    number = str(given) if given not in (None, "") and not isinstance(given, dict | list) else str(place)
    return Message(number, _author(row.get(names.get("author", ""))), text, _at(row, names, dates))


def conversation(row: Mapping[str, Any], names: Mapping[str, str], otherwise: str) -> str:
    """The conversation of a row."""
    value = row.get(names.get("conversation", ""))
    if isinstance(value, dict):
        value = value.get("id") or value.get("name")
    return str(value) if value not in (None, "") and not isinstance(value, list) else otherwise


def _text(value: object) -> str | None:
    if isinstance(value, str):
        return value
    if isinstance(value, list):  # pieces, some of them with a format
        return "".join(one if isinstance(one, str) else str(one.get("text", "")) for one in value
                       if isinstance(one, str | dict))  # fmt: skip
    return None


def _author(value: object) -> str:
    if isinstance(value, dict):
        value = next((value[key] for key in ("nickname", "name", "username", "id") if value.get(key)), "")
    return "" if value is None or isinstance(value, list | dict) else str(value)


def _at(row: Mapping[str, Any], names: Mapping[str, str], dates: Dates) -> float | None:
    value = row.get(names.get("at", ""))
    if not isinstance(value, str):
        return moment(value)
    apart = clock(row, names.get("at"))
    hours = row[apart] if apart else None
    return dates.moment(f"{value} {hours}" if isinstance(hours, str) else value)
