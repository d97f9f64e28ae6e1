"""What the account pages say of what was just done."""

NOTES = {
    "session_ended": "That session is over: nobody goes on there without signing in again.",
    "session_over": "That session had ended already.",
    "session_is_this": "That is the session of this browser. Sign out to end it.",
    "ended_elsewhere": "You are signed out everywhere else.",
    "forgotten": "Forgotten. Nobody was signed out by it.",
    "forgotten_before": "That was forgotten already.",
    "distrusted": "The next sign-in there asks for a second proof again.",
}
