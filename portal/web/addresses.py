"""The words of our addresses."""

from werkzeug.routing import BaseConverter


class CodeConverter(BaseConverter):
    """A division's code: 12 digits, so that an address can be read over the telephone."""

    regex = r"\d{12}"
