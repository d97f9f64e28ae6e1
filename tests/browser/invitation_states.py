"""Every state of invitations, for admins and for the invited: how to come there, and its words."""

from tests.browser.admin_states import admin, run
from tests.browser.somebody import Somebody, new_address

PAGE = "/admin/invitations"


def invitations(ada: Somebody) -> str:
    """Have invitations of every kind in the list; return the address of one that is open."""
    admin(ada)
    new = [new_address().replace("@", ".with-a-long-name@") for _ in range(4)]
    ada.open(f"{PAGE}/new")
    ada.page.get_by_label("Whom to invite").fill("\n".join(new))
    ada.page.get_by_label("Groups").fill("office, a-group-with-quite-a-long-name")
    ada.press("Invite them")
    for one, change in zip(
        new,
        ("accepted_at = created_at", "withdrawn_at = created_at", "ends_at = created_at"),
        strict=False,
    ):
        run(ada.site, f"UPDATE invitations SET {change} WHERE key = ?", one)  # noqa: S608
    run(
        ada.site,
        "UPDATE messages SET outcome = 'given_up', error = 'The mail server knows no such box.' "
        "WHERE invitation_id = (SELECT id FROM invitations WHERE key = ?)",
        new[2],
    )
    ada.open(PAGE)
    return new[3]


def inviting(ada: Somebody) -> None:
    admin(ada)
    ada.open(f"{PAGE}/new")


def inviting_with_errors(ada: Somebody) -> None:
    inviting(ada)
    ada.page.get_by_label("Whom to invite").fill("nobody\ndora@")
    ada.press("Invite them")


def not_all_invited(ada: Somebody) -> None:
    inviting(ada)
    ada.page.get_by_label("Whom to invite").fill(f"{ada.address}\n{new_address()}")
    ada.press("Invite them")


def one_invitation(ada: Somebody) -> None:
    invited = invitations(ada)
    ada.page.get_by_role("link", name=f"Send again or withdraw for {invited}").click()


def invited_again(ada: Somebody) -> None:
    one_invitation(ada)
    ada.press("Send it again")


def withdrawn(ada: Somebody) -> None:
    one_invitation(ada)
    ada.press("Withdraw it")


def invited(ada: Somebody) -> str:
    """Follow the link of an invitation in a browser that nobody is signed in with."""
    dora = invitations(ada)
    link = "/invited/" + ada.site.newest(dora).partition("/invited/")[2].split()[0]
    ada.page.context.clear_cookies()
    ada.open(link)
    return link


def accepted(ada: Somebody) -> None:
    invited(ada)
    ada.press("Accept")


def accepted_before(ada: Somebody) -> None:
    link = invited(ada)
    ada.press("Accept")
    ada.open(link)


def invitation_over(ada: Somebody) -> None:
    invited(ada)
    run(ada.site, "UPDATE invitations SET ends_at = created_at")
    ada.page.reload()


def invitation_withdrawn(ada: Somebody) -> None:
    invited(ada)
    run(ada.site, "UPDATE invitations SET withdrawn_at = created_at")
    ada.page.reload()


def link_replaced(ada: Somebody) -> None:
    invited(ada)
    run(ada.site, "UPDATE invitations SET nonce = x'0000000000000000'")
    ada.page.reload()


INVITATIONS = {
    invitations: "Not delivered:",
    inviting: "Each gets a message with a link.",
    inviting_with_errors: "There are 2 problems",
    not_all_invited: "Is a user already",
    one_invitation: "They are not told.",
    invited_again: "It is on its way again.",
    withdrawn: "It is withdrawn, and opens nothing any more.",
    invited: "nothing happens by looking at it",
    accepted: "You are welcome.",
    accepted_before: "This invitation was accepted on",
    invitation_over: "It ran out on",
    invitation_withdrawn: "It was withdrawn.",
    link_replaced: "This link opens nothing any more.",
}
