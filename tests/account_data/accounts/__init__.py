"""Accounts that hypothesis thinks of, as files."""

from tests.account_data.accounts.whole import accounts

__all__ = ["accounts"]
