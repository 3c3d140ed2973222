"""Every limit of the node: bytes, counts, characters and seconds, each with its reason, parted by subject into the
modules here and imported out of this package. Nothing is bounded by a number written elsewhere."""

from schemas.limits.accounts import *
from schemas.limits.clients import *
from schemas.limits.events import *
from schemas.limits.mail import *
from schemas.limits.media import *
from schemas.limits.members import *
from schemas.limits.moderation import *
from schemas.limits.operations import *
from schemas.limits.pages import *
from schemas.limits.peers import *
from schemas.limits.queues import *
from schemas.limits.reading import *
from schemas.limits.requests import *
from schemas.limits.writing import *
