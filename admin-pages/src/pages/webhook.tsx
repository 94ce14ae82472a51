import { api } from '../api/client';
import { Facts } from '../show/facts';
import { PageBody } from '../show/page';
import { Shown } from '../show/shown';
import { useId } from '../show/use-id';

export function Page() {
  const id = useId();
  const query = api.useQuery('get', '/api/admin/webhooks/{id}/', { params: { path: { id } } });
  return (
    <PageBody title={`Webhook #${id}`}>
      <Shown query={query}>{(webhook) => <Facts of={webhook} />}</Shown>
    </PageBody>
  );
}
