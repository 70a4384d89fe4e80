"""What stands behind the ports: IMAP, SMTP, letters, secrets. Foreign exceptions end here."""
