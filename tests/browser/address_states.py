"""Every state of the pages of my addresses and of leaving: how to come there, and words there."""

from tests.browser.somebody import Somebody, new_address, new_number

PAGE = "/account/identifiers"


def one(ada: Somebody) -> None:
    ada.sign_in(f"/sign-in?next={PAGE}")


def adding(ada: Somebody) -> None:
    ada.sign_in(f"/sign-in?next={PAGE}/new")


def adding_with_an_error(ada: Somebody) -> None:
    adding(ada)
    ada.identifier.fill("nobody at all")
    ada.press("Send me a code")


def adding_too_soon(ada: Somebody) -> None:
    new = code(ada)
    ada.open(f"{PAGE}/new")
    ada.identifier.fill(new)
    ada.press("Send me a code")


def code(ada: Somebody) -> str:
    adding(ada)
    new = new_address()
    ada.identifier.fill(new)
    ada.press("Send me a code")
    return new


def code_by_text_message(ada: Somebody) -> None:
    adding(ada)
    ada.identifier.fill(new_number())
    ada.press("Send me a code")


def wrong_code(ada: Somebody) -> None:
    new = code(ada)
    right = ada.site.code_for(new)
    ada.page.get_by_label("Code").fill("000000" if right != "000000" else "000001")
    ada.press("Add it")


def two(ada: Somebody) -> None:
    new = code(ada)
    ada.page.get_by_label("Code").fill(ada.site.code_for(new))
    ada.press("Add it")


def over(ada: Somebody) -> None:
    two(ada)
    ada.open(f"{PAGE}/code")


def taken(ada: Somebody) -> None:
    bob = ada.open_tab()
    bob.sign_in()
    bob.sign_out()
    adding(ada)
    ada.site.let_pass(minutes=2)
    ada.identifier.fill(bob.address)
    ada.press("Send me a code")
    ada.page.get_by_label("Code").fill(ada.site.code_for(bob.address, nth=2))
    ada.press("Add it")


def nothing_asked(ada: Somebody) -> None:
    ada.sign_in(f"/sign-in?next={PAGE}/code")


def removing(ada: Somebody) -> None:
    two(ada)
    ada.page.get_by_role("link", name="Remove").first.click()


def the_last_one(ada: Somebody) -> None:
    one(ada)
    number = ada.site.number_of(ada.address)
    ada.open(f"{PAGE}/{number}/remove")


def undoing(ada: Somebody) -> None:
    two(ada)
    ada.site.count(ada.address)
    notice = next(one for one in ada.site.letters(ada.address) if "was added" in one)
    ada.open("/changed/" + notice.partition("/changed/")[2].split()[0])


def undone(ada: Somebody) -> None:
    undoing(ada)
    ada.press("Undo it")


def leaving(ada: Somebody) -> None:
    ada.sign_in("/sign-in?next=/account/delete")


def going(ada: Somebody) -> None:
    leaving(ada)
    ada.press("Delete it in seven days")


def home_of_who_goes(ada: Somebody) -> None:
    going(ada)
    ada.open("/")


ADDRESSES = {
    one: "A code that we send to one of these signs you in.",
    adding: "We send a code there.",
    adding_with_an_error: "Enter an email address or a phone number",
    adding_too_soon: "You can ask again in",
    code: "which counts for nothing yet",
    code_by_text_message: "which counts for nothing yet",
    wrong_code: "That code is not right.",
    two: "It is yours",
    over: "That code no longer works",
    taken: "It was not added",
    nothing_asked: "Nothing is being added here",
    removing: "Remove this address?",
    the_last_one: "This one stays",
    undoing: "have the addresses again that you had before",
    leaving: "Seven days from now",
    going: "Until then nothing changes.",
    home_of_who_goes: "All that is yours here is deleted",
    undone: "You have the addresses again that you had before.",
}
