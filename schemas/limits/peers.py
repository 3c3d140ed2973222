"""Limits of getting to know other servers and delivering to them."""

# Back-fill of an actor newly followed
BACKFILL_EVENTS = 40  # upcoming events
BACKFILL_FEATURED = 5  # pinned things
BACKFILL_ITEMS = 20  # of the newest posts
BACKFILL_PAGES = 3  # of each collection

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

# Deliveries
DELIVERY_ANSWER_BYTES = 4096  # of an answer's body; it is read only so that the connection can be kept
DELIVERY_ANSWER_SECONDS = 2.0  # the wait for that body
DELIVERY_HORIZON_SECONDS = 604_800.0  # an activity that found no way in a week is given up
DELIVERY_SECONDS = 30.0  # one delivery, every knock included
RETRY_AFTER_SECONDS = 86_400.0  # the longest wait a peer may ask of us

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

# Followers synchronisation (FEP-8fcf)
SYNC_COUNT = 4  # comparisons one actor may cause in SYNC_SECONDS
SYNC_FOLLOWERS = 10_000  # of one server: with more nothing is compared
SYNC_PAGES = 10
SYNC_REPAIRS = 200  # of one kind at a time
SYNC_SECONDS = 3600.0
SYNC_YOUNG_SECONDS = 600.0  # a follow accepted so lately may not be in the other side's list

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

# Hubs that tell of hubs
HUBS_READ_AT_ONCE = 20  # lists of approved hubs asked for in one round of chores
HUBS_READ_DAYS = 7  # between two looks at the list of one
HUBS_READ_ITEMS = 500  # of one list
HUBS_READ_NEW = 50  # of one list that we had not heard of, at one look
HUBS_READ_PAGES = 15
HUBS_SUGGESTED_PER_DAY = 10  # by one actor
