"""Every job of the server. A new one is a line here and its words in the catalogues, under `job.<name>`."""

from api.jobs.job import Job, Nightly
from api.jobs.nightly import AT_HOUR, AT_MINUTE, back_up_keys

JOBS = (Job("key_backup", Nightly(AT_HOUR, AT_MINUTE), back_up_keys),)
