import { Text } from '@mantine/core';
import type { List } from '../list/list';
import { ListOf } from '../list/list-page';
import { EntityLink } from '../show/entity-link';
import { PageBody } from '../show/page';

const list: List<'/api/admin/contact-messages/'> = {
  path: '/api/admin/contact-messages/',
  columns: [
    { name: 'name', show: ({ id, name }) => <EntityLink to="contact_message" id={id} text={name} /> },
    'email',
    {
      name: 'message',
      show: ({ message }) => (
        <Text size="sm" lineClamp={2}>
          {message}
        </Text>
      ),
    },
    'status',
    'created_at',
    'mailed_at',
    'id',
  ],
  hidden: ['mailed_at'],
};

export const Page = () => (
  <PageBody title="Contact messages">
    <ListOf list={list} />
  </PageBody>
);
