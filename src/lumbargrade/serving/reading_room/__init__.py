"""The reading room: experts, blind readers and an adjudicator at work in the browser.

``serve`` opens it, ``app`` puts it together, ``store`` keeps what is given, ``security`` says who
somebody is, ``routes`` are its doors and ``conduct`` follows the reading as it goes. Who may see
what is said by :mod:`lumbargrade.annotation` alone.
"""
