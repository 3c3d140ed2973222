"""The processes of one node among themselves: where they meet, what they pass on, how they wake each other."""
