"""Signing in and out on pages."""
