import type { List } from '../list/list';
import { ListOf } from '../list/list-page';
import { PageBody } from '../show/page';

const list: List<'/api/admin/deliveries/'> = {
  path: '/api/admin/deliveries/',
  columns: ['at', 'channel', 'type', 'result', 'user_id', 'error', 'event_id', 'device_id', 'message_id'],
  hidden: ['message_id', 'device_id'],
  keyOf: ({ event_id, channel, device_id, user_id, at }) => `${event_id} ${channel} ${device_id} ${user_id} ${at}`,
};

export const Page = () => (
  <PageBody title="Mails and pushes">
    <ListOf list={list} />
  </PageBody>
);
