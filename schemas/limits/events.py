"""Limits of answers to events and of taking events over."""

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
