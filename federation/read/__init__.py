"""Normalised documents of other servers → what they say, checked, sanitised and bounded; one file per shape.

    read.activity(normalise.document(raw))

Every function here raises BadDocument (refused) or Unwanted (ignored) and nothing else, whatever it is given."""

from federation.read.activity import activity
from federation.read.actor import actor
from federation.read.errors import BadDocument, Unwanted
from federation.read.thing import carried, thing

__all__ = ["BadDocument", "Unwanted", "activity", "actor", "carried", "thing"]
