import type { List } from '../list/list';
import { ListOf } from '../list/list-page';
import { EntityLink } from '../show/entity-link';
import { PageBody } from '../show/page';

const list: List<'/api/admin/jobs/'> = {
  path: '/api/admin/jobs/',
  columns: [
    { name: 'id', show: ({ id }) => <EntityLink to="job" id={id} /> },
    'type',
    'queue',
    'state',
    'attempts',
    'last_error',
    'run_at',
    'created_at',
    'done_at',
    'request_id',
  ],
  hidden: ['request_id'],
};

export const Page = () => (
  <PageBody title="Jobs">
    <ListOf list={list} />
  </PageBody>
);
