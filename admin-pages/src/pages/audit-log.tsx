import type { List } from '../list/list';
import { ListOf } from '../list/list-page';
import { Changed } from '../show/changed';
import { EntityLink } from '../show/entity-link';
import { PageBody } from '../show/page';

const list: List<'/api/admin/audit-log/'> = {
  path: '/api/admin/audit-log/',
  columns: [
    'at',
    {
      name: 'who',
      show: ({ actor_type, actor_id, actor }) =>
        actor_type === 'user' && actor_id !== null ? (
          <EntityLink to="user" id={actor_id} text={actor ?? `#${actor_id}`} />
        ) : (
          `${actor_type} ${actor ?? actor_id ?? ''}`
        ),
    },
    'action',
    { name: 'target', show: ({ target_type, target_id }) => `${target_type} #${target_id}` },
    { name: 'changed', show: ({ changed }) => <Changed fields={changed} /> },
    'residence_id',
    'address',
    'request_id',
    'id',
  ],
  hidden: ['request_id'],
};

export const Page = () => (
  <PageBody title="Audit log">
    <ListOf list={list} />
  </PageBody>
);
