"""Accounts that hypothesis thinks of, as files."""

from tests.documents.data.accounts.whole import accounts

__all__ = ["accounts"]
