"""Limits of what client apps ask for: posts, notices, streams and push messages."""

# Notices to clients
NOTICES = 40  # on a page, if nobody asks for another number
NOTICES_GROUPED = 2000  # looked through for one page of groups
NOTICES_MOST = 80  # on a page, however many are asked for
NOTICES_SAMPLED = 40  # of a group's notices, looked through for whom to show
NOTICES_SHOWN = 8  # accounts shown for a group
NOTICES_UNREAD = 100  # counted, if nobody asks for another number
NOTICES_UNREAD_MOST = 1000
REQUESTS_ANSWERED = 100  # requests to be heard that are decided about at once

# Push messages
PUSH_ANSWER_BYTES = 4096  # of what a push service answers
PUSH_BODY_CHARS = 300  # of the text that was written, in a message; push services take 4 kB in all
PUSH_FAILURES = 10  # messages refused in a row, until a subscription ends
PUSH_SECONDS = 20.0  # to hand one message to a push service
PUSH_TITLE_CHARS = 140  # of the sentence that says what happened
PUSH_RESOLVE_SECONDS = 3.0  # to look up where a push service is when an app subscribes
PUSH_TOKEN_SECONDS = 43_200  # how long the hub's word to a push service is good (a day is the most, RFC 8292)
PUSH_TTL_SECONDS = 172_800  # what could not be pushed for two days is no news

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
