"""Scores: every score on every slice in one pass, each with its support and its interval."""

from activeloop.scoring.board import Scoreboard as Scoreboard
from activeloop.scoring.board import ScoreRow as ScoreRow
from activeloop.scoring.names import Scoring as Scoring
from activeloop.scoring.predictions import Predictions as Predictions
