"""A labeling campaign: data, model, people and rounds, from one description that is kept beside the run."""

from activeloop.campaign.campaign import Campaign
from activeloop.campaign.setup import Setup

__all__ = ["Campaign", "Setup"]
