import type { List } from '../list/list';
import { ListOf } from '../list/list-page';
import { EntityLink } from '../show/entity-link';
import { PageBody } from '../show/page';

const list: List<'/api/admin/webhooks/'> = {
  path: '/api/admin/webhooks/',
  columns: [
    { name: 'id', show: ({ id }) => <EntityLink to="webhook" id={id} /> },
    'provider',
    'type',
    { name: 'event', show: ({ event_id }) => event_id },
    'received_at',
    'handled_at',
  ],
};

export const Page = () => (
  <PageBody title="Webhooks">
    <ListOf list={list} />
  </PageBody>
);
