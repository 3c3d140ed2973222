"""Sentences in the reader's language: days and amounts, notices, entries of the log, names of things."""
