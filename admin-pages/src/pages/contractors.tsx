import type { List } from '../list/list';
import { ListOf } from '../list/list-page';
import { EntityLink } from '../show/entity-link';
import { PageBody } from '../show/page';

const list: List<'/api/admin/contractors/'> = {
  path: '/api/admin/contractors/',
  columns: [
    { name: 'name', show: ({ id, name }) => <EntityLink to="contractor" id={id} text={name} /> },
    'company',
    'phone',
    'email',
    'residence_id',
    'owner_id',
    'is_favorite',
    'rating',
    'created_at',
    'id',
  ],
};

export const Page = () => (
  <PageBody title="Contractors">
    <ListOf list={list} />
  </PageBody>
);
