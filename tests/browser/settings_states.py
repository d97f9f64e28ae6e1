"""The pages of settings: how to come there, and words that stand there."""

from tests.browser.admin_states import admin
from tests.browser.somebody import Somebody

PAGE = "/admin/settings"


def settings(ada: Somebody) -> None:
    admin(ada)
    ada.open(PAGE)


def trial(ada: Somebody) -> None:
    admin(ada)
    ada.open(f"{PAGE}/test")


def trial_refused(ada: Somebody) -> None:
    trial(ada)
    ada.press("Send it")


def messages(ada: Somebody) -> None:
    admin(ada)
    ada.open(f"{PAGE}/messages")
    for summary in ada.page.locator(".letter summary").all():
        summary.click()


SETTINGS = {
    settings: "Unsafe or unfinished",
    trial: "Who sent it to whom is noted.",
    trial_refused: "OTPAPP_MAIL_SERVER is not set",
    messages: "On a locked iPhone",
}
