"""Limits of queues, their workers and what is kept in the store."""

# Queues
ARRIVALS_BATCH = 100  # activities kept in one transaction
ARRIVALS_EARLY_SECONDS = 5.0  # what came before the one it comes after waits so long for it; then that one was lost
ARRIVALS_FEW = 4  # a round with more than that says that much is arriving
ARRIVALS_GATHER_BUSY_SECONDS = 0.4  # while much arrives, a round is let fill up for so long
ARRIVALS_GATHER_SECONDS = 0.01  # what arrives is gathered for so long before it is worked on together
ARRIVALS_KEPT_SECONDS = 1_209_600.0  # a finished arrival is known for two weeks, so that a repeat changes nothing
ARRIVALS_LANES = 8  # transactions of arrivals that one process has open at the same time
ARRIVALS_LEASE_SECONDS = 0.1  # while much arrives, between two leases of what could not be taken as it came
ARRIVALS_LEASED = 800  # activities one process takes at a time
ARRIVALS_LEASED_CHARS = 8_388_608  # of their texts together; in memory each costs a few times its length
ARRIVALS_PASSED_ON = 800  # activities beyond these that other processes of the node may pass on to one
ARRIVALS_PAUSE_SECONDS = 0.03  # when nothing has come for so long, a round does not wait for more
ARRIVALS_REMEMBERED = 8192  # of those that came lately a process knows that they have come
ARRIVALS_ROUNDS = 2  # full transactions of arrivals at the same time in one process: half full ones cost more
ARRIVALS_READY = 600  # while much arrives, so many gather before round follows round: answers to who sends go first
ARRIVALS_TOGETHER = 100  # arrivals worked on in one transaction
ARRIVALS_TOGETHER_TRIES = 3  # attempts without those that failed, before each is done apart
ARRIVAL_ATTEMPTS = 12  # an activity that cannot be worked on so often is given up
ARRIVAL_HORIZON_SECONDS = 259_200.0  # an activity that cannot be worked on for three days is given up
ARRIVAL_NEEDS = 5  # rounds of getting to know what an activity mentions
CHORES_ROWS = 10_000  # rows one round of tidying deletes of a kind
CHANGES_KEPT_SECONDS = 600.0  # notes of transactions; much longer than any of them (JOB_SECONDS) and any answer
CHANGES_READ = 500  # notes read at once; more are taken for a change of everything
CHANGES_SURE_SECONDS = (
    300.0  # after so long without a look some notes may be gone: with JOB_SECONDS less than they are kept
)
CHORES_SECONDS = 60.0  # between two rounds
DEAD_KEPT_SECONDS = 2_592_000.0  # what was given up stays visible for a month
DELIVERIES_LEASED = 32  # deliveries to one host that one process takes at a time
DELIVERIES_PER_CONNECTION = 8  # what is due to one host shares its connections so
DELIVERIES_PER_HOST = 8  # of these under way at the same time
DELIVERY_HOSTS = 64  # hosts one process delivers to at the same time
DELIVERY_HOSTS_TAKEN = 16  # of these that one process takes at least, though the others have their share
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
PASSED_ON_BYTES = 4_194_304  # waiting to be passed on to one process; what is more waits in the database
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

# Store
CONTEXT_DEPTH = 100  # answers above each other in one thread
CONTEXT_POSTS = 500  # of one thread on one page
EDITS_KEPT = 100  # earlier texts of one post
SEARCH_CHARS = 100_000  # of one post that are indexed; PostgreSQL's index text ends at 1 MiB
SEARCH_WORDS_CHARS = 200  # of one question to the full text
