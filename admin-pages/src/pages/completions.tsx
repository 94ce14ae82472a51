import type { List } from '../list/list';
import { ListOf } from '../list/list-page';
import { EntityLink } from '../show/entity-link';
import { PageBody } from '../show/page';

const list: List<'/api/admin/completions/'> = {
  path: '/api/admin/completions/',
  columns: [
    { name: 'task', show: ({ id, task_title }) => <EntityLink to="completion" id={id} text={task_title} /> },
    'completed_at',
    'completed_by_id',
    'residence_id',
    'image_count',
    'rating',
    'actual_cost',
    'notes',
    'created_at',
    'id',
  ],
  hidden: ['created_at'],
};

export const Page = () => (
  <PageBody title="Completions">
    <ListOf list={list} />
  </PageBody>
);
