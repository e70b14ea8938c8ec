"""A page of the documentation as HTML with our look: anchors, tables that scroll, links inside the application."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urldefrag, urlsplit

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

from doorframe.web.help.library import Page

# Pages are ours, and still no HTML passes through: what a clause quotes must never become markup.
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")


@dataclass(frozen=True, slots=True)
class Heading:
    """One heading of a page: its level (1 to 6), its words and its anchor."""

    level: int
    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """A page ready to show. `contents` holds its second-level headings."""

    body: SafeString
    contents: tuple[Heading, ...]


@lru_cache(maxsize=64)
def render(page: Page) -> Rendered:
    """The page as HTML. Cached: pages change only with the installation."""
    tokens = list(_dressed(_MARKDOWN.parse(page.text), page))
    # Every piece of text was escaped by the renderer, and it passes no HTML through.
    body = mark_safe(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}))
    contents = tuple(heading for heading in headings(page.text) if heading.level == 2)
    return Rendered(body, contents)


def headings(text: str) -> tuple[Heading, ...]:
    """Every heading of a Markdown text, in order, each with an anchor of its own."""
    return tuple(heading for heading, _tokens in sections(text))


def sections(text: str) -> list[tuple[Heading, list[Token]]]:
    """A Markdown text cut at its headings; what stands before the first one belongs to nobody and is left out."""
    found: list[tuple[Heading, list[Token]]] = []
    seen: dict[str, int] = {}
    tokens = _MARKDOWN.parse(text)
    for number, token in enumerate(tokens):
        if token.type == "heading_open":
            found.append((_heading(token, tokens[number + 1], seen), []))
        elif found and not token.type.startswith("heading") and tokens[number - 1].type != "heading_open":
            found[-1][1].append(token)
    return found


def _heading(token: Token, inline: Token, seen: dict[str, int]) -> Heading:
    words = plain(inline)
    anchor = "".join(sign for sign in words.lower() if sign.isalnum() or sign in " -_").replace(" ", "-")
    count = seen.get(anchor, 0)
    seen[anchor] = count + 1
    return Heading(int(token.tag[1]), words, f"{anchor}-{count}" if count else anchor)


def plain(inline: Token) -> str:
    """The words of an inline token without their markup."""
    parts = [" " if child.type == "softbreak" else child.content for child in inline.children or []]
    return "".join(parts)


def _dressed(tokens: list[Token], page: Page) -> Iterator[Token]:
    anchors = iter(headings(page.text))
    for token in tokens:
        if token.type == "fence" and token.info.strip() == "mermaid":
            continue  # a drawing for places that can draw it; the same stands beside it as a table
        if token.type == "heading_open":
            token.attrSet("id", next(anchors).anchor)
        elif token.type in {"fence", "code_block"}:
            yield from _scrolling(token)
            continue
        elif token.type == "table_open":
            yield _raw('<div class="scroll" tabindex="0" role="group" aria-label="Table">')
        elif token.attrs.pop("style", "") == "text-align:right":
            token.attrSet("class", "right")  # a style attribute would break our own content policy
        for child in token.children or []:
            _mend(child, page)
        yield token
        if token.type == "table_close":
            yield _raw("</div>")


def _scrolling(token: Token) -> Iterator[Token]:
    """Code that is wider than a phone can be moved with the keyboard too."""
    yield _raw('<div class="scroll code" tabindex="0" role="group" aria-label="Code">')
    yield token
    yield _raw("</div>\n")


def _raw(html: str) -> Token:
    token = Token("html_block", "", 0)
    token.content = html
    return token


def _mend(token: Token, page: Page) -> None:
    if token.type == "link_open":
        target = str(token.attrGet("href") or "")
        token.attrSet("href", address(target, page.path))
        if urlsplit(target).scheme:
            token.attrSet("rel", "noreferrer")
    elif token.type == "image":
        token.attrSet("src", reverse("help-picture", kwargs={"name": posixpath.basename(str(token.attrGet("src")))}))


def address(target: str, path: str) -> str:
    """Where a link of the page at `path` leads inside the application; others stay as they are."""
    file, fragment = urldefrag(target)
    if urlsplit(target).scheme or not file.endswith(".md"):
        return target
    name = posixpath.normpath(posixpath.join(posixpath.dirname(path), file)).removesuffix(".md")
    found = reverse("help-page", kwargs={"path": name})
    return f"{found}#{fragment}" if fragment else found
