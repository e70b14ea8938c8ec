"""The shape of what content knows about mail: words that would tell a stranger of care, and what surrounds a name."""

from __future__ import annotations

from dataclasses import dataclass

from doorframe.engines.content.parts import toml_table
from doorframe.engines.content.reader import Source


@dataclass(frozen=True, slots=True)
class Revealing:
    """What no mail to a client may say.

    words        patterns, small letters: a star for any letters, a space for a hyphen or nothing too
    titles       what stands before a name: "dr"
    credentials  what stands after it: "phd"
    matches      texts that must be found to tell, each an example; passes those that must not
    """

    words: tuple[str, ...] = ()
    titles: frozenset[str] = frozenset()
    credentials: frozenset[str] = frozenset()
    matches: tuple[str, ...] = ()
    passes: tuple[str, ...] = ()


def revealing(source: Source | None) -> Revealing:
    """The file as it is read; whatever is wrong with it is noted in the source."""
    table = toml_table(source, "the words that reveal") if source else None
    if source is None or table is None:
        return Revealing()
    words = (*table.texts("english"), *table.texts("spanish"))
    titles, credentials = frozenset(table.texts("titles")), frozenset(table.texts("credentials"))
    matches, passes = table.texts("matches"), table.texts("passes")
    table.done()
    for word in (*words, *titles, *credentials):
        if word != word.lower() or not word.strip("* "):
            source.problem(f"“{word}” must be written in small letters, and be more than a star", 0)
    return Revealing(words, titles, credentials, matches, passes)
