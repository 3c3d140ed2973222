"""Limits of the machine: processes, database, back-ups, doctor and faults."""

# Back-ups
BACK_UP_OLD_DAYS = 3  # without one the panel warns
BACK_UPS_KEPT = 7  # files of those that the node makes by itself
UPGRADE_BACK_UPS_KEPT = 2  # files of those that are made before the database is brought up to date
BACK_UPS_NOTED = 60  # of which it is known what came of them
BACKUP_CHUNK_BYTES = 1_048_576  # copied at once
BACKUP_MANIFEST_BYTES = 67_108_864  # the list of what a back-up holds: some hundred thousand media files

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
DATABASE_KEEPALIVE_SECONDS = 9  # silence before the server asks whether a process elsewhere lives
DATABASE_POOL_SECONDS = 10.0  # the longest wait for a free connection
DATABASE_PULSE_SECONDS = 2.0  # between two looks whether the database answers
DATABASE_SERVER_CONNECTIONS = 200  # the embedded server takes, from all processes together
DATABASE_START_SECONDS = 120.0  # a hang guard: replaying the journal after a crash is waited for
DATABASE_STATEMENT_SECONDS = 30.0  # one statement of a request or a job
DATABASE_STOP_SECONDS = 60.0  # a hang guard: the last write-out before the embedded server ends
LISTENER_RETRY_SECONDS = 5.0  # the longest wait between two attempts to listen again

# Demo
DEMO_POLL_SECONDS = 0.25  # between two looks whether something has arrived
DEMO_REQUEST_SECONDS = 30.0  # one request to a hub of the demo; the first look-up of a stranger is in it
DEMO_STOP_SECONDS = 40.0  # a hub of the demo may write out its data for so long before it is killed
DEMO_WAIT_SECONDS = 90.0  # a hang guard: what has not arrived by then will not

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

# Metrics
METERS_SECONDS = 5.0  # between two looks of a process at its own figures, for the others to read
REQUEST_SECONDS_STEPS = (0.01, 0.05, 0.25, 1.0, 5.0)  # by which the times of requests are told

# Processes
CHILD_RETRY_SECONDS = 1.0  # a process that ended is started again after this
HANGING_LOOKS = 5  # one that gives no sign of life for so many looks, METERS_SECONDS apart, is ended
WORKERS = 64  # web processes of one machine

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
