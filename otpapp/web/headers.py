"""The headers that every answer carries."""

from flask import Flask, Response, request

from otpapp.web.current import settings

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "frame-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    # Not no-referrer: over TLS the CSRF check wants to see where a form came from (X35).
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), otp-credentials=(self)",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
}
FIRST_ERROR = 400
STATIC = ("static", "at_app.static")
ONE_YEAR = 31_536_000  # seconds; ASVS 3.4.1


def init_app(app: Flask) -> None:
    """Have every answer carry them, errors included."""
    app.after_request(add_headers)


def add_headers(answer: Response) -> Response:
    """Add what is missing; a view that set its own keeps it."""
    for name, value in ALWAYS.items():
        answer.headers.setdefault(name, value)
    if settings().is_https:
        answer.headers.setdefault("Strict-Transport-Security", f"max-age={ONE_YEAR}")
    if request.endpoint not in STATIC or answer.status_code >= FIRST_ERROR:
        # X34: neither a cache nor the back button shows a page after sign-out.
        answer.headers["Cache-Control"] = "no-store"
    return answer
