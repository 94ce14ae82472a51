import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useMayWrite } from '../app/me';
import type { List } from '../list/list';
import { ListOf } from '../list/list-page';
import { EntityLink } from '../show/entity-link';
import { PageBody } from '../show/page';

const list: List<'/api/admin/templates/'> = {
  path: '/api/admin/templates/',
  columns: [
    { name: 'title', show: ({ id, title }) => <EntityLink to="template" id={id} text={title} /> },
    'category_id',
    'frequency_id',
    'tags',
    { name: 'conditions', show: ({ conditions }) => Object.keys(conditions).length || 'for every home' },
    'is_active',
    'updated_at',
    'id',
  ],
};

export function Page() {
  const mayWrite = useMayWrite();
  const add = (
    <Button renderRoot={(props) => <Link to="/templates/$id" params={{ id: 'new' }} {...props} />}>
      Add a template
    </Button>
  );
  return (
    <PageBody title="Templates" actions={mayWrite && add}>
      <ListOf list={list} />
    </PageBody>
  );
}
