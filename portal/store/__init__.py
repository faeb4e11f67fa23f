"""The ground: the database, the one way to change it, and what all tables share."""

from portal.store.action import action, locked, take_turn
from portal.store.base import Base, db
from portal.store.once import put_all_once, put_once
from portal.store.search import Index

__all__ = ["Base", "Index", "action", "db", "locked", "put_all_once", "put_once", "take_turn"]
