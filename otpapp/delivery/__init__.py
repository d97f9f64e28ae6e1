"""Turning a challenge into a mail or a text message, and sending it outside every request."""
