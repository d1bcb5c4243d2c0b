"""From what several people said to one answer, and whom or what to ask next."""

from activeloop.consensus.active_lab import ActiveLab as ActiveLab
from activeloop.consensus.active_lab import active_lab as active_lab
from activeloop.consensus.ballots import Ballots as Ballots
from activeloop.consensus.ballots import Consensus as Consensus
from activeloop.consensus.ballots import Dispute as Dispute
from activeloop.consensus.ballots import Resolution as Resolution
from activeloop.consensus.ballots import by_votes as by_votes
from activeloop.consensus.ballots import resolve as resolve
from activeloop.consensus.dawid_skene import DawidSkene as DawidSkene
from activeloop.consensus.dawid_skene import dawid_skene as dawid_skene
from activeloop.consensus.majority import first as first
from activeloop.consensus.majority import majority as majority
from activeloop.consensus.majority import unanimous as unanimous
from activeloop.consensus.named import CONSENSUS as CONSENSUS
from activeloop.consensus.named import named as named
from activeloop.consensus.votes import Opinion as Opinion
from activeloop.consensus.votes import Votes as Votes
