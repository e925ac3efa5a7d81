"""The named cast of the local demo."""

#: Usernames of the demo accounts, in the order in which they are shown.
ACCOUNTS = (
    "bureau",
    "mayor",
    "chengdong",
    "fire",
    "inspector",
    "inspector2",
    "gridofficer",
    "enterprise",
    "principal",
    "rival",
    "auditor",
    "admin",
)
