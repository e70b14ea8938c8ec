"""A chart in every format: a picture where there can be one, and its words wherever it is not seen."""

from __future__ import annotations

import io
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from pypdf import PdfReader

from doorframe.adapters.render import FORMATS, charts, render
from doorframe.engines.assembly.document import Chart, Document, Section
from tests.adapters.render import samples
from tests.adapters.render.test_marks import read
from tests.adapters.render.test_pdf import elements
from tests.adapters.render.words_of import bare

CHART = Chart(
    "c", "Scores by time", "Two windows, one at 0.9.", bars=((0, 0.5, 0.5, "3"),), line=((0, 0), (1, 1)),
    dots=((0.2, 0.1),), marks=((0.8, 0.9, "1"),), levels=((0.7, "threshold 0.70"),),
    across=((0, "2 Mar"), (1, "9 Mar")), up=((0, "0"), (1, "1")),
)  # fmt: skip
HOSTILE = replace(
    CHART, caption='"><script>alert(1)</script>', spoken="a\x00\u202eb </desc> & #eval(1)",
    marks=((float("1e9"), -5.0, "<x>&"),), across=((0.5, "שלום " * 40), (0.2, "\x1b\ufffe")), tall=50.0,
)  # fmt: skip


def document(*found: Chart) -> Document:
    return replace(samples.POLICY, sections=(Section("s", "Pictures", found),), lede=())


@pytest.mark.parametrize("format", FORMATS)
def test_its_words_stand_in_every_format(format: str) -> None:
    data = render(document(CHART), format)
    told = read(format, data)
    if format == "pdf":
        tree = PdfReader(io.BytesIO(data)).trailer["/Root"]["/StructTreeRoot"]
        told += "".join(str(each["/Alt"]) for each in elements(tree) if "/Alt" in each)
    assert bare(CHART.caption) in bare(told) and bare(CHART.spoken) in bare(told)
    assert render(document(CHART), format) == data


def test_the_picture_says_by_shape_and_words_what_it_says_by_colour() -> None:
    tree = ElementTree.fromstring(charts.svg(CHART))
    names = [node.tag.rpartition("}")[2] for node in tree.iter()]
    assert names.count("circle") == 1 and names.count("rect") == 1 and names.count("path") == 3
    assert [node.text for node in tree if node.tag.endswith(("title", "desc"))] == [CHART.caption, CHART.spoken]
    dashed = [node for node in tree.iter() if "stroke-dasharray" in node.attrib]
    words = [node.text for node in tree.iter() if node.tag.endswith("text")]
    assert len(dashed) == 1 and {"threshold 0.70", "1", "3", "2 Mar", "9 Mar"} <= set(words)


def test_places_are_where_the_figures_are() -> None:
    tree = ElementTree.fromstring(charts.svg(replace(CHART, dots=((0, 0), (1, 1)), marks=())))
    low, high = [(float(n.attrib["cx"]), float(n.attrib["cy"])) for n in tree.iter() if n.tag.endswith("circle")]
    assert low[0] < high[0] and low[1] > high[1], "the first at the left, the higher nearer to the top"


def test_a_figure_wider_than_its_bar_stands_above_the_highest_alone() -> None:
    bars = tuple((at / 100, (at + 1) / 100, 1.0 if at == 50 else 0.5, str(1000 + at)) for at in range(100))
    drawn = charts.svg(Chart("c", "", "Many bars.", bars=bars))
    assert drawn.count("<rect") == 100 and drawn.count("<text") == 1 and ">1050<" in drawn


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("chart", [Chart("c", "", ""), HOSTILE], ids=["empty", "hostile"])
def test_whatever_it_holds_makes_a_file(chart: Chart, format: str) -> None:
    data = render(document(chart), format)
    assert read(format, data) and (format == "docx" or b"<script>" not in data)


def test_a_page_has_a_figure_with_words() -> None:
    page = render(document(CHART, CHART), "html").decode()
    assert page.count("<figure id=") == 2 and page.count('role="img"') == 2
    assert f'aria-label="{CHART.spoken}"' in page and " style=" not in page
