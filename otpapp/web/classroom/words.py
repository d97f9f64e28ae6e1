"""What the pages of a class say."""

NO_ROOM = "There is no class here at the moment. Ask whoever teaches to open a room."
WRONG_CODE = "That is not the code of this room. It stands on the wall: six letters"
FULL = "Every seat is taken. Look on with somebody."
NOTES = {
    "frozen": "The clock of the room stands still.",
    "going": "The clock of the room goes on.",
    "advanced": "It is ten minutes later.",
    "opened": "The room is open.",
    "ended": "The room is closed, and all that was in it is deleted.",
}
