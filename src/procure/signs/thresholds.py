"""The thresholds of the signs, all in one place. Where no source gives one, it is a setting of this service."""

from fractions import Fraction

CLOSE_SECOND = Fraction(1, 100)  # of the lowest bid; IACRC names "within 1 %" as an example
LOW_VARIATION = Fraction(3, 100)  # coefficient of variation; setting of this service
RELATIVE_DISTANCE = Fraction(2)  # multiples of the spread of the other bids; setting of this service
FIXED_RATIO = Fraction(1, 1000)  # the widest spread of ratios still called fixed; setting of this service
NEAR_CEILING = Fraction(99, 100)  # of the ceiling; setting of this service, stricter than the 95 % of its source
LOW_AWARD = Fraction(60, 100)  # of the ceiling; setting of this service

# How much there has to be before a sign is looked for at all: settings of this service.
BIDS_FOR_SPREAD = 3
BIDS_FOR_DISTANCE = 4
ITEMS_FOR_RATIO = 3
LOTS_FOR_RATIO = 3
LOTS_FOR_TURNS = 3
AWARDS_FOR_ROTATION = 4
LOTS_FOR_NEVER_WINNING = 5
