"""Ways to whoever answers: a terminal, files in a folder, a function, a hosted model."""

from activeloop.doors.callback import LATER as LATER
from activeloop.doors.callback import Callback as Callback
from activeloop.doors.chat import Chat as Chat
from activeloop.doors.chat_server import Patience as Patience
from activeloop.doors.files import Files as Files
from activeloop.doors.purse import Prices as Prices
from activeloop.doors.said import Asked as Asked

__all__ = ["LATER", "Asked", "Callback", "Chat", "Files", "Patience", "Prices"]
