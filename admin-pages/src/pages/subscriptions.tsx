import type { List } from '../list/list';
import { ListOf } from '../list/list-page';
import { EntityLink } from '../show/entity-link';
import { PageBody } from '../show/page';

const list: List<'/api/admin/subscriptions/'> = {
  path: '/api/admin/subscriptions/',
  columns: [
    {
      name: 'user',
      show: ({ user_id, email }) => <EntityLink to="user" id={user_id} text={email} />,
      sort: 'user_id',
    },
    'tier',
    'is_free',
    'platform',
    'product_id',
    'status',
    'expires_at',
    'auto_renew',
    'trial_ends_at',
    'transaction_id',
    'updated_at',
  ],
  hidden: ['transaction_id'],
  keyOf: ({ user_id }) => user_id,
};

export const Page = () => (
  <PageBody title="Subscriptions">
    <ListOf list={list} />
  </PageBody>
);
