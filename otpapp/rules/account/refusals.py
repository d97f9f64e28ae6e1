"""Why an address cannot be added to somebody's."""

from enum import StrEnum


class Refused(StrEnum):
    """Why an address cannot be added: it is theirs already, they have no room, or it is another's.

    ENDED: its code was ended, and has to be asked for anew.

    Only whoever reads the messages of an address learns that it is another's (X12).
    """

    YOURS = "yours"
    FULL = "full"
    TAKEN = "taken"
    ENDED = "ended"
