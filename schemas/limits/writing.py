"""Limits of what people write and publish: drafts, calls, areas and what came of each other."""

# Areas
AREA_NAME_CHARS = 40  # in addresses
AREAS_MOST = 30  # of one hub at its set-up

# Calls: their time, answers to them, and whom they fit
ANSWERS_SHOWN = 500  # to one call, on its owner's desk
CALL_LASTS_SECONDS = 90 * 86_400.0  # without a deadline a call is closed after this
CALL_REMIND_SECONDS = 7 * 86_400.0  # before its end the owner is reminded
CALL_RENEWED_SECONDS = 30 * 86_400.0  # for so long a call with a deadline is renewed
CALLS_TENDED = 100  # reminded of or closed in one round
CALLS_TEND_SECONDS = 3600.0  # between two rounds
MATCH_CALLS = 500  # open calls that are compared with what a member looks for
MATCH_MEMBERS = 5000  # with whose wishes a call is compared
MATCH_RADIUS_KM = 1000  # the farthest somebody may want to go
MATCH_WORDS = 40  # skills of one member
MATCHES_SHOWN = 20  # on a desk and in a letter
THANKED_AT_ONCE = 200  # who answered a call, in one go

# Drafts (what people send to publish)
ACQUAINT_LOOKUPS = 10  # accounts and posts of other servers looked up for one draft
ACQUAINT_SECONDS = 15.0  # for all of them together: somebody is waiting
ALT_CHARS = 1500  # the description of one image
ANSWER_CHARS = 5000  # an answer to a call
ATTACHMENTS = 16  # media of one thing; Mastodon shows the first four
CALL_EFFORT_HOURS = 100_000  # more is a slip
CALL_PLACES = 10_000  # more is a slip
CATEGORIES = 5  # of one event
CONTRIBUTORS = 50  # of one finding
CORRECTIONS = 50  # of one finding; the latest are kept
DRAFT_BYTES = 1_048_576  # one draft as JSON
DRAFT_PROBLEMS = 50  # named in one answer
DOOR_SECONDS = 259_200.0  # a tick at the door may be sent so long after it was made
EVENT_CAPACITY = 1_000_000  # more is a slip
EVENT_DAYS = 366  # the longest event
EVENT_YEARS = 20  # how far from today an event or deadline may lie: zone rules further out are guesses
LINE_CHARS = 300  # a one-line text: summary, scope, effort, contact
MENTIONS = 50  # people named in one text, unlike RECIPIENTS who are named in a field
NAME_CHARS = 200  # a title, a name, a part of an address
ORGANISERS = 20  # organisers and co-hosts together
POLL_HOURS = 8760  # a poll runs for a year at most
POLL_OPTION_CHARS = 100  # one answer of a poll
POLL_OPTIONS = 10  # answers of a poll
POLL_SECONDS_LEAST = 300  # what clients are told; a poll that ends sooner reaches nobody
POST_CHARS = 5000  # a short post, as `lengths.counted` counts
POST_SOURCE_CHARS = 20_000  # the same as it was typed: whole addresses, too
REASONS = 20  # of one finding
RECIPIENTS = 50  # people named as the audience
REPEATS = 60  # dates of one series
SERIES_TELL_SECONDS = 3600.0  # between two looks for dates whose time has come
SERIES_TOLD_AT_ONCE = 20
SERIES_TOLD_DAYS = 35  # ahead of a date of a series its followers hear of it
SENTENCES_CHARS = 1000  # a claim, a reason
SKILLS = 20  # of one call
SOURCES = 50  # of one finding
TAG_CHARS = 100  # one hashtag
TAGS = 30  # of one thing; peers keep no more
TEXT_CHARS = 40_000  # one language version
TEXTS_CHARS = 100_000  # all language versions together: the document stays below what peers take
VERSIONS = 12  # languages of one thing

# The loop (finding → call → event → finding)
LOOP_BRANCHES = 12  # things shown that came of one thing
LOOP_STEPS = 8  # shown in each direction
ORIGINS_OFFERED = 10  # things to choose from that something may have come from
