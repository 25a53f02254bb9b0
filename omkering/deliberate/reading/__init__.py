"""From a file to the parts of a text: headings, numbered paragraphs, lists, tables, boxes and proposals.

Pure: bytes in, parts out; nothing is written anywhere. Markdown, plain text, docx and PDF with a text layer. What a
file is, its content says and not its name. No word is left out, but for what repeats on every page: headers, footers
and page numbers, which `Parsed.notes` tells. Texts are Markdown without HTML.
"""

from omkering.deliberate.reading.parts import MOST_BYTES, Parsed, Part, Unreadable
from omkering.deliberate.reading.reader import read

__all__ = ["MOST_BYTES", "Parsed", "Part", "Unreadable", "read"]
