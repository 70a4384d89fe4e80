"""Run the commands as `python -m followup_mail`."""

from followup_mail.cli import main

if __name__ == "__main__":
    main()
