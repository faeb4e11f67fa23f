"""What was done, by whom and when: a log that shows if it was changed."""

from portal.audit.actions import record

__all__ = ["record"]
