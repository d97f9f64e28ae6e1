"""What went wrong with the mail server, in words that say what to do."""

import smtplib
import socket
import ssl

from otpapp.delivery.parcels import NotSent
from otpapp.settings import Settings

CLOSING = 421  # "service not available, closing" (RFC 5321 section 4.2.3)
PERMANENT = 500  # reply codes from here on mean "do not try again" (RFC 5321 section 4.2.1)


def explain(error: Exception, settings: Settings) -> NotSent:
    """Return the reason as NotSent; final only where another try could not help."""
    where = f"{settings.mail_server}:{settings.mail_port}"
    if isinstance(error, UnicodeError):
        return NotSent("OTPAPP_MAIL_SERVER, _USERNAME or _PASSWORD holds letters it cannot take.")
    if isinstance(error, ssl.SSLCertVerificationError):
        why = error.verify_message.rstrip(".")
        return NotSent(f"The certificate of {where} is not valid: {why}.")
    if isinstance(error, ssl.SSLError):
        return NotSent(f"{where} does not speak TLS there; check OTPAPP_MAIL_USE_SSL and the port.")
    if timed_out(error):
        return NotSent(f"{where} did not answer in time.")
    if isinstance(error, smtplib.SMTPException):
        return _smtp(error, where)
    if isinstance(error, socket.gaierror):
        return NotSent(f"There is no mail server called {settings.mail_server}.")
    if isinstance(error, ConnectionRefusedError):
        return NotSent(f"Nothing listens at {where}.")
    return NotSent(f"The connection to {where} broke ({type(error).__name__}).")


def timed_out(error: Exception) -> bool:
    """Say whether nobody answered; smtplib calls that a disconnection."""
    return isinstance(error, TimeoutError) or (
        isinstance(error, smtplib.SMTPServerDisconnected)
        and isinstance(error.__context__, TimeoutError)
    )


def has_hung_up(error: Exception) -> bool:
    """Say whether the server was gone, or is going, before it could take anything."""
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code == CLOSING
    return isinstance(error, (smtplib.SMTPServerDisconnected, ConnectionError)) and not timed_out(
        error
    )


def _smtp(error: smtplib.SMTPException, where: str) -> NotSent:
    if isinstance(error, smtplib.SMTPNotSupportedError):
        what = "no STARTTLS" if "STARTTLS" in str(error) else "no sign-in on this connection"
        return NotSent(f"{where} offers {what}, so nothing was sent; check OTPAPP_MAIL_USE_TLS.")
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return NotSent(f"{where} refused the user name or password ({error.smtp_code}).")
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(error.recipients.values()))
        return _refused(f"{where} refused the receiver", code, said)
    if isinstance(error, smtplib.SMTPSenderRefused):
        words = f"{where} refused the sender; check OTPAPP_MAIL_DEFAULT_SENDER ({error.smtp_code})."
        reason = NotSent(words, said=_text(error.smtp_error))
        reason.is_ours = True
        return reason
    if isinstance(error, (smtplib.SMTPConnectError, smtplib.SMTPHeloError)):
        return NotSent(
            f"{where} takes no mail now ({error.smtp_code}).", said=_text(error.smtp_error)
        )
    if isinstance(error, smtplib.SMTPResponseException):
        return _refused(f"{where} refused the message", error.smtp_code, error.smtp_error)
    if "authentication" in str(error):
        return NotSent(f"{where} offers no way to sign in with a user name and a password.")
    return NotSent(f"{where} hung up.")


def _refused(words: str, code: int, said: bytes | str) -> NotSent:
    return NotSent(f"{words} ({code}).", said=_text(said), final=code >= PERMANENT)


def _text(said: bytes | str) -> str:
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else said
