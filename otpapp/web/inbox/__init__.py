"""Mails and text messages on a page, while developing."""
