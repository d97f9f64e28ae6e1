"""One-time codes as arithmetic: no database, no Flask, no clock."""
