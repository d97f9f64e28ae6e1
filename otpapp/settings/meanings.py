"""What each setting means, in the order and under the headings of docs/settings.md."""

MEANINGS = {
    "The site": {
        "secret_key": "signs cookies, seals users' keys",
        "secret_key_fallbacks": "older secret keys, which still open what they sealed",
        "public_url": "where people open this site",
        "site_name": "the name on pages and in messages",
        "mode": "`production` for real people; the others show codes to whoever asks",
        "database_url": "where everything is kept",
        "trusted_proxies": "how many reverse proxies stand in front: so many addresses of "
        "`X-Forwarded-For` are believed",
        "keep_events_days": "for how many days the audit trail is kept",
        "metrics": "a folder where processes count for `/metrics`, one for each site; it belongs "
        "into memory",
    },
    "Who may come in": {
        "sign_up": "who may become a user: anybody, whoever has mail at these domains, or whom "
        "`flask users create` or `flask users invite` lets in",
        "sign_up_domains": "the mail domains, with `domains`",
        "notice_new_browsers": "whether people are told by mail of a sign-in from a browser that "
        "had not signed them in before",
        "passwords": "whether users may choose a password, which is asked before a code is sent",
        "proofs": "what a sign-in must show: one proof, two different ones, or a passkey",
        "proofs_of_admins": "the same for admins, where it is stricter",
    },
    "Mail": {
        "mail_server": "where mail is handed over; required in production",
        "mail_port": "its port",
        "mail_use_tls": "STARTTLS; certificates are verified",
        "mail_use_ssl": "TLS from the first byte; certificates are verified",
        "mail_ca_file": "a file of certificates of an authority of your own",
        "mail_username": "how to sign in there",
        "mail_password": "and its password",
        "mail_default_sender": "the address that codes come from; under the site's name unless it "
        "has one",
        "mail_reply_to": "who reads answers to these mails",
        "mail_code_in_subject": "whether the subject shows the code (lock screens do)",
        "mail_otp_token_header": "adds the experimental `OTP-Token` header",
    },
    "Text messages": {
        "sms_url": "the gateway, an Apprise URL with `{to}` for the number",
        "sms_regions": "countries that text messages may go to",
        "phone_region": "how to read numbers without a country code",
    },
    "Sending": {
        "sender": "`thread`: each server process sends; `none`: only `flask worker` does",
    },
    "The gate": {
        "gate_peers": "the addresses or networks of the proxies that ask the gate",
        "gate_cookie_domain": "one cookie for all apps of this domain in place of one each: any of "
        "them can then act in all others",
        "gate_cache_seconds": "how long nginx may let a browser through without asking again; "
        "signing out acts that much later",
        "gate_signed_header": "adds a signed header to what apps see, for those that trust no "
        "plain one",
    },
    "Codes": {
        "code_digits": "how many digits a code has",
        "code_lifetime": "how long it works",
        "code_tries": "wrong answers before a code is dead",
    },
    "Limits": {
        "limit_sends_per_identifier": "messages an hour to one address or number",
        "limit_sends_per_identifier_per_day": "and a day",
        "limit_sends_per_ip": "messages an hour asked for from one IP address",
        "limit_sends_per_site": "messages a minute in all",
        "limit_failures_per_ip": "wrong codes an hour from one IP address",
        "limit_failures_per_user": "wrong codes a day for one user, from all browsers that never "
        "signed them in",
        "limit_failures_per_known_browser": "and from each browser that did",
        "limit_failures_in_a_row": "wrong codes in a row that close the way in by code",
        "limit_failures_per_site": "wrong codes an hour in all, from where on new codes have 8 "
        "digits",
        "limit_ceremonies_per_ip": "how often an hour a passkey is asked for from one IP address; "
        "each look at the entry page counts",
        "limit_sms_per_day": "text messages a day in all; notices have as many again",
        "limit_sms_unanswered": "and, where sign-up is open, to numbers alike but for the last "
        "four digits, unless codes are typed",
    },
}
# What a text must look like that is neither a word of a list nor a number.
FORMS = {
    "secret_key": "32 random characters or more",
    "secret_key_fallbacks": "the same, with blanks between",
    "public_url": "an origin, as `https://auth.example.org`",
    "site_name": "40 characters at most",
    "database_url": "`sqlite:////folder/file` or `postgresql://user@host/name`",
    "metrics": "a folder from the root on, as `/run/otpapp/metrics`",
    "sign_up_domains": "names with blanks between, as `example.org`",
    "mail_server": "a name or an address",
    "mail_default_sender": "an address, as `codes@example.org`",
    "mail_reply_to": "an address",
    "mail_ca_file": "a file",
    "sms_url": "as `twilio://SID:TOKEN@FROM/{to}`",
    "sms_regions": "codes with blanks between, as `FR DE`",
    "phone_region": "a code, as `FR`",
    "gate_peers": "with blanks between, as `10.0.0.0/8`",
    "gate_cookie_domain": "a name, as `example.org`",
}
# What holds where a field is empty, or has a default that its type does not tell.
REQUIRED = "must be set"
UNSET = {
    "secret_key": REQUIRED,
    "public_url": REQUIRED,
    "database_url": "`instance/otpapp.sqlite3`",
    "mail_server": REQUIRED,
    "mail_port": "587, 465 or 25",
    "mail_default_sender": REQUIRED,
    "mail_ca_file": "the system's",
    "metrics": "no `/metrics`",
}
