"""Events: when and where, who comes, calendars, maps."""
