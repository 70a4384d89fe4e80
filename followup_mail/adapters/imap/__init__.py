"""IMAP behind ports.Mailbox; foreign exceptions end here."""
