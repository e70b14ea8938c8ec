"""Documents that hold one of everything, for the tests of the renderers."""

from __future__ import annotations

from dataclasses import replace

from doorframe.engines.assembly.document import (
    Document,
    ListBlock,
    Note,
    Paragraph,
    Section,
    SignatureLine,
    Signatures,
    Table,
)
from doorframe.engines.citations import Citation
from doorframe.engines.text import Span

ACA = Citation(
    "aca-2014/A.5.e",
    "ACA Code of Ethics 2014, A.5.e",
    "No virtual relationship with a current client.",
    "https://www.counseling.org/resources/code-of-ethics",
    "2026-11-21",
)
APA = Citation(
    "apa-2017/4.01",
    "APA Ethics Code 2017, 4.01",
    "Keep confidential what clients tell you.",
    "https://www.apa.org/ethics/code",
    "2026-11-21",
)


def spans(*texts: str, answers: tuple[str, ...] = ()) -> tuple[Span, ...]:
    return tuple(Span(text, answers) for text in texts)


def one(words: str) -> tuple[Span, ...]:
    return (Span(words),)


LEDE = (
    Paragraph(
        "lede",
        spans(
            "This page says how I use social media and other online services, and what that means for you. ",
            "Please read it, and ask me about anything that is not clear when we next meet.",
        ),
    ),
)

CRISIS = Note(
    "crisis",
    "help",
    (
        Span("If you might harm yourself or someone else, please do not write to me online. Call or text "),
        Span("988", ("crisis.number",), strong=True, link="tel:988"),
        Span(" at any hour, or go to the nearest emergency department."),
    ),
)

CONTACT = Section(
    "official-contact-channels",
    "How to reach me",
    (
        Paragraph(
            "contact-lead",
            spans("Use one of these ways. ", "I read each of them myself.", answers=("contact.ways",)),
            cites=(APA,),
        ),
        Table(
            "contact-table",
            "What each way is for",
            ("Way", "What it is for", "When I answer"),
            (
                (one("Telephone"), (Span("555 0134", link="tel:+15550134"),), one("Within one working day, 9 to 5")),
                (
                    one("E-mail"),
                    (Span("hello@harbourlane.example", link="mailto:hello@harbourlane.example"),),
                    one("Within two working days. Appointments only, since e-mail is not private."),
                ),
                (one("Text message"), one("Changing an appointment on the day"), one("The same day")),
            ),
        ),
        CRISIS,
    ),
    (
        Section(
            "response-time",
            "When I am away",
            (
                Paragraph(
                    "away",
                    spans("A colleague answers for me when I am away. ", "I tell you her name before I go."),
                    good_practice=True,
                ),
            ),
        ),
    ),
    topic="official-contact-channels",
)

FRIENDING = Section(
    "friending",
    "Friend and contact requests",
    (
        Paragraph(
            "friending-1",
            spans("I keep my personal accounts for family and friends. ", answers=("accounts.personal",))
            + spans(
                "I do not accept friend or contact requests from current or former clients on any of them. ",
                answers=("friending.stance", "friending.scope"),
            )
            + spans(
                "This is not a judgement about you: a link that others can see could tell them that we work together, "
                "and it could make it harder to keep our time about you."
            ),
            cites=(ACA, APA),
        ),
        Paragraph(
            "friending-2",
            spans(
                "If you send a request, I will not answer it online. I will bring it up when we next meet.",
                answers=("friending.if_it_happens",),
            ),
            cites=(ACA,),
            good_practice=True,
        ),
        ListBlock(
            "friending-list",
            (
                one("Facebook, Instagram and other personal profiles"),
                one("LinkedIn, unless we knew each other through work before we met"),
                one("Games, fitness trackers and neighbourhood groups, where a link can show without anyone asking"),
            ),
        ),
    ),
    topic="friending",
)

SEARCHING = Section(
    "search-engines-for-clients",
    "Looking people up",
    (
        Paragraph(
            "search-1",
            spans(
                "I do not look for you on search engines or social media. ",
                "What I know about you is what you tell me. ",
                "There is one exception: a crisis in which I have good reason to fear for you or for somebody else.",
                answers=("search.stance",),
            ),
            cites=(ACA,),
        ),
        ListBlock(
            "search-steps",
            (
                one("First I try to reach you, and the person you named for emergencies."),
                one("If that fails, I look only for what is needed to find you safe."),
                one("I write down what I looked for and why, and I tell you when we next speak."),
            ),
            ordered=True,
        ),
    ),
    topic="search-engines-for-clients",
)

REVIEWS = Section(
    "testimonials-not-solicited",
    "Reviews",
    (
        Paragraph(
            "reviews-1",
            spans(
                "You may find my practice on sites where people leave reviews. "
                "I will never ask you for one, and I cannot answer one, "
                "since even a thank-you would tell others that you came here. ",
                "You are free to say what you like about your own therapy. "
                "Please think about your own privacy first: what is online may stay there.",
            ),
            cites=(APA, ACA),
        ),
    ),
    topic="testimonials-not-solicited",
)

SIGNING = Section(
    "acknowledgement-signature",
    "Your agreement",
    (
        Paragraph("signing-1", spans("Please sign when you have read this and had your questions answered.")),
        Signatures(
            "signatures",
            (
                "I have read this policy and had the chance to ask about it.",
                "You may send me text messages about appointments. I know that they are not private.",
            ),
            (
                SignatureLine("Client"),
                SignatureLine("Client"),
                SignatureLine("Client"),
                SignatureLine("Parent or guardian"),
                SignatureLine("Therapist"),
            ),
        ),
    ),
    topic="acknowledgement-signature",
    new_page=True,
)

POLICY = Document(
    kind="policy",
    title="Social media policy",
    subtitle="Harbour Lane Therapy",
    language="en-US",
    author="Dr Imani Cole, Harbour Lane Therapy",
    dated="2026-11-21",
    version="Version 3",
    draft=False,
    footer="Harbour Lane Therapy · 12 Harbour Lane, Portland · 555 0134",
    pack="doorframe-core 2026.11 (sha256 0123abcd4567ef89)",
    lede=LEDE,
    sections=(CONTACT, FRIENDING, SEARCHING, REVIEWS, SIGNING),
)

SUMMARY = replace(POLICY, kind="summary", title="Social media policy on one page", sections=(CONTACT, FRIENDING))
DRAFT = replace(POLICY, draft=True, version="Draft", language="en-GB")

NASTY_NAMES = (
    'Dr "Quote" O\u2019Neil & Sons <b>bold</b>',
    '#let x = 1; #panic("boom") $x$ *star* _under_ `code` @ref <label> [x](y)',
    "{{ title }} {% if %} ${HOME} %s {0}",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "\u05d3\u05f4\u05e8 \u05e8\u05d5\u05ea \u05db\u05d4\u05df",
    "\u062f. \u0644\u064a\u0644\u0649 \u0627\u0644\u062d\u062f\u0627\u062f",
    "Sam \U0001f600\U0001f3fd \U0001f468\u200d\U0001f469\u200d\U0001f467 "
    "\u2764\ufe0f 1\ufe0f\u20e3 \U0001f1ee\U0001f1ea",
    "\u738b\u5c0f\u660e \u0928\u0940\u0932\u092e \u0e2a\u0e21",
    "nul\x00bell\x07esc\x1b vt\x0bdel\x7f \ud800 \ufffe \u202eevil\u202c \u2028line",
    "a\u0301\u0302\u0303\u0304 e\u05b0 x\u0651 \u0301alone",
    "- item\n# heading\n> quote\n1. one\n```\ncode\n```\n---\n| a | b |",
    "]]>--><!-- &amp; &lt; &#x41; \\ \\\\n",
    "https://example.com/?a=1&b=2 javascript:alert(1)",
    "Zo\u00eb \u0141ukasz \u011e\u00fcne\u015f "
    "Nguy\u1ec5n \u0412\u0430\u0441\u0438\u043b\u0438\u0439 \u0393\u03b9\u03ce\u03c1\u03b3\u03bf\u03c2",
    "W" * 5000,
    "12HarbourLane," * 350,
)


def named(name: str) -> Document:
    """A document in which one person's words stand in every place that takes words."""
    words = (Span("Before "), Span(name, ("a",), own=True), Span(" after", strong=True))
    return replace(
        POLICY,
        title=name,
        subtitle=name,
        author=name,
        footer=name,
        version=name,
        pack=name,
        lede=(Paragraph("lede", words),),
        sections=(
            Section(
                "s",
                name,
                (
                    Paragraph("p", words, cites=(replace(ACA, short=name),)),
                    Paragraph("own", (Span(name, link="https://example.com/" + name),)),
                    ListBlock("l", (words, (Span(name, strong=True),)), ordered=True),
                    Table("t", name, (name, "Second"), ((words, words), ((Span(name),), ()))),
                    Note("n", "info", words),
                    Signatures("sig", (name,), (SignatureLine(name), SignatureLine("Therapist"))),
                ),
            ),
        ),
    )
