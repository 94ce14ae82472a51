import type { List } from '../list/list';
import { ListOf } from '../list/list-page';
import { EntityLink } from '../show/entity-link';
import { PageBody } from '../show/page';
import { State } from '../show/state';

const list: List<'/api/admin/users/'> = {
  path: '/api/admin/users/',
  columns: [
    { name: 'username', show: ({ id, username }) => <EntityLink to="user" id={id} text={username} /> },
    'email',
    { name: 'name', show: ({ first_name, last_name }) => `${first_name} ${last_name}` },
    'is_verified',
    'tier',
    'home_count',
    'last_used_at',
    'timezone',
    { name: 'deleted_at', show: ({ deleted_at }) => deleted_at && <State>deleted</State> },
    'created_at',
    'id',
  ],
  hidden: ['timezone'],
};

export const Page = () => (
  <PageBody title="Users">
    <ListOf list={list} />
  </PageBody>
);
