"""Limits of members' profiles, own pages, lists and what they keep for themselves."""

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

# Lists
PAGE_ITEMS = 20  # on a page if nobody asks for another number
PAGE_ITEMS_MOST = 100  # however many are asked for
ACTIVITY_WEEKS = 12  # of which the numbers are told
PEERS_TOLD = 5000  # servers named to everybody
PEOPLE_ITEMS = 40  # accounts on a page of a client, if it asks for no other number
PEOPLE_ITEMS_MOST = 80  # however many it asks for
PEOPLE_OFFSET = 10_000  # no list of people is walked further by counting
WALKED_MORE = 60  # posts of a client's timeline that are looked at beyond those a page needs: some do not stand in it
EMPTY_WALKS = 4  # so often it is gone on where nothing was left of all that was looked at

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
