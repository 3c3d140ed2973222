"""Every limit of the node, by subject: bytes, counts, characters and seconds. Nothing is bounded by a number
written elsewhere; keep subjects, and names inside a subject, in alphabetical order, each with its reason."""

# Accounts and sessions
ACCOUNTS_ASKED = 100  # named in one request of a client
ALIASES = 10  # former accounts that an actor names, so that they may move here
ACCOUNT_NAME_CHARS = 30  # what stands before the @; other programs cut longer ones
CONFIRM_AGAIN_COUNT = 5  # letters that confirm one account's address, in CONFIRM_AGAIN_SECONDS
CONFIRM_AGAIN_SECONDS = 3600.0
CONFIRM_SECONDS = 259_200.0  # the link in such a letter works for three days
EMAIL_CHARS = 254  # the longest address that mail can carry
MANDATE_DAYS = 730  # the term of an office: nobody holds one for ever
PASSKEYS = 10  # of one account
PASSKEY_CHARS = 8192  # what a browser answers about one, as JSON
PASSKEY_NAME_CHARS = 60  # what its owner calls it
PASSWORD_CHARS_LEAST = 10  # length is what makes a password strong (NIST SP 800-63B)
PASSWORD_CHARS_LEAST_TRIAL = 8  # where anybody may sign up for a trial, as client suites do
PASSWORD_CHARS_MOST = 256  # hashing more is work for nothing
PASSWORD_HASH_KIBIBYTES = 19_456  # memory one Argon2id hash takes (OWASP's figures for one lane)
PASSWORD_HASH_PASSES = 2  # times it walks through that memory
PENDING_SECONDS = 600.0  # after the password, for the second factor
PENDING_TRIES = 5  # second factors one account may try in SIGN_IN_SECONDS
RECOVERY_CODES = 10  # handed out together
RECOVERY_CODE_CHARS = 16  # of an alphabet of 31: 79 bits, which nobody finds out of a hash
RESET_COUNT = 5  # forgotten passwords of one account, or from one network, in RESET_COUNT_SECONDS
RESET_COUNT_SECONDS = 3600.0
RESET_SECONDS = 3600.0  # the link that sets a new password works for an hour
SESSION_AGENT_CHARS = 120  # of the User-Agent, shown in the list of sessions
SESSION_DAYS = 30  # a session unused for so long ends
SESSION_DAYS_MOST = 180  # any session ends after so long
SESSION_SEEN_SECONDS = 3600  # its last use is written down at most so often
SIGN_IN_COUNT = 10  # attempts for one account from one network in SIGN_IN_SECONDS
SIGN_IN_COUNT_ACCOUNT = 50  # and from everywhere together
SIGN_IN_COUNT_NETWORK = 100  # and from one network for whatever accounts: many people may share one
SIGN_IN_SECONDS = 900.0
SIGN_UP_COUNT = 5  # accounts made from one network in SIGN_UP_SECONDS
SIGN_UP_SECONDS = 1800.0
APPLICATION_ANSWER_CHARS = 2000  # to one question of the hub
APPLICATION_KEPT_DAYS = 90  # after the decision
APPLICATION_NOTES_CHARS = 5000
INVITATION_CODE_BYTES = 16  # 128 bits, which nobody guesses
INVITATION_DAYS = 90  # one holds at most
INVITATION_PLACES = 200  # of one that a steward makes
INVITATION_QUOTA_DAYS = 30  # in which a member gives away the hub's quota of places
INVITATIONS_SHOWN = 100
MEMBERS_CSV_BYTES = 400_000  # of a file that is taken into the register
MEMBERS_CSV_ROWS = 5000
REGISTER_KEPT_DAYS = 3653  # an entry of who left and is owed something, if no other day was set
MEMBER_NOTES_CHARS = 5000
MEMBER_NUMBER_CHARS = 40
SHARES_MOST = 1_000_000  # of one member
EDITORS_MOST = 100  # of one organisation
ORGANISATIONS_MOST = 200  # that a hub makes
PROOF_BITS = 15  # of a digest that have to be zero: some 32,000 tries of a browser, about a second
PROOF_SECONDS = 7200.0  # a proof of work counts for so long
SIGN_UP_DOMAINS = 500  # mail domains that a hub adds to the list of those to throw away, or takes from it
SIGN_UP_LETTER_CHARS = 2000  # of the hub's own words in the letter about an application
SIGN_UP_QUESTIONS = 5  # that a hub asks
SIGN_UP_QUOTA = 100  # places that a member may give away
TOKEN_NAME_CHARS = 100  # what its owner calls a token
TOTP_SECONDS = 30  # one code of an authenticator app (RFC 6238)
TOTP_STEPS = 1  # its clock may be off by so many of these

# Addresses
ADDRESS_BYTES = 2048  # the longest URL we read, store or call
ADDRESSES_CACHED = 2048  # of these, read lately, that a process keeps: a few MiB at most
HOST_CHARS = 253  # the longest name DNS knows
HOST_LABEL_CHARS = 63  # the longest part between two dots

# Apps
APP_NAME_CHARS = 60  # what an app calls itself
APP_RATE_COUNT = 30  # apps registered from one network in APP_RATE_SECONDS: every app of every device is one
APP_RATE_SECONDS = 600.0
APP_UNUSED_SECONDS = 5_184_000.0  # an app by which nobody came for 60 days is forgotten
CODE_KEPT_SECONDS = 86_400.0  # a code that comes again in this time ends the token it led to
CODE_SECONDS = 600.0  # an authorization code is good for so long (RFC 6749, 4.1.2: ten minutes at most)
CODE_CHALLENGE_CHARS = 43  # SHA-256 in base64url (RFC 7636, 4.2)
OAUTH_VALUE_CHARS = 4096  # of one parameter: a state may be long
REDIRECT_URI_CHARS = 2000
REDIRECT_URIS = 20  # of one app
TOKEN_KEPT_SECONDS = 2_592_000.0  # a token that ended is forgotten after 30 days
TOKEN_RATE_COUNT = 60  # requests for tokens from one network in TOKEN_RATE_SECONDS
TOKEN_RATE_SECONDS = 300.0

# Answers to events
ATTENDEES_SHOWN = 500  # answers on one page of the organisers
ATTENDEES_TOLD = 50  # in one transaction
COMPANIONS = 20  # who come along with one answer, at most
IMPORT_BLOCKS = 50  # descriptions looked at in one page
EVENT_IMPORT_BYTES = 1_048_576  # of a page or calendar from which an event is taken over
ACCESS_NOTE_CHARS = 1000  # what is said of the access to a place
PLACE_EVENTS_TOLD = 20  # coming events of a place that are told anew when its access is described
UID_CHARS = 300  # of an event in a calendar; a longer one is not kept
UID_CHARS_LEAST = 8  # a shorter one, such as 1, is no name that the whole world can know an event by
IMPORT_DEPTH = 200  # elements of a page within each other, when an event is taken over from it
IMPORT_ELEMENTS = 30_000  # of a page, looked through for events
IMPORT_EVENTS = 30  # offered of one calendar
IMPORT_RATE_COUNT = 30  # addresses looked at for one account, and how fast
IMPORT_RATE_SECONDS = 3600.0
MESSAGE_CHARS = 2000  # of what organisers write to those who come
QUESTION_CHARS = 500  # of a question and of an answer to it
QUESTION_OPTIONS = 20  # of a choice
QUESTIONS = 8  # that an event asks
REMINDER_AHEAD_SECONDS = 86_400.0  # before the start those who come are reminded
REMINDER_FRESH_SECONDS = 43_200.0  # who answered less long ago needs no reminder
REMINDER_SECONDS = 600.0  # between two looks for whom to remind
RSVP_ERASED_WEEKS = 4  # after an event, mail addresses and answers to its questions are erased
RSVP_MAIL_COUNT = 3  # mails that strangers may cause to one address, and how fast
RSVP_MAIL_SECONDS = 3600.0
RSVP_RATE_COUNT = 10  # answers without an account from one network, and how fast
RSVP_RATE_SECONDS = 3600.0
RSVP_REQUEST_SECONDS = 3 * 86_400.0  # for so long the link in the mail makes the answer count

# Areas
AREA_NAME_CHARS = 40  # in addresses
AREAS_MOST = 30  # of one hub at its set-up

# Back-fill of an actor newly followed
BACKFILL_EVENTS = 40  # upcoming events
BACKFILL_FEATURED = 5  # pinned things
BACKFILL_ITEMS = 20  # of the newest posts
BACKFILL_PAGES = 3  # of each collection

# What stewards are told about the node
ALARM_CACHE_DAYS = 7  # copies looked at within these days should not have to go for want of room
ALARM_CACHE_SHARE = 0.9  # of the room for copies: from here on it is looked at how soon they go
ALARM_MAIL_DAYS = 7  # letters refused within these days count
ALARM_MAIL_SECONDS = 3600.0  # a letter that waits longer with an error says that the mail server is away
ALARM_SECONDS = 600.0  # between two looks
JOURNAL_DAYS = 14  # lines about what went wrong inside the node are kept so long
JOURNAL_GATHERED = 500  # lines between two writes; the rest is not written down
JOURNAL_LINES = 10_000  # lines, whatever their age
JOURNAL_WORD_CHARS = 120  # of each word of a line

# Back-ups
BACK_UP_OLD_DAYS = 3  # without one the panel warns
BACK_UPS_KEPT = 7  # files of those that the node makes by itself
BACK_UPS_NOTED = 60  # of which it is known what came of them
BACKUP_CHUNK_BYTES = 1_048_576  # copied at once
BACKUP_MANIFEST_BYTES = 67_108_864  # the list of what a back-up holds: some hundred thousand media files

# Circuit breaker per host
BREAKER_CONNECT_FAILURES = 3  # a host that cannot even be connected to is given up sooner
BREAKER_FAILURES = 10  # this many failures within the window open the breaker
BREAKER_PROBE_CEILING_SECONDS = 21_600.0  # the longest wait between two probes of a dead host
BREAKER_PROBE_LEASE_SECONDS = 120.0  # a probe without a result for so long was lost with its worker
BREAKER_PROBE_SECONDS = 15.0  # the first wait before a probe, by which a peer that restarts is back; then it doubles
BREAKER_WINDOW_SECONDS = 60.0  # failures older than this do not count together

# Collections of other servers
COLLECTION_ITEMS = 500  # items taken from one walk
COLLECTION_PAGES = 50  # pages asked for in one walk
COLLECTION_SECONDS = 300.0  # no further page is asked for after this

# Database
DATABASE_ANSWER_SECONDS = 4.0  # a database that does not answer for so long is asked over a new connection, then away
DATABASE_CONNECTIONS = 10  # of one process, apart from its direct ones
DATABASE_CONNECTIONS_TOGETHER = 80  # of all processes of one machine; with many of them, each has fewer
DATABASE_CONNECT_SECONDS = 10.0  # a database that starts together with the node is waited for so long
DATABASE_HOST_SECONDS = 3.0  # one of several hosts that does not answer for so long is passed over
DATABASE_IDLE_SECONDS = 60  # a transaction in which nothing happens is ended
DATABASE_LOG_BYTES = 4_194_304  # of the embedded server's log; then it is put aside, one back
DATABASE_LOG_SHOWN_BYTES = 2000  # of it, in an error
DATABASE_KEPT_FREE = 3  # connections of a process that work in the background leaves to readers
DATABASE_KEEPALIVE_SECONDS = 15  # silence before the server asks whether a process elsewhere lives
DATABASE_POOL_SECONDS = 10.0  # the longest wait for a free connection
DATABASE_PULSE_SECONDS = 2.0  # between two looks whether the database answers
DATABASE_SERVER_CONNECTIONS = 200  # the embedded server takes, from all processes together
DATABASE_START_SECONDS = 120.0  # a hang guard: replaying the journal after a crash is waited for
DATABASE_STATEMENT_SECONDS = 30.0  # one statement of a request or a job
DATABASE_STOP_SECONDS = 60.0  # a hang guard: the last write-out before the embedded server ends
LISTENER_RETRY_SECONDS = 5.0  # the longest wait between two attempts to listen again

# Deliveries
DELIVERY_ANSWER_BYTES = 4096  # of an answer's body; it is read only so that the connection can be kept
DELIVERY_ANSWER_SECONDS = 2.0  # the wait for that body
DELIVERY_HORIZON_SECONDS = 604_800.0  # an activity that found no way in a week is given up
DELIVERY_SECONDS = 30.0  # one delivery, every knock included
RETRY_AFTER_SECONDS = 86_400.0  # the longest wait a peer may ask of us

# Demo
DEMO_POLL_SECONDS = 0.25  # between two looks whether something has arrived
DEMO_REQUEST_SECONDS = 30.0  # one request to a hub of the demo; the first look-up of a stranger is in it
DEMO_STOP_SECONDS = 40.0  # a hub of the demo may write out its data for so long before it is killed
DEMO_WAIT_SECONDS = 90.0  # a hang guard: what has not arrived by then will not

# Discovery
DISCOVERY_BYTES = 65_536  # one WebFinger or NodeInfo answer
DISCOVERY_LINKS = 100  # links read of one answer
HANDLE_NAME_CHARS = 128  # what stands before the @
LOOKUP_RATE_COUNT = 30  # addresses one member may have looked up in LOOKUP_RATE_SECONDS
LOOKUP_RATE_SECONDS = 300.0
LOOKUP_SECONDS = 60.0  # from a handle to a confirmed actor
NODEINFO_DAYS = 7  # between two looks at what another server runs
NODEINFO_TEXTS = 20  # of each list of texts there
NODEINFO_TEXT_CHARS = 500  # of each text a peer says about itself

# Doctor
CLOCK_WARN_SECONDS = 30.0  # clocks this far apart get a warning
CLOCK_WRONG_SECONDS = 300.0  # from here on some servers refuse what we sign
CHECK_UPS_KEPT = 10  # of those that were asked for in the panel
CHECK_UP_SECONDS = 600.0  # after that one that did not end is said to be lost
DISK_WARN_BYTES = 2_147_483_648  # less free room than this is said
DISK_WRONG_BYTES = 268_435_456  # PostgreSQL stops when there is none left
DOCTOR_SECONDS = 15.0  # the wait for one answer of the hub, the mail server or DNS
DOCTOR_HOSTS = 5  # of those that fail, named
MIRROR_BYTES = 65_536  # of what comes back through the public address
QUEUE_WARN_SECONDS = 900.0  # what waits longer than this is stuck, or nobody works it off

# Faults
CLOCK_CALM_SECONDS = 900.0  # after a jump of the clock nothing is thrown away because of its age for so long
DISK_STOP_BYTES = 67_108_864  # with less room nothing new is taken, so that the database need not stop
NAMES_FAILING = 3  # different names that cannot be looked up, none of them in between: it is our own name server
NAMES_RETRY_SECONDS = 30.0  # what is owed to others waits so long while names cannot be looked up
VITALS_SECONDS = 5.0  # between two looks at disk, clock and names

# Documents (JSON from anywhere)
DOCUMENT_BYTES = 1_048_576  # one ActivityPub document, before and after decompression
DOCUMENT_LIST_ITEMS = 1000  # a list as long as this is an attack, not a document
DOCUMENT_NESTING = 16  # ActivityStreams things inside each other
DOCUMENT_SECONDS = 60.0  # one document, every knock and the second look at its id included
JSON_DEPTH = 64  # objects and lists inside each other
JSON_MEMBERS = 50_000  # objects, lists and commas together
JSON_NUMBER_CHARS = 64  # digits of one number

# Documents we serve
COLLECTION_PAGE_ITEMS = 40  # items of one page of a collection
DOCUMENT_CACHE_SECONDS = 60  # how long a cache may keep a public document
ID_DIGITS = 19  # of an id of ours in an address
KNOWN_HUBS_SERVED = 500  # other hubs that the collection names
NODEINFO_CACHE_SECONDS = 1800
WEBFINGER_CACHE_SECONDS = 600

# Getting to know others
ACTOR_FRESH_SECONDS = 86_400.0  # an actor seen within a day is not asked for again
FORWARDED_COUNT = 300  # ids a host may have us look up, by sending what it has not written, in FORWARDED_SECONDS
FORWARDED_SECONDS = 300.0
KEYS_KEPT = 5_000  # public keys a process keeps ready
KEYS_KEPT_SECONDS = 60.0  # how long it does before it looks into the database again
KEY_FETCHES = 64  # key look-ups under way at the same time
KEY_FETCHES_PER_HOST = 4  # of these at one host
KEY_FETCH_COUNT = 300  # key look-ups at one host in KEY_FETCH_SECONDS
KEY_FETCH_SECONDS = 300.0
KEY_REFETCH_SECONDS = 300.0  # a key that does not verify is asked for again unless it is younger than this
KEY_SECONDS = 10.0  # one key look-up: the sender waits for our answer meanwhile
THREAD_DEPTH = 20  # posts followed upwards from an answer

# Followers synchronisation (FEP-8fcf)
SYNC_COUNT = 4  # comparisons one actor may cause in SYNC_SECONDS
SYNC_FOLLOWERS = 10_000  # of one server: with more nothing is compared
SYNC_PAGES = 10
SYNC_REPAIRS = 200  # of one kind at a time
SYNC_SECONDS = 3600.0
SYNC_YOUNG_SECONDS = 600.0  # a follow accepted so lately may not be in the other side's list

# Hubs that tell of hubs
HUBS_READ_AT_ONCE = 20  # lists of approved hubs asked for in one round of chores
HUBS_READ_DAYS = 7  # between two looks at the list of one
HUBS_READ_ITEMS = 500  # of one list
HUBS_READ_NEW = 50  # of one list that we had not heard of, at one look
HUBS_READ_PAGES = 15
HUBS_SUGGESTED_PER_DAY = 10  # by one actor

# Incoming HTTP
ACCEPTED_LANGUAGES = 20  # languages read of an Accept-Language header
ACCEPTED_TYPES = 20  # media types read of an Accept header
AWAY_RETRY_SECONDS = 30  # after which to ask again while the database is away
GIVE_WAY_SECONDS = 0.1  # what other servers sent waits so long at most while readers are answered
INBOX_AT_WORK = 16  # messages of those under way that are read and checked at the same time
INBOX_HELD = 4096  # messages that are to come again and are told so only after INBOX_HOLD_SECONDS, to be sent slower
INBOX_HOLD_SECONDS = (1.0, 3.0)
INBOX_OF_ONE = 64  # of these under way from one address
INBOX_OPEN = 128  # messages of other servers under way in one process, those included that are still being sent
INBOX_RETRY_SECONDS = (10, 60)  # after which to send again what there was no room for
INBOX_RATE_COUNT = 6000  # activities one address may send in INBOX_RATE_SECONDS; a big server's burst fits
INBOX_RATE_SECONDS = 60.0
LOG_AGENT_CHARS = 120  # of the User-Agent in an access line
LOG_PATH_CHARS = 200  # of the path there
LOG_VALUE_CHARS = 4000  # of any other text in a log line; a traceback fits
PRECEDENCE_SECONDS = 1.0  # others give way to one request for so long at most
PARAMETER_DEPTH = 6  # brackets in the name of a client's parameter: a[b][0][c]
PARAMETERS = 1000  # in one request of a client
RATE_IPV6_PREFIX = 64  # one customer has at least these addresses
RATE_KEYS = 20_000  # askers a process remembers; the one unseen for longest is forgotten first
ID_MOST = 2**63 - 1  # of our ids; a longer number in a path or cursor is nobody's
CLIENT_RATE_COUNT = 300  # calls of one token, or of one address without a token, in CLIENT_RATE_SECONDS
CLIENT_RATE_COUNT_ACCOUNT = 1500  # calls with all tokens of one account in CLIENT_RATE_SECONDS
CLIENT_RATE_SECONDS = 300.0
IDEMPOTENCY_HOURS = 24  # how long an answer is kept for a repeated request
IDEMPOTENCY_KEY_CHARS = 200  # of the key a client gives
REQUEST_BYTES = 1_048_576  # the body of a form or an API call; uploads of media have their own limit
REQUEST_KEEPALIVE_SECONDS = 75.0  # an idle connection to us lives so long
REQUEST_RATE_COUNT = 600  # other requests of one address in REQUEST_RATE_SECONDS
REQUEST_RATE_SECONDS = 60.0

# Keys
ACTOR_KEYS = 10  # entries read of each of an actor's key lists (Mastodon's number)
MULTIBASE_CHARS = 256  # of an Ed25519 key (48) or signature (88), with room; decoding is quadratic
PRIVATE_KEYS_CACHED = 1024  # keys of our own actors that a process keeps ready
PUBLIC_KEY_PEM_CHARS = 8192  # an RSA-8192 key has about 1500
RSA_EXPONENT_BITS = 33  # a larger exponent makes each check slow
RSA_KEY_BITS_LEAST = 2048  # weaker keys can be broken
RSA_KEY_BITS_MOST = 8192  # larger ones make each check slow

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

# Keeping for oneself (lists, tags, filters of client apps)
FEATURED_TAGS = 10  # of one actor
FILTERS = 100  # of one actor
FILTER_KEYWORDS = 200  # of one filter
FILTER_KEYWORD_CHARS = 512
FILTER_POSTS = 1000  # of one filter
FILTER_TEXT_CHARS = 20_000  # of one post that filters look at
FILTER_TITLE_CHARS = 256
FOLLOWED_TAGS = 500  # by one actor
LIST_MEMBERS = 2000  # of one list
LIST_TITLE_CHARS = 256
LISTS = 50  # of one actor

# Statuses of client apps
CARD_BYTES = 4_194_304  # the largest page that is asked what it says of itself
CARD_HEAD_BYTES = 262_144  # of it are read at most
CARD_KEPT_SECONDS = 1_209_600.0  # a page is asked again what it says of itself after this
CARD_TEXT_CHARS = 500  # of what a page says of itself
CARD_WAIT_SECONDS = 20.0  # the longest time after which a page that others link to is asked: not all hubs at once
IDEMPOTENCY_SECONDS = 3600.0  # the same request sent again within this gives what the first one made
PINNED_POSTS = 5  # by one actor here
SCHEDULED_AHEAD_SECONDS = 300.0  # the least time from now for which a post can be planned
SCHEDULED_POSTS = 300  # that one actor has planned
STATUSES_ASKED = 40  # by their ids in one request
URL_COUNTS_AS = 23  # characters of a text, however long the address is

# The loop (finding → call → event → finding)
LOOP_BRANCHES = 12  # things shown that came of one thing
LOOP_STEPS = 8  # shown in each direction
ORIGINS_OFFERED = 10  # things to choose from that something may have come from

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

# Lists
PAGE_ITEMS = 20  # on a page if nobody asks for another number
PAGE_ITEMS_MOST = 100  # however many are asked for
ACTIVITY_WEEKS = 12  # of which the numbers are told
PEERS_TOLD = 5000  # servers named to everybody
PEOPLE_ITEMS = 40  # accounts on a page of a client, if it asks for no other number
PEOPLE_ITEMS_MOST = 80  # however many it asks for
PEOPLE_OFFSET = 10_000  # no list of people is walked further by counting
WALKED_MORE = 60  # posts of a client's timeline that are looked at beyond those a page needs: some do not stand in it

# Mail
DIGESTS_AT_ONCE = 500  # weekly letters written in one go; the next ones a while later
DIGEST_AHEAD_SECONDS = 1_814_400.0  # the meetings of the next three weeks
DIGEST_CALLS_SECONDS = 2_419_200.0  # open calls of the last four
DIGEST_HOUR = 17  # on Thursdays, before the weekend, unless its reader wants another time
DIGEST_ITEMS = 8  # of a kind in one weekly letter
DIGEST_LOOK_SECONDS = 300.0  # between two looks whose letter is due
DIGEST_WEEKDAY = 4
MAIL_ATTACHMENT_BYTES = 5_000_000  # of one letter together; many mail servers take no more than 10 MB, in base64
MAIL_HORIZON_SECONDS = 432_000.0  # a letter that the mail server puts off for so long is refused (RFC 5321, 4.5.4.1)
MAIL_KEPT_SECONDS = 2_592_000.0  # what was sent or refused is listed for a month
MAIL_PASSWORD_CHARS = 500  # of the login at the mail server; some are long tokens
MAIL_PAUSE_SECONDS = 5.0  # the shortest wait for a mail server that does not answer; it doubles each time
MAIL_PAUSE_SECONDS_MOST = 300.0
MAIL_SECONDS = 60.0  # one letter, or one greeting; less than its lease
MAIL_SUBJECT_CHARS = 200  # of a subject; telephones show some 40
NOTICE_MAIL_GAP_SECONDS = 14_400.0  # between two letters about notices of one kind: nobody is flooded
NOTICE_MAIL_ITEMS = 10  # notices in one letter
NOTICE_MAIL_LOOK_SECONDS = 60.0  # between two looks who should be written to
NOTICE_MAIL_OLD_SECONDS = 172_800.0  # older notices are for the page, and for the weekly letter
NOTICE_MAIL_WAIT_SECONDS = 600.0  # whoever is here sees a notice before that

# Media
ANIMATION_FRAMES = 500  # an animation that is longer becomes a still picture
ANIMATION_PIXELS = 40_000_000  # of all its frames together, as it is kept; a larger one is made smaller
ANIMATION_PIXELS_READ = 400_000_000  # of all frames as they came; beyond, it becomes a still picture
BLURHASH_SIDE = 32  # pixels from which the blurred stand-in of a picture is made
FILM_CPU_SECONDS = 480  # two cores for as long as a film may take
FILM_FRAMES_PER_SECOND = 60  # of a film that is converted
FILM_MEMORY_BYTES = 3_221_225_472  # address space of the process that converts one
FILM_PIXELS = 9_000_000  # of one frame: 4K
FILM_SECONDS = 230.0  # to convert one: it ends before the job does
FILM_SIDE = 1280  # pixels, the longer side of a film that is converted
ICON_PIXELS = 16_384  # of a drawing so small that it stays sharp in every colour
IMAGE_BYTES = 20_971_520  # one picture
IMAGE_CPU_SECONDS = 40  # to process one
IMAGE_MEMORY_BYTES = 1_610_612_736  # address space of the process that does it
IMAGE_PIXELS = 64_000_000  # of one picture; today's telephones make 50 million
IMAGE_SECONDS = 60.0  # to process one
MEDIA_ANSWER_BYTES = 8192  # what the process that looks at a file may say
MEDIA_ANSWER_STEP_SECONDS = 0.5  # between two looks whether an upload is ready
MEDIA_ANSWER_WAIT_SECONDS = 25.0  # an old client that uploads a film is kept waiting for so long
MEDIA_AT_ONCE = 2  # pictures processed at the same time in one process; of films it is one
MEDIA_CACHE_BYTES = 10_737_418_240  # copies of other servers' files, all together, if no setting says otherwise
MEDIA_BYTES = 41_943_040  # one file
MEDIA_CHUNK_BYTES = 1_048_576  # copied at once
MEDIA_EVICTED = 500  # files of other servers removed in one go
MEDIA_HEAD_BYTES = 4096  # from which we tell what a file is
MEDIA_MINUTES = 180  # the longest sound or film
MEDIA_SECONDS = 120.0  # one file of another server, from the first byte sent to the last received
MEDIA_SWEEP_SECONDS = 86_400.0  # between two looks for files that nobody needs
MEDIA_TRIM_SECONDS = 3600.0  # between two looks whether copies take too much room
MEDIA_UNUSED_SECONDS = 1_209_600.0  # a file of another server that nobody looked at for so long is removed here
MEDIA_UPLOAD_SECONDS = 86_400.0  # an upload that is attached to nothing for so long is removed
MEDIA_USED_SECONDS = 86_400.0  # that somebody looked at a file is written down at most so often
MEDIA_WAIT_SECONDS = 30.0  # a film that finds another one being converted tries again after this
PAPER_BYTES = 20_971_520  # one document: PDF, text, table, slides
COPY_WIDTHS = (480, 960, 1600)  # pixels, of the smaller copies of a picture of ours, for browsers to choose from
COPY_WIDTHS_ICON = (96, 192)  # of an avatar
COPY_WIDTHS_REMOTE = (960,)  # of the copy of another server's picture, beside its small version
SIDE_BANNER = 1500  # pixels, the longer side of a picture as it is kept: of a profile's banner
SIDE_ICON = 400  # of an avatar
SIDE_IMAGE = 2560  # of any other
SIDE_PREVIEW = 640  # of the small version
UPLOADS_COUNT = 120  # files one account may upload in UPLOADS_SECONDS
UPLOADS_SECONDS = 3600.0
UPLOAD_REQUEST_BYTES = 44_040_192  # a form with files: MEDIA_BYTES and what stands around them

# Members' own pages (timeline, calendar, data, leaving)
CALENDAR_SECRET_BYTES = 16  # in the address of a member's own calendar: 128 bits
CALENDAR_MINE_EVENTS = 500  # in a member's own calendar
CONCERNED_ACTORS = 5000  # of other servers who are told that a member is gone
CSV_CELL_CHARS = 2000  # of one cell of a file that a member brings along
EXPORT_AT_ONCE = 500  # rows of one kind read at once into a member's export
EXPORT_BYTES = 2_147_483_648  # a member's export; media beyond are left out, and the export says so
EXPORT_DAYS = 7  # it can be fetched for so long
EXPORT_PAUSE_SECONDS = 3600.0  # between two exports of one member
EXPORT_ROWS = 100_000  # of one kind in a member's export
IMPORT_BYTES = 5_242_880  # a file of follows, blocks, mutes or bookmarks that a member brings along
IMPORT_KEPT_DAYS = 30  # what became of each of its rows is kept for so long
IMPORT_LOOKUPS = 100  # asked of other servers by one step of an import
IMPORT_HOSTS = 2000  # servers one import may ask in all
IMPORT_OPEN = 3  # imports of one member that are under way
IMPORT_PAUSE_SECONDS = 5.0  # between two steps
IMPORT_ROWS = 10_000  # of one file
IMPORT_ROWS_AT_ONCE = 100  # of one step
IMPORT_SHOWN = 200  # rows in a preview, and of those that did not work in a report
LEAVING_DAYS = 7  # for so long a member can take back that the account is to be deleted
NEEDS_SHOWN = 20  # things on a desk that wait for its owner
ROLE_ENDS_DAYS = 45  # before the end of an office its holder finds it on the desk
TIMELINE_WALKS = 5  # pages read for one of a timeline that is filtered

# Notices to clients
NOTICES = 40  # on a page, if nobody asks for another number
NOTICES_GROUPED = 2000  # looked through for one page of groups
NOTICES_MOST = 80  # on a page, however many are asked for
NOTICES_SAMPLED = 40  # of a group's notices, looked through for whom to show
NOTICES_SHOWN = 8  # accounts shown for a group
NOTICES_UNREAD = 100  # counted, if nobody asks for another number
NOTICES_UNREAD_MOST = 1000
REQUESTS_ANSWERED = 100  # requests to be heard that are decided about at once

# Outgoing HTTP
DNS_CACHE_HOSTS = 1000  # names whose addresses are remembered for some seconds
DNS_CACHE_SECONDS = 10  # how long they are
HTTP_CONNECTIONS = 256  # requests under way at the same time
HTTP_CONNECTIONS_PER_HOST = 8  # of these to one host
HTTP_CONNECT_SECONDS = 5.0  # TCP and TLS to one address
HTTP_HEADER_BYTES = 8190  # one header field or the status line
HTTP_HEADERS = 100  # fields of one answer
HTTP_KEEPALIVE_SECONDS = 15.0  # an idle connection lives so long
HTTP_KEPT_SOCKETS = 256  # with more sockets open than this, new connections are closed after use
HTTP_READ_SECONDS = 10.0  # silence between two reads
HTTP_REDIRECTS = 3  # hops followed for one GET
HTTP_TOTAL_SECONDS = 30.0  # one request with all its hops
REMEMBERED_HOSTS = 10_000  # hosts of which a process remembers something (signature scheme)

# Pages
AGENDA_EVENTS = 300  # of one week or month of the calendar
CALENDAR_EVENTS = 1000  # in one calendar feed
CALENDAR_HOURS = 1  # how often a calendar program may ask for it again
CALENDAR_PAST_DAYS = 180  # what is over stays in the feed for so long
CALENDAR_YEARS = 5  # how far from today weeks and months can be turned over
CONTACT_BODY_CHARS = 5000  # of a message to the stewards
CONTACT_KEPT_DAYS = 180  # a message that was dealt with is forgotten after this
CONTACT_RATE_COUNT = 5  # messages from one network in CONTACT_RATE_SECONDS
CONTACT_RATE_SECONDS = 3600.0
EXCERPT_CHARS = 280  # of a text on a card
FEED_ITEMS = 30  # entries of an Atom feed
FEED_SECONDS = 300  # a feed may be kept that long before it is asked for again
FORM_ENTRIES = 50  # of one list in a form: versions, media
HOME_ITEMS = 3  # calls and findings on the home page
HOME_MEETINGS = 5  # next meetings on the home page
KEPT_FIELDS = 200  # of a form that is kept until its sender has signed in again
HUB_TEXT_CHARS = 20_000  # of one language of a page that stewards write
INTERACT_COOKIE_SECONDS = 31_536_000  # how long the address from which a visitor answers is remembered
INTERACT_COUNT = 30  # servers asked for one network where somebody answers from, and how fast
INTERACT_SECONDS = 900.0
LIST_ITEMS = 20  # things on one page of a list
LOOK_CSS_CHARS = 20_000  # of a hub's own style
MAP_EVENTS = 300  # shown on the map
MAP_HUBS = 200
MAP_PLACES = 300
MAP_ZOOM_MOST = 7  # nearer, outlines of this coarseness say nothing
NEAR_KM_MOST = 250  # the largest distance that a list can be narrowed to
OPENNESS_ROWS = 200  # offices, limited servers and messages told on one page
PLACES_OFFERED = 60  # names that a reader may choose from
QUEUE_ROWS = 1000  # of each table of the page about the queue
QUEUE_TALLY_DAYS = 7  # of what was turned away, on the page that shows the queues
SEARCH_EXCERPT_WORDS = 35  # of a text around the words that were found
SEARCH_RANKED = 400  # the newest things found; these are put in order by how well they fit
SEARCH_SHOWN = 20  # results of one kind on a page
SITEMAP_ITEMS = 2000  # addresses of things told to search engines
TITLE_CHARS = 70  # of a text that stands in for a title
TWIN_METRES = 150.0  # events so near each other, at the same time and of a like title, are one
TWIN_SECONDS = 1800.0  # between their starts
TWIN_SIMILARITY = 0.45  # of their titles by pg_trgm

# Profiles
ATTRIBUTION_DOMAINS = 100  # sites that may name an actor as their author
ENDORSEMENTS = 40  # people one shows on one's profile
FAMILIAR_FOLLOWERS = 40  # of one actor, named to one who asks
NOTE_CHARS = 2000  # a private note about somebody
PROFILE_FIELDS = 8  # lines of one profile that everybody reads
KEPT_LINES = 8  # and lines that only some read
REL_ME_BYTES = 1_048_576  # of a page that is looked at for a link back to a profile
REL_ME_LINKS = 200  # links with rel="me" on it
COLLECTIONS = 10  # of people, of one account
COLLECTIONS_ASKED = 40  # for which a client asks at once, if it does not say
COLLECTIONS_ASKED_MOST = 80
COLLECTION_NAME_CHARS = 40  # what a collection of people is called
COLLECTION_PEOPLE = 25  # in one
COLLECTION_TEXT_CHARS = 100  # what is said of one
LINKS_LOOKED_AT = 500  # profiles whose links are looked at in one round
LINKS_ROUND_SECONDS = 21_600.0  # between two rounds
LINKS_SECONDS = 2_592_000.0  # how long a look at a linked page holds: 30 days
OEMBED_SECONDS = 86_400  # how long other websites may keep what they embed
OEMBED_WIDTH = 600  # pixels, of what they embed
PROFILE_FIELD_CHARS = 255  # the name or the value of one
PROFILE_NAME_CHARS = 100  # what somebody is called
PROFILE_NOTE_CHARS = 2000  # what somebody says of themselves

# Panel
ADMIN_DOMAINS = 5000  # servers let in, as moderation clients list them
ADMIN_PENDING = 1000  # applications that moderation clients can page through
HUB_RULES = 20  # rules of the house
OWN_EMOJIS = 300  # of one hub
SIDE_EMOJI = 128  # pixels of the longer side of one
KEPT_REMOTE_DAYS_LEAST = 30  # posts from elsewhere are kept for at least a month
KEPT_REMOTE_DAYS_MOST = 3650
APPEALS_SHOWN = 500  # of each table of appeals
APPEAL_CHARS = 5000  # what somebody measured says against it
CASE_CONTEXT = 3  # what a reported post answered, kept with a case, above each other
CASE_LINKS = 20  # cases named as belonging to one
CASE_TEMPLATES = 50  # messages kept for those who report
CASE_VISITOR_DAYS = 60  # how a visitor who reported can be reached is forgotten so long after the end
CIRCLE_EVIDENCE = 10  # addresses that one recommendation names
CIRCLE_HUBS = 200  # in our circle
CIRCLE_NAME_CHARS = 80  # of a circle
CIRCLE_RECOMMENDATIONS = 500  # standing at the same time, of one hub
CIRCLE_SHOWN = 1000  # recommendations of each table
CIRCLE_RECOMMENDED_DAYS = 365  # the longest that a recommendation stands
DRAFTS_AT_ONCE = 500  # domains of a list that are put in force in one transaction
HELD_BYTES = 65_536  # one activity of a server that waits for a look
HELD_DAYS = 14  # what a server that waits has said is thrown away after this
HELD_MOST = 2000  # activities of all servers that wait
HELD_PER_HOST = 50  # of one
LIST_BYTES = 8_388_608  # a list of domains, as a file or at an address
LIST_EXCLUSIONS = 1000  # domains that a list is not to touch
LIST_HOURS = 24  # between two looks at an address
LIST_LINES = 100_000  # domains of one list
LIST_ROWS = 1000  # of these written in one transaction
LIST_SECONDS = 60.0  # to fetch one
LISTS_MOST = 100  # lists that are known
SERVERS_WAITING = 1000  # of those that wait for a look, in their table
TABLE_CHOSEN = 100  # rows that one deed is done to
TABLE_CSV_ROWS = 50_000  # rows of a table as a file
TABLE_PAGES = 5000  # of a table that one turns by hand
DECIDED_SHOWN = 500  # decisions that were taken, in their table
DESK_ROWS = 500  # steps of one activity, or with one server, in their table
TRACES_GATHERED = 2000  # lines about activities between two writes; the rest is not written down
TRACES_KEPT_DAYS = 7  # what became of single activities is known for so long
TRACES_MOST = 200_000  # lines, whatever their age
TRACE_SECONDS = 5.0  # between two writes
VISITOR_REPORTS = 5  # reports of visitors from one network in VISITOR_REPORTS_SECONDS
VISITOR_REPORTS_SECONDS = 3600.0

# Processes
CHILD_RETRY_SECONDS = 1.0  # a process that ended is started again after this
WORKERS = 64  # web processes of one machine

# Push messages
PUSH_ANSWER_BYTES = 4096  # of what a push service answers
PUSH_BODY_CHARS = 300  # of the text that was written, in a message; push services take 4 kB in all
PUSH_FAILURES = 10  # messages refused in a row, until a subscription ends
PUSH_SECONDS = 20.0  # to hand one message to a push service
PUSH_TITLE_CHARS = 140  # of the sentence that says what happened
PUSH_RESOLVE_SECONDS = 3.0  # to look up where a push service is when an app subscribes
PUSH_TOKEN_SECONDS = 43_200  # how long the hub's word to a push service is good (a day is the most, RFC 8292)
PUSH_TTL_SECONDS = 172_800  # what could not be pushed for two days is no news

# Queues
ARRIVALS_BATCH = 100  # activities kept in one transaction
ARRIVALS_FEW = 4  # a round with more than that says that much is arriving
ARRIVALS_GATHER_BUSY_SECONDS = 0.1  # while much arrives, a round is let fill up for so long
ARRIVALS_GATHER_SECONDS = 0.01  # what arrives is gathered for so long before it is worked on together
ARRIVALS_KEPT_SECONDS = 1_209_600.0  # a finished arrival is known for two weeks, so that a repeat changes nothing
ARRIVALS_LANES = 8  # transactions of arrivals that one process has open at the same time
ARRIVALS_LEASED = 200  # activities one process takes at a time
ARRIVALS_ROUNDS = 2  # transactions with several arrivals that one process prepares and runs at the same time
ARRIVALS_TOGETHER = 50  # arrivals worked on in one transaction
ARRIVALS_TOGETHER_TRIES = 3  # attempts without those that failed, before each is done apart
ARRIVAL_ATTEMPTS = 12  # an activity that cannot be worked on so often is given up
ARRIVAL_HORIZON_SECONDS = 259_200.0  # an activity that cannot be worked on for three days is given up
ARRIVAL_NEEDS = 5  # rounds of getting to know what an activity mentions
CHORES_ROWS = 10_000  # rows one round of tidying deletes of a kind
CHORES_SECONDS = 60.0  # between two rounds
DEAD_KEPT_SECONDS = 2_592_000.0  # what was given up stays visible for a month
DELIVERIES_LEASED = 32  # deliveries to one host that one process takes at a time
DELIVERIES_PER_CONNECTION = 4  # what is due to one host shares its connections so
DELIVERIES_PER_HOST = 8  # of these under way at the same time
DELIVERY_HOSTS = 64  # hosts one process delivers to at the same time
DELIVERY_HOSTS_FAILING = 32  # of these such as failed before: the rest is kept for those that are well
GONE_KEPT_SECONDS = 1_209_600.0  # as long as a Create may come after its Delete
HAPPENINGS_KEPT_SECONDS = 604_800.0
JOBS_LEASED = 20  # jobs one process takes at a time
JOBS_LOOKED_AT = 500  # due jobs looked through for the fairest choice
JOBS_PER_HOST = 2  # of these on behalf of one host
JOB_ATTEMPTS = 12  # a job that fails so often is given up
JOB_SECONDS = 280.0  # one job; less than its lease
JOB_HORIZON_SECONDS = 259_200.0  # a job that fails for three days is given up
LEARNING = 32  # getting to know what activities mention, at the same time in one process
LEARNING_PER_HOST = 4  # of these at one host
LEASE_SECONDS = 300.0  # a leased row whose worker was killed is free again after this
LIFE_SECONDS = 10.0  # between two looks whether a worker still holds its lock
POLICY_SECONDS = 30.0  # a look at who may be federated with, when nobody called
POLL_SECONDS = 5.0  # a look at the queues when nobody called
FAILURE_CHARS = 300  # of what is kept about why something failed
SCHEME_KEPT_SECONDS = 604_800.0  # how long a host is signed to the way that worked last
STOP_SECONDS = 10.0  # what is under way may end before the process does
TALLIES_GATHERED = 5_000  # different counts between two writes; the rest is counted together
TALLIES_KEPT_SECONDS = 7_776_000.0
TALLY_SECONDS = 5.0  # between two writes of counts
TRIM_ROWS = 2000  # posts from elsewhere that one round of chores looks at, whether they can be forgotten
WAKE_SECONDS = 0.02  # calls to the workers are gathered for so long

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

# Relations
COUNT_UPDATE_SECONDS = 120.0  # answers to an event within so long cause one Update together
ANNOUNCEMENT_CHARS = 5000  # what the hub tells its members
ANNOUNCEMENT_REACTIONS = 8  # different ones on one announcement
DEPUTY_DAYS = 90  # a deputy stands in for so long, until somebody is chosen
EMERGENCY_AGAIN_SECONDS = 2_592_000  # so long after one that lapsed, the same is not done at once again
EMERGENCY_SECONDS = 259_200  # a measure taken at once lapses after 72 hours, unless somebody confirms it
HANDOVER_CHARS = 300  # one line of what is handed over with an office
HANDOVER_LINES = 40
MANDATE_REMINDER_DAYS = 28  # before its end the holder of an office is reminded
ROLE_NAME_CHARS = 30
SEVERED_ROWS = 100  # follows that are asked for anew in one transaction
SUSPENSION_GRACE_DAYS = 30  # until what a suspension hides is deleted
VOTE_REASON_CHARS = 1000  # why somebody votes so
ANNOUNCEMENTS_SHOWN = 40  # in force at the same time; older ones are not shown
CASE_NOTES = 200  # shown with one report
CASE_NOTE_CHARS = 5000  # one note on a case, or what its reporter is told
EMOJI_CHARS = 70  # of a reaction: an emoji, or :shortcode:
FEATURED_MOST = 40  # things pinned by one actor of another server
FOLLOWED_LANGUAGES = 50  # that one wants to see of somebody
FORWARD_DEPTH = 3  # answers above each other between what is forwarded and ours (ActivityPub 7.1.2)
MUTE_SECONDS = 3_153_600_000  # the longest mute that ends by itself: a century
MEASURES_SHOWN = 50  # about one person or server, on a page of the panel
MOVE_COOLDOWN_DAYS = 7  # an actor that moved does not move again meanwhile
OFFERS_PER_ACTOR = 20  # undecided offers of one actor to one call
OPEN_REPORTS_PER_ACTOR = 50  # unresolved reports of one member
OPEN_REPORTS_PER_HOST = 200  # unresolved reports taken from one server
REACTIONS_PER_ACTOR = 8  # to one post
REASON_CHARS = 2000  # why a measure was taken, to the staff or to everybody
REPORTED_POSTS = 50  # named in one report
REPORTED_GROUPS = 5  # whose servers hear of a report that is forwarded
REPORT_CHARS = 5000  # what a report says

# Signatures
SIGNATURE_AGE_SECONDS = 3600  # a request signed longer ago is stale; peers' clocks drift
SIGNATURE_AHEAD_SECONDS = 3600  # and so far ahead it may be dated
SIGNATURE_COMPONENTS = 32  # headers and derived parts that one signature covers
SIGNATURE_HEADER_BYTES = 8192  # of Signature or Signature-Input

# Search and trends
LINK_DAYS = 30  # how old posts may be that are found by a link in them
SEARCH_ITEMS = 20  # of each kind, if nobody asks for another number
SEARCH_ITEMS_MOST = 40
SEARCH_OFFSET = 2000  # nobody looks further
TAG_HISTORY_DAYS = 7  # for which the uses of a tag are told, and in which tags in use are counted
TAGS_TOLD = 20  # tags in use, at most
TAGS_TOGETHER = 4  # other tags that a timeline takes in, asks for, or leaves out

# Store
CONTEXT_DEPTH = 100  # answers above each other in one thread
CONTEXT_POSTS = 500  # of one thread on one page
EDITS_KEPT = 100  # earlier texts of one post
SEARCH_CHARS = 100_000  # of one post that are indexed; PostgreSQL's index text ends at 1 MiB
SEARCH_WORDS_CHARS = 200  # of one question to the full text

# Streams
STREAMS = 5000  # open at the same time in one process
STREAMS_PER_ADDRESS = 100  # a hub's members may sit in one office
STREAMS_PER_TOKEN = 10  # tabs of one app
STREAM_BATCH = 100  # changes read at once
STREAM_CHECK_SECONDS = 2.0  # between two looks whether the tokens of open streams are still good
STREAM_CLOSE_SECONDS = 2.0  # a stream that ends may say so for so long
STREAM_FRAME_BYTES = 4096  # one message of a client
STREAM_MESSAGES = 60  # messages of one client in STREAM_MESSAGES_SECONDS
STREAM_MESSAGES_SECONDS = 10.0
STREAM_NEWS_SECONDS = 21_600  # what was published longer ago and is learnt of now is no news (Mastodon's number)
STREAM_PING_SECONDS = 30.0  # a silent client is asked whether it lives, and left if it does not answer
STREAM_QUEUE = 200  # frames that wait for one client; a client that takes them slower is left
STREAM_RETRY_SECONDS = 0.1  # until changes are looked for again that somebody is still committing before
STREAM_SUBSCRIPTIONS = 50  # streams on one socket
STREAM_THUMP_SECONDS = 15.0  # between two signs of life in a stream of server-sent events
