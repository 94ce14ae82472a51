import type { List } from '../list/list';
import { ListOf } from '../list/list-page';
import { EntityLink } from '../show/entity-link';
import { PageBody } from '../show/page';

const list: List<'/api/admin/tasks/'> = {
  path: '/api/admin/tasks/',
  columns: [
    { name: 'title', show: ({ id, title }) => <EntityLink to="task" id={id} text={title} /> },
    'kanban_column',
    'effective_date',
    'residence_id',
    'assigned_to_id',
    'contractor_id',
    'completion_count',
    'last_completed_at',
    'template_id',
    'created_by_id',
    'created_at',
    'id',
  ],
  hidden: ['template_id', 'created_by_id'],
};

export const Page = () => (
  <PageBody title="Tasks">
    <ListOf list={list} />
  </PageBody>
);
