"""People who label in Label Studio: an oracle over plain HTTP, one project a run."""

from activeloop.label_studio.choices import Choices as Choices
from activeloop.label_studio.oracle import LabelStudio as LabelStudio
from activeloop.label_studio.votes import Vote as Vote
