"""Every state of the pages of signing in: how to come there, and words that stand there."""

import re

from tests.browser.somebody import Somebody, new_number


def entry(ada: Somebody) -> None:
    ada.open("/sign-in")


def entry_with_an_error(ada: Somebody) -> None:
    ada.open("/sign-in")
    ada.identifier.fill("w" * 120)
    ada.press("Send me a code")


def entry_with_the_address_to_change(ada: Somebody) -> None:
    ada.ask()
    ada.page.get_by_role("link", name="Use a different address").click()


def code_by_mail(ada: Somebody) -> None:
    ada.ask()


def code_by_text_message(ada: Somebody) -> None:
    ada.address = new_number()
    ada.ask()


def wrong_shape(ada: Somebody) -> None:
    ada.ask()
    ada.answer("12345")


def wrong_code(ada: Somebody) -> None:
    ada.ask()
    ada.answer(ada.wrong_code)


def locked(ada: Somebody) -> None:
    wrong_code(ada)
    for _ in range(4):
        ada.answer(ada.wrong_code)


def run_out(ada: Somebody) -> None:
    ada.ask()
    ada.site.let_pass(minutes=11)
    ada.page.reload()


def already_sent(ada: Somebody) -> None:
    ada.ask()
    ada.ask()


def may_send_again(ada: Somebody) -> None:
    ada.ask()
    ada.site.let_pass(seconds=31)
    ada.page.reload()


def sent_again(ada: Somebody) -> None:
    may_send_again(ada)
    ada.press("Send it again")


def asked_too_often(ada: Somebody) -> None:
    ada.ask()
    for _ in range(4):
        ada.site.let_pass(minutes=2)
        ada.page.reload()
        ada.press("Send it again" if ada.button("Send it again").count() else "Send a new code")


def other_browser(ada: Somebody) -> None:
    ada.open("/sign-in/code")


def home(ada: Somebody) -> None:
    ada.sign_in()


def signed_in_already(ada: Somebody) -> None:
    ada.sign_in()
    ada.open("/sign-in")


def signed_out(ada: Somebody) -> None:
    ada.sign_in()
    ada.press("Sign out")


def stopping(ada: Somebody) -> None:
    ada.ask()
    ada.open(re.search(r"/not-me/\S+", ada.site.newest(ada.address))[0])


def stopped(ada: Somebody) -> None:
    stopping(ada)
    ada.press("Stop these codes")


def codes_come_again(ada: Somebody) -> None:
    stopped(ada)
    ada.press("Let codes come again")


def stopped_long_ago(ada: Somebody) -> None:
    stopping(ada)
    ada.site.let_pass(hours=25)
    ada.page.reload()


def not_found(ada: Somebody) -> None:
    ada.sign_in("/sign-in?next=/nope")


SIGN_IN = {
    entry: "Sign in",
    entry_with_an_error: "There is a problem",
    entry_with_the_address_to_change: "Sign in",
    code_by_mail: "Enter your code",
    code_by_text_message: "Enter your code",
    wrong_shape: "You entered 5.",
    wrong_code: "That code is not right.",
    locked: "Too many wrong codes.",
    run_out: "That code ran out",
    already_sent: "We already sent a code",
    may_send_again: "Send it again",
    sent_again: "We sent the same code once more.",
    asked_too_often: "You can ask again at",
    other_browser: "Codes work only in the browser that asked.",
    home: "You are signed in",
    signed_in_already: "This browser is signed in as",
    signed_out: "You are signed out.",
    stopping: "Stop these codes?",
    stopped: "That code no longer works.",
    codes_come_again: "Codes come again.",
    stopped_long_ago: "This link is over",
    not_found: "Page not found",
}
