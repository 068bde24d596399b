"""A paper book → a PDF to print and sign, or a spreadsheet. Decision 0080 says why with these libraries."""

from __future__ import annotations

import io
import logging
import threading
from datetime import datetime
from pathlib import Path

from broadcaster.errors import Refused
from broadcaster.model.words import Sentence
from webui.books import Book
from webui.speaking import _

FONTS = (
    Path("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc"),
    Path("/usr/share/fonts/wqy-zenhei/wqy-zenhei.ttc"),
    Path("C:/Windows/Fonts/simhei.ttf"),
)
NO_FONT = Sentence(
    "这台机器没有能放进 PDF 的汉字字体。请装 fonts-wqy-zenhei，或者用浏览器打印。",
    "this machine has no Chinese font that fits into a PDF. Install fonts-wqy-zenhei, or print from the browser.",
)
BUSY = Sentence(
    "正在给别人做 PDF，请过几秒再按一次。", "a PDF is being made for somebody else. Try again in a few seconds."
)
_SIZE_PT = 9
_TALL_MM = 5.5
_one_at_a_time = threading.Lock()
"""A long book takes a second of a small machine, which has sound to make."""

logging.getLogger("fontTools").setLevel(logging.ERROR)


def pdf(book: Book, made_at: datetime, *, fonts: tuple[Path, ...] = FONTS) -> bytes:
    """A4, lying, with heads and page numbers on each page. Raises Refused."""
    font = next((font for font in fonts if font.is_file()), None)
    if font is None:
        raise Refused(NO_FONT)
    if not _one_at_a_time.acquire(blocking=False):
        raise Refused(BUSY)
    try:
        return _pdf(book, made_at, font)
    finally:
        _one_at_a_time.release()


def _pdf(book: Book, made_at: datetime, font: Path) -> bytes:
    from fpdf import FPDF
    from fpdf.fonts import FontFace

    class Paper(FPDF):
        def header(self) -> None:
            self.set_font("hanzi", size=14)
            self.cell(0, 9, f"{book.station}  {book.title}", align="C", new_x="LMARGIN", new_y="NEXT")
            self.set_font("hanzi", size=_SIZE_PT)
            self.cell(0, 6, book.span, align="C", new_x="LMARGIN", new_y="NEXT")

        def footer(self) -> None:
            self.set_y(-10)
            self.set_font("hanzi", size=8)
            printed = _("打印时间 %(at)s", at=f"{made_at:%Y-%m-%d %H:%M}")
            self.cell(0, 6, f"{printed}    {self.page_no()} / {{nb}}", align="C")

    paper = Paper(orientation="landscape", format="A4")
    paper.add_font("hanzi", fname=font)
    paper.set_title(f"{book.station} {book.title}")
    paper.set_creation_date(made_at)
    paper.set_auto_page_break(auto=True, margin=13)
    paper.set_margins(10, 8)
    paper.add_page()
    paper.set_font("hanzi", size=_SIZE_PT)
    head = FontFace(emphasis="", fill_color=(230, 230, 230))
    widths = tuple(column.share for column in book.columns)
    with paper.table(col_widths=widths, line_height=_TALL_MM, headings_style=head, text_align="LEFT") as table:
        for cells in (tuple(column.head for column in book.columns), *book.rows):
            row = table.row()
            for cell in cells:
                row.cell(cell)
    if not book.rows:
        paper.cell(0, 10, _("这些天没有记录。"), align="C")
    return bytes(paper.output())


def spreadsheet(book: Book) -> bytes:
    """XLSX. Every cell is text and stays text, whatever it begins with."""
    from xlsxwriter import Workbook

    file = io.BytesIO()
    safe = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    workbook = Workbook(file, safe)
    sheet = workbook.add_worksheet(book.title[:31])
    head = workbook.add_format({"bold": True, "bg_color": "#E6E6E6", "border": 1, "text_wrap": True})
    cell = workbook.add_format({"border": 1, "text_wrap": True, "valign": "top", "num_format": "@"})
    for number, column in enumerate(book.columns):
        sheet.set_column(number, number, column.share * 1.3)
        sheet.write_string(0, number, column.head, head)
    for line, cells in enumerate(book.rows, start=1):
        for number, words in enumerate(cells):
            sheet.write_string(line, number, words, cell)
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.repeat_rows(0)
    sheet.fit_to_pages(1, 0)
    workbook.close()
    return file.getvalue()
