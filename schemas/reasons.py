"""Every sentence that says what is wrong with a draft: English, with {named} gaps, the msgids of the catalogues.

`msgid` marks a sentence for extraction (`pybabel extract -k msgid`) and leaves it as it is."""


def msgid(sentence: str) -> str:
    """The sentence itself."""
    return sentence


# The shape of what was sent
NOT_JSON = msgid("This is not JSON.")
TOO_LARGE = msgid("This is larger than {max} bytes.")
NOT_AN_OBJECT = msgid("This must be one object with named fields.")
REQUIRED = msgid("This is needed.")
UNKNOWN_FIELD = msgid("There is no field of this name.")
UNKNOWN_KIND = msgid("This must be one of: {choices}.")
NOT_A_CHOICE = msgid("This must be one of: {choices}.")
NOT_TEXT = msgid("This must be text.")
NOT_WHOLE = msgid("This must be a whole number.")
NOT_A_NUMBER = msgid("This must be a number.")
NOT_YES_OR_NO = msgid("This must be true or false.")
NOT_A_LIST = msgid("This must be a list.")
TOO_LONG = msgid("This may have {max} characters at most.")
TOO_MANY = msgid("There may be {max} of these at most.")
TOO_FEW = msgid("There must be at least {min} of these.")
NOT_SO_MANY = msgid("There must be {count} of these.")
EMPTY = msgid("This must not be empty.")
TOO_SMALL = msgid("This must be at least {min}.")
TOO_BIG = msgid("This must be at most {max}.")
NOT_VALID = msgid("This cannot be read.")
NO_TEXT = msgid("This contains characters that are no text.")

# Any draft
ONE_LINE = msgid("This must be a single line.")
SAME_TWICE = msgid("This stands here twice.")
NO_LANGUAGE = msgid("This is no language tag such as en, de or fr-CA.")
TEXTS_TOO_LONG = msgid("All language versions together may have {max} characters at most.")
NO_WEB_ADDRESS = msgid("This must be a web address that begins with https:// or http://.")
NO_ACTOR = msgid("This must be a handle such as @name@example.org, or the web address of an account.")
NO_TAG = msgid("This is no hashtag: use letters and digits, without blanks.")
NO_AREA = msgid("This is no name of an area: use small letters, digits and hyphens.")
GROUP_NEEDED = msgid("Say which group this is for.")
GROUP_UNUSED = msgid("A group can only be named when the audience is a group.")
PEOPLE_NEEDED = msgid("Say whom this is for.")
PEOPLE_UNUSED = msgid("People can only be named when the audience is named people.")
MEDIUM_NEEDED = msgid("Name either an uploaded medium or a file.")
NO_FILE = msgid("There is no such file beside the draft.")

# Times
NO_WALL_TIME = msgid("Write date and time as 2026-03-07T14:00.")
NO_DATE = msgid("Write the date as 2026-03-07.")
NO_ZONE = msgid("This is no time zone such as Europe/Berlin.")
ZONE_NEEDED = msgid("Say in which time zone the times are.")
SKIPPED_TIME = msgid("In {zone} the time {time} does not exist: clocks skip it. Choose another.")
TOO_FAR = msgid("This is more than {years} years away.")
ENDS_BEFORE_START = msgid("The end must come after the start.")
TOO_LASTING = msgid("This may last {days} days at most.")
IN_THE_PAST = msgid("This is in the past.")

# Places
NO_COUNTRY = msgid("This is no country code of two letters such as BE.")
HALF_A_POSITION = msgid("Latitude and longitude are only useful together.")

# Events
NOWHERE = msgid("Say where: a place, an address online, or both.")
REGISTRATION_NEEDED = msgid("Say where people register.")
REGISTRATION_UNUSED = msgid("A place to register is only used when people register elsewhere.")
NO_CATEGORY = msgid("This is none of the known categories.")
COUNT_OR_UNTIL = msgid("Say either how many dates there are or until when.")
TOO_MANY_DATES = msgid("A series may have {max} dates at most.")
UNTIL_BEFORE_START = msgid("The last day must not come before the first date.")
WEEKLY_BY_WEEKDAY = msgid("Only a monthly series can go by the weekday.")

# Findings
NOTHING_FOUND = msgid("Say what was found: a claim, a text, or both.")
NO_LICENCE = msgid("This must be a licence such as CC-BY-4.0 or the web address of one.")

# Calls
WHERE_OR_REMOTE = msgid("Say where, or that it can be done from anywhere.")
NO_MAIL_ADDRESS = msgid("People can answer by mail only if this is a mail address.")

# Posts
NOTHING_SAID = msgid("Say something, or attach something.")
POLL_AND_MEDIA = msgid("A post has either a poll or attachments.")
