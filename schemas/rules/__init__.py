"""What a draft of the right shape must still satisfy, one file per kind. Each rule yields the problems it finds."""
