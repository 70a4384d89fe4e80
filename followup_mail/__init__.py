r"""A background worker that puts interview follow-ups into its owner's own Drafts mailbox.

The walk of one message, one way through the house:

    octets → Message → Facts → Case → actions → Draft → \Drafts

`core` decides and knows no clock, disk, network or chance; `cycle` acts on what it decided through the
protocols of `ports`; `adapters` stand behind those ports; `store` is the ledger; `cli` and `daemon` are the
doors, and the only places where the clock is read.
"""

__version__ = "0.1.0"
