"""Limits of what is read out of other servers' documents."""

# Reading (what documents of other servers hold)
READ_ALIASES = 50  # other names an actor claims
READ_ALT_CHARS = 10_000  # the description of one medium (Mastodon's number)
READ_BLURHASH_CHARS = 100  # nine by nine components need no more
READ_CONTENT_CHARS = 200_000  # one language version
READ_COUNT = 10_000_000  # voters, guests, places: a number above is no number
READ_EMOJI = 100  # custom emoji of one text
READ_FIELDS = 50  # of a profile (Mastodon's number)
READ_FLAGGED = 100  # objects of one report
READ_HANDLE_CHARS = 320  # name@host
READ_LINE_CHARS = 2048  # a name, a title, a field (Mastodon's number)
READ_LINKS = 50  # of one thing
READ_MENTIONS = 200  # of one thing
READ_MESSAGE_CHARS = 5000  # what comes with a report or an answer (Mastodon's number)
READ_OPTIONS = 500  # answers of a poll (Mastodon's number)
READ_PIXELS = 65_535  # one side of a medium
READ_RECIPIENTS = 500  # addresses in `to` and in `cc`
READ_SHORTCODE_CHARS = 64  # of a custom emoji (FEP-9098)
READ_SUMMARY_CHARS = 20_000  # a biography, an abstract, a warning (Mastodon's number)
READ_YEARS = (1900, 2200)  # a date outside is a slip
SANITISE_DEPTH = 200  # tags inside each other
SANITISE_MARKS = 20_000  # tags and character references of one text; parsing them is the dear part
SANITISE_PASSES = 8  # until a text of HTML no longer changes; what goes on longer becomes plain text
SANITISE_TAG_CHARS = 5000  # one tag with its attributes
SANITISED_CHARS = 1_000_000  # of HTML once cleaned: misnested tags multiply
