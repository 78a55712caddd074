"""Every table of the service in one schema."""

from procure.accounts import tables as accounts
from procure.awards import tables as awards
from procure.bids import after_tables as after_bids
from procure.bids import tables as bids
from procure.ceilings import tables as ceilings
from procure.contracts import tables as contracts
from procure.database import Row
from procure.demand import tables as demand
from procure.history import tables as history
from procure.jobs import tables as jobs
from procure.mail import tables as mail
from procure.meetings import tables as meetings
from procure.parties import tables as parties
from procure.rounds import tables as rounds

TABLE_MODULES = (
    accounts,
    after_bids,
    awards,
    bids,
    ceilings,
    contracts,
    demand,
    history,
    jobs,
    mail,
    meetings,
    parties,
    rounds,
)
SCHEMA = Row.metadata
