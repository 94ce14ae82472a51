import type { List } from '../list/list';
import { ListOf } from '../list/list-page';
import { EntityLink } from '../show/entity-link';
import { PageBody } from '../show/page';

const list: List<'/api/admin/documents/'> = {
  path: '/api/admin/documents/',
  columns: [
    { name: 'title', show: ({ id, title }) => <EntityLink to="document" id={id} text={title} /> },
    'document_type',
    'category',
    'residence_id',
    'ends_on',
    'is_active',
    'file_count',
    'created_by_id',
    'created_at',
    'id',
  ],
};

export const Page = () => (
  <PageBody title="Documents">
    <ListOf list={list} />
  </PageBody>
);
