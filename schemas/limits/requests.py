"""Limits of requests in both directions, addresses, keys, signatures and documents in JSON."""

# Addresses
ADDRESS_BYTES = 2048  # the longest URL we read, store or call
ADDRESSES_CACHED = 2048  # of these, read lately, that a process keeps: a few MiB at most
HOST_CHARS = 253  # the longest name DNS knows
HOST_LABEL_CHARS = 63  # the longest part between two dots

# Documents (JSON from anywhere)
DOCUMENT_BYTES = 1_048_576  # one ActivityPub document, before and after decompression
DOCUMENT_LIST_ITEMS = 1000  # a list as long as this is an attack, not a document
DOCUMENT_NESTING = 16  # ActivityStreams things inside each other
DOCUMENT_SECONDS = 60.0  # one document, every knock and the second look at its id included
JSON_DEPTH = 64  # objects and lists inside each other
JSON_MEMBERS = 50_000  # objects, lists and commas together
JSON_NUMBER_CHARS = 64  # digits of one number
OPINIONS_KEPT = 1024  # opinions about outlines of activities that a process remembers

# Incoming HTTP
ACCEPTED_LANGUAGES = 20  # languages read of an Accept-Language header
ACCEPTS_CACHED = 256  # Accept headers of which a process remembers what they ask for
ACCEPTED_TYPES = 20  # media types read of an Accept header
ASKERS_CACHED = 4096  # addresses of which a process remembers how they are counted
AWAY_RETRY_SECONDS = 30  # after which to ask again while the database is away
BODIES_BYTES_ALL = 16_777_216  # of all bodies that did not come together with their heads, but those of the inbox
BODIES_BYTES_OF_ONE = 6_291_456  # of these from one address
BODIES_OF_ONE = 32  # such requests of one address at the same time
BODIES_OPEN = 256  # of all addresses, in one process
BODY_SECONDS = 60.0  # in which such a body must have come
BODY_UPLOAD_SECONDS = 900.0  # and one with large files: 40 MiB over a slow line
GIVE_WAY_SECONDS = 0.1  # what other servers sent waits so long at most while readers are answered
INBOX_AT_WORK = 16  # messages of those under way that are checked at the same time
INBOX_BODY_SECONDS = 10.0  # in which the body of a message must have come
INBOX_HEARD = 4096  # addresses that a process remembers because a valid signature came from them
INBOX_HELD = 4096  # messages that are to come again and are told so only after INBOX_HOLD_SECONDS, to be sent slower
INBOX_HOLD_SECONDS = (1.0, 3.0)
INBOX_LARGE_AT_WORK = 2  # messages of more than INBOX_LARGE_BYTES that are held in memory as read at the same time
INBOX_LARGE_BYTES = 65_536  # hardly any activity has so many; read, it takes up to ten times as much memory
INBOX_LARGE_BYTES_ALL = 16_777_216  # of all large messages together; a fifth of what an idle node needs, small ones too
INBOX_LARGE_BYTES_OF_ONE = 4_194_304  # of these from one address
INBOX_OF_ONE = 64  # of these under way from one address
INBOX_OPEN = 128  # messages of other servers under way in one process, those included that are still being sent
INBOX_PROMPT_SECONDS = 1.0  # who waits for longer gives way to whoever comes when all places are taken
INBOX_RETRY_SECONDS = (10, 60)  # after which to send again what there was no room for
INBOX_RATE_COUNT = 6000  # activities one address may send in INBOX_RATE_SECONDS; a big server's burst fits
INBOX_RATE_SECONDS = 60.0
INBOX_WAITING_OF_ONE = 16  # messages of one address that wait for the rest of their bodies, or for a key
INBOX_WAITING_STRANGERS = 64  # such messages of all addresses from which no valid signature has come yet
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
REQUEST_BUFFER_BYTES = 65_536  # of a body that nobody reads yet: about twice that lies in memory for a connection
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

# Outgoing HTTP
DNS_CACHE_HOSTS = 1000  # names whose addresses are remembered for some seconds
DNS_CACHE_SECONDS = 10  # how long they are
HTTP_CONNECTIONS = 256  # requests under way at the same time
HTTP_CONNECTIONS_PER_HOST = 8  # of these to one host
HTTP_CONNECT_SECONDS = 5.0  # TCP and TLS to one address
HTTP_HEADER_BYTES = 8190  # one header field or the status line
HTTP_HEADERS = 100  # fields of one answer
HTTP_HINTS = 16  # answers (1xx) before the answer to one request
HTTP_KEEPALIVE_SECONDS = 15.0  # an idle connection lives so long
HTTP_KEPT_SOCKETS = 256  # with more sockets open than this, new connections are closed after use
HTTP_READ_SECONDS = 10.0  # silence between two reads
HTTP_REDIRECTS = 3  # hops followed for one GET
HTTP_TOTAL_SECONDS = 30.0  # one request with all its hops
REMEMBERED_HOSTS = 10_000  # hosts of which a process remembers something (signature scheme)

# Signatures
BODIES_DIGESTED = 32  # bodies sent lately whose digest a process keeps, and them with it
SIGNATURE_AGE_SECONDS = 3600  # a request signed longer ago is stale; peers' clocks drift
SIGNATURE_AHEAD_SECONDS = 3600  # and so far ahead it may be dated
SIGNATURE_COMPONENTS = 32  # headers and derived parts that one signature covers
SIGNATURE_HEADER_BYTES = 8192  # of Signature or Signature-Input
