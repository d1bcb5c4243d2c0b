"""What people look at after a comparison of strategies: the answer, a page, pictures and tables."""

from activeloop.comparison_report.files import render, write
from activeloop.comparison_report.terminal import tell as text

__all__ = ["render", "text", "write"]
