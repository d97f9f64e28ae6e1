"""What may happen. No Flask, no clock, no network: time, settings and visitor are arguments."""
