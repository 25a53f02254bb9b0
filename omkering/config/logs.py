"""Lines of the log files: no secret of an address comes into them."""

import logging
import re

# A part of an address that is as long as our keys (of a feed, of a new password) and no word: "u-dijx1n-a32e8574…".
_KEY = re.compile(r"(?<=/)(?=[\w-]*\d)[\w-]{20,}(?=[/?\s]|$)")


class LineFormatter(logging.Formatter):
    """Writes a line without the keys that an address may hold: whoever reads the log could use them."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        """The line itself; a traceback below it names files and holds no addresses."""
        return _KEY.sub("…", super().formatMessage(record))
