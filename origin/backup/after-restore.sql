-- After a restore, before anything works on the database again (docs/runbook.md).

-- What was to leave the house when the backup was made, or has come due since: the system that is gone has probably sent
-- it. Nobody knows, so it is not sent again by itself: an operator finds it among the uncertain and decides. What was put
-- off until after now was not sent, and stays.
with unsure as (
  update outbox set done_at = now(), lease_until = null, uncertain_at = coalesce(uncertain_at, now()),
    last_error = 'Restored from a backup: it may have been sent before.'
  where done_at is null and dead_at is null and run_at <= now()
    and (queue in ('mail', 'push', 'apns') or event ->> 'type' in ('report.requested', 'export.requested'))
  returning id
)
update notifications_delivery d set result = 'uncertain', error = 'Restored from a backup.', at = now()
from unsure where d.event_id = unsure.id and d.result = 'waiting';

-- A lease's holder is gone, and did not die of its event.
update outbox set lease_until = null where done_at is null and lease_until is not null;

-- Phones know ids that were given out after the backup, and carriers know events: none is given out twice.
select setval(format('%I.%I', schemaname, sequencename)::regclass, coalesce(last_value, start_value) + 1000000)
from pg_sequences where schemaname = 'public';
