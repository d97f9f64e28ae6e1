"""What the pages of the gate say."""

from otpapp.models import App
from otpapp.rules.gate import rules
from otpapp.rules.gate.rules import Rule

SAID = {
    "elsewhere": (
        "This link leads elsewhere",
        "It names an address that is not behind this sign-in. Open the page that you want anew.",
    ),
    "used": (
        "This way in is over",
        "It works once, for a minute, in the browser that asked for it. Open the page once more.",
    ),
    "no_cookie": (
        "Your browser keeps no cookies of this site",
        "Without them nobody can be signed in here. Allow cookies for this site and open it once "
        "more.",
    ),
    "two_cookies": (
        "Your browser sent two of our cookies",
        "Nobody can tell which of them is right. Clear the cookies of this site, and open it once "
        "more.",
    ),
    "round": (
        "This site is not set up right",
        "You are signed in, but the web server of this site does not see it. Tell whoever runs it: "
        "flask doctor says which line to change.",
    ),
    "nothing": (
        "Nothing to show here",
        "You may open this, but the site has no page at this address.",
    ),
    "again": (
        "Just a moment",
        "The sign-in could not be asked just now whether you may open this. Try again.",
    ),
}


def why_not(app: App, rule: Rule | None) -> str:
    """Return in a sentence why somebody may not open something, naming no other person."""
    if rule is None:
        return f"Nobody may open this part of {app.title}."
    groups = [one.removeprefix(rules.GROUP) for one in rule.allow if one.startswith(rules.GROUP)]
    for_groups = f"the group{'s' * (len(groups) > 1)} {' and '.join(groups)}" if groups else ""
    for_people = "people who were named one by one" if len(groups) < len(rule.allow) else ""
    whom = " and ".join(filter(None, (for_groups, for_people)))
    return f"This part of {app.title} is for {whom}."
