"""The states of a case that belong together: each group is written here once."""

#: the case goes on: something can still be decided
OPEN_STATES = ("draft", "submitted", "watched", "active", "removal_proposed")
#: the child or the family is on the register or on control
STAY_STATES = ("active", "removal_proposed")
#: the case has ended: nothing follows any more
OVER_STATES = ("closed", "declined", "annulled")
