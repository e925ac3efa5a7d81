"""Workers report to their own enterprise by a QR inside it, by name or not. Officials see none of it."""
