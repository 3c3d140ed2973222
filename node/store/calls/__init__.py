"""Calls for collaboration: what is sought, who answers, whom it fits."""
