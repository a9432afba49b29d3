"""Every job of the server. A new one is a line here and its words in the catalogues, under `job.<name>`."""

from api.jobs import carriage, faces
from api.jobs.job import Every, Job, Nightly
from api.jobs.nightly import AT_HOUR, AT_MINUTE, back_up_keys

JOBS = (
    Job("key_backup", Nightly(AT_HOUR, AT_MINUTE), back_up_keys),
    Job("carriage", Every(1), carriage.order_people),
    Job("faces", Nightly(faces.AT_HOUR, faces.AT_MINUTE), faces.destroy_what_may_not_stay),
)
