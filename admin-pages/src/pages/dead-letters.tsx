import { Alert } from '@mantine/core';
import { useSearch } from '@tanstack/react-router';
import { useMayWrite } from '../app/me';
import type { Search } from '../app/router';
import { RetryLikeButton } from '../forms/retry-like-button';
import type { List } from '../list/list';
import { ListOf } from '../list/list-page';
import { EntityLink } from '../show/entity-link';
import { PageBody } from '../show/page';

const list: List<'/api/admin/dead-letters/'> = {
  path: '/api/admin/dead-letters/',
  columns: [
    { name: 'id', show: ({ id }) => <EntityLink to="dead_letter" id={id} /> },
    'type',
    'queue',
    'state',
    'attempts',
    'last_error',
    'since',
    'created_at',
  ],
};

export function Page() {
  const search: Search = useSearch({ strict: false });
  const mayWrite = useMayWrite();
  const { type, error, state } = search;
  const isDead = state === undefined || state === 'dead';
  return (
    <PageBody
      title="Dead letters"
      actions={mayWrite && type && isDead && <RetryLikeButton type={type} error={error} />}
    >
      <Alert variant="default" p="xs">
        Nobody tries these again but you. Filter by type to send again all that are alike.
      </Alert>
      <ListOf list={list} />
    </PageBody>
  );
}
