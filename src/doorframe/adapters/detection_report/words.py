"""The standing words of the report. What they say of the detector is what docs/explanation/detector.md says of it."""

from __future__ import annotations

from doorframe.engines.text import Span

TITLE = "Messages that deserve a look"
FOOTER = "For the moderators of this group alone. Possible patterns; a person decides."

NOTHING = (
    "Nothing stood out. That is no guarantee: the detector misses things, and it says nothing about how anybody feels. "
    "What you noticed yourself counts as before."
)
NOTHING_COVERED = (
    "Nothing was looked at: every window is in a language that is not covered. "
    "That says nothing about what was written."
)

WHAT_IT_IS = (
    "The detector reads a few messages at a time and says which deserve a moderator’s look. It speaks of words, never "
    "of people: each place in this report is a possible pattern, and a person decides what it is. Read the messages "
    "around it before you do anything."
)
WHAT_IT_IS_NOT = (
    "It is not for judging a member, for evidence, or for any penalty without a person. It learned from invented "
    "conversations, and nobody knows yet how well it does in a group like yours."
)
MISSES = (
    "It may miss a calm sentence whose threat lies in what both know, help that takes over and never presses, a story "
    "told “about a friend”, and whatever builds up over weeks in words that are harmless one by one."
)
FALSE_ALARMS = (
    "It may alert for nothing at a repair in which somebody repeats their own harmful line, a firm rule in warm words, "
    "grief that is angry at the reader, and role play whose frame stands before. Ways of speaking that it hardly knows "
    "are flagged more often than they should be."
)
KEEP = "This report quotes what people wrote. Keep it as carefully as the conversation itself, and delete it after use."

HOW_TO_READ = (
    "Each sign is a window, a few messages that were read together. A circle is a window below the threshold; a filled "
    "diamond is one to look at. Where there is room, the number beside it is the line in the table."
)
PAIRS = (
    "This adds up what one member wrote towards another, over days. One hit stays low. Repetition rises: hits that "
    "come again within two weeks. Time lowers: after ten days a hit counts half. Repair lowers too; whether somebody "
    "made good is for you to see, and no export tells it, so it is not drawn. A diamond is a signal; those within an "
    "hour are one argument, and count as one."
)
NO_DAYS = (
    "How this adds up over days cannot be drawn: for that, messages need the date on which they were written, over "
    "more than one day."
)
TO_LOOK_FOR = (
    "The patterns that are named above, each with what shows it, what only looks like it, and what you can do."
)

LANGUAGES = {
    "ar": "Arabic", "cs": "Czech", "cy": "Welsh", "da": "Danish", "de": "German", "el": "Greek", "es": "Spanish",
    "fa": "Persian", "fi": "Finnish", "fr": "French", "ga": "Irish", "he": "Hebrew", "hi": "Hindi", "hu": "Hungarian",
    "it": "Italian", "ja": "Japanese", "ko": "Korean", "nl": "Dutch", "no": "Norwegian", "pl": "Polish",
    "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sv": "Swedish", "tr": "Turkish", "uk": "Ukrainian",
    "ur": "Urdu", "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip


def many(number: int, what: str, more: str = "") -> str:
    """ "1 window", "1,204 windows"."""
    return f"{number:,} {what if number == 1 else more or what + 's'}"


def cell(text: str, *, own: bool = False, link: str = "") -> tuple[Span, ...]:
    """One cell of a table."""
    return (Span(text, own=own, link=link),)
