"""Limits of the website, search, and documents that are served."""

# Documents we serve
COLLECTION_PAGE_ITEMS = 40  # items of one page of a collection
DOCUMENT_CACHE_SECONDS = 60  # how long a cache may keep a public document
ID_DIGITS = 19  # of an id of ours in an address
KNOWN_HUBS_SERVED = 500  # other hubs that the collection names
NODEINFO_CACHE_SECONDS = 1800
WEBFINGER_CACHE_SECONDS = 600

# Pages
AGENDA_EVENTS = 300  # of one week or month of the calendar
AGENDA_OVERLAP = 20  # events beside a page of the agenda that are looked at for sources of those on it
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
LANGUAGES_CACHED = 500  # whose own names a process remembers
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
ANSWER_BYTES = 500_000  # the largest answer that a process remembers
ANSWER_OVERHEAD_BYTES = 5_000  # what remembering one takes besides its text and what was asked
ANSWERS_BYTES = 8_000_000  # of all answers that it remembers
ANSWERS_SECONDS = 10.0  # none is older: some of what is said changes by time alone
ASKERS = 500  # tokens of which a process remembers who stands behind them
KEPT_PIECES = 2000  # statuses and accounts that a process remembers as clients are shown them
KEPT_PIECE_BYTES = 8000  # the largest of these
KEPT_POSTS = 1000  # posts that a process remembers as it last read them
KEPT_THINGS = 2000  # posts and people of which it remembers how they are shown
NEW_POSTS_WATCHED = 1000  # posts of which a process knows that they are new
NEW_POSTS_ASKED = 40  # of these, those of which it is asked one by one whether they stand in a list
LISTS_KEPT = 1000  # newest pages of lists of posts that a process remembers
SETTLED_ITEMS = 5  # of a list of people or collections that a process remembers, at most
SEARCH_RANKED = 400  # the newest things found; these are put in order by how well they fit
SEARCH_SHOWN = 20  # results of one kind on a page
SITEMAP_ITEMS = 2000  # addresses of things told to search engines
TITLE_CHARS = 70  # of a text that stands in for a title
TWIN_METRES = 150.0  # events so near each other, at the same time and of a like title, are one
TWIN_SECONDS = 1800.0  # between their starts
TWIN_SIMILARITY = 0.45  # of their titles by pg_trgm

# Search and trends
LINK_DAYS = 30  # how old posts may be that are found by a link in them
LINK_POSTS = 10_000  # of these, the newest (before those of the page before) that are looked through for it
SEARCH_ITEMS = 20  # of each kind, if nobody asks for another number
SEARCH_ITEMS_MOST = 40
SEARCH_LOOKED_AT = 4000  # the newest posts with the words of which it is seen whether they may be found
SEARCH_OFFSET = 2000  # nobody looks further
TAG_HISTORY_DAYS = 7  # for which the uses of a tag are told, and in which tags in use are counted
TAGS_TOLD = 20  # tags in use, at most
TAGS_TOGETHER = 4  # other tags that a timeline takes in, asks for, or leaves out
WATCHED = 20_000  # posts and people of which a process knows when they were counted anew
