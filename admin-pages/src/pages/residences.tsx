import type { List } from '../list/list';
import { ListOf } from '../list/list-page';
import { EntityLink } from '../show/entity-link';
import { PageBody } from '../show/page';
import { State } from '../show/state';

const list: List<'/api/admin/residences/'> = {
  path: '/api/admin/residences/',
  columns: [
    { name: 'name', show: ({ id, name }) => <EntityLink to="residence" id={id} text={name} /> },
    {
      name: 'place',
      show: ({ city, state_province, postal_code, country }) =>
        [city, state_province, postal_code, country].filter(Boolean).join(', '),
    },
    {
      name: 'owner',
      show: ({ owner_id, owner_email }) =>
        owner_id !== null && <EntityLink to="user" id={owner_id} text={owner_email ?? `#${owner_id}`} />,
    },
    'user_count',
    'task_count',
    'is_paused',
    { name: 'deleted_at', show: ({ deleted_at }) => deleted_at && <State>deleted</State> },
    'created_at',
    'id',
  ],
};

export const Page = () => (
  <PageBody title="Residences">
    <ListOf list={list} />
  </PageBody>
);
