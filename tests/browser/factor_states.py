"""Every state of the pages about factors: how to come there, and words that stand there."""

from tests.browser.somebody import Somebody


def how_you_sign_in(ada: Somebody) -> None:
    ada.sign_in("/sign-in?next=/account/security")


def new_app(ada: Somebody) -> None:
    ada.sign_in("/sign-in?next=/account/security/app")


def new_app_with_an_error(ada: Somebody) -> None:
    new_app(ada)
    ada.page.get_by_label("Code from the app").fill("000000")
    ada.press("Add this app")


def new_token(ada: Somebody) -> None:
    ada.sign_in("/sign-in?next=/account/security/token")


def recovery_codes(ada: Somebody) -> None:
    ada.add_app()


def new_recovery_codes(ada: Somebody) -> None:
    ada.add_app()
    ada.press("Show my codes")


def one_app(ada: Somebody) -> None:
    new_recovery_codes(ada)
    ada.page.get_by_role("link", name="I have kept them, continue").click()
    ada.open("/account/security")


def removing(ada: Somebody) -> None:
    one_app(ada)
    ada.page.get_by_role("link", name="Remove").click()


def by_app(ada: Somebody) -> None:
    new_recovery_codes(ada)
    ada.sign_out()
    ada.site.let_pass(minutes=2)
    ada.ask()
    ada.answer(ada.site.code_for(ada.address, nth=2))


def by_app_with_an_error(ada: Somebody) -> None:
    by_app(ada)
    ada.page.get_by_label("Code from your app").fill("000000")
    ada.press("Continue")


def by_recovery_code(ada: Somebody) -> None:
    by_app(ada)
    ada.page.get_by_role("link", name="Use a recovery code").click()


def step_up(ada: Somebody) -> None:
    ada.sign_in()
    ada.site.let_pass(minutes=11)
    ada.open("/account/security/app")


def step_up_by_app(ada: Somebody) -> None:
    one_app(ada)
    ada.site.let_pass(minutes=11)
    ada.open("/account/security/app")


FACTORS = {
    how_you_sign_in: "You have none yet.",
    new_app: "Add an authenticator app",
    new_app_with_an_error: "That is not the code that belongs to this key.",
    new_token: "Add a token",
    recovery_codes: "Ten codes for paper.",
    new_recovery_codes: "This is the only time that we show them.",
    one_app: "10 are left.",
    removing: "It is your last second proof",
    by_app: "Enter the code from your app",
    by_app_with_an_error: "That code is not right.",
    by_recovery_code: "Enter a recovery code",
    step_up: "Is it still you?",
    step_up_by_app: "What you are about to do needs a fresh proof",
}
