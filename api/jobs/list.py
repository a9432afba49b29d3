"""Every job of the server. A new one is a line here and its words in the catalogues, under `job.<name>`."""

from api.jobs import carriage, counts, faces, people_visits, photos, pulls, watch
from api.jobs.job import Every, Job, Nightly
from api.jobs.nightly import AT_HOUR, AT_MINUTE, back_up_keys

JOBS = (
    Job("key_backup", Nightly(AT_HOUR, AT_MINUTE), back_up_keys),
    Job("carriage", Every(1), carriage.order_people),
    Job("people_visits", Every(10), people_visits.visit_people),
    Job("watch", Every(1), watch.watch_terminals),
    Job("pulls", Every(5), pulls.pull_all),
    Job("counts", Every(60), counts.ask_counts),
    Job("photos", Nightly(photos.AT_HOUR, photos.AT_MINUTE), photos.destroy_old_photos),
    Job("faces", Nightly(faces.AT_HOUR, faces.AT_MINUTE), faces.destroy_what_may_not_stay),
)
