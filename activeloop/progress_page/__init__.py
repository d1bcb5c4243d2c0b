"""How far labeling is, on one page that moves while people label and the model trains."""

from activeloop.progress_page.gather import progress as progress
from activeloop.progress_page.progress import Progress as Progress
from activeloop.progress_page.routes import routes as routes
from activeloop.progress_page.write import write as write

__all__ = ["Progress", "progress", "routes", "write"]
