import { api } from '../api/client';
import { ListLink } from '../list/list-link';
import { Facts } from '../show/facts';
import { PageBody } from '../show/page';
import { Shown } from '../show/shown';
import { useId } from '../show/use-id';

export function Page() {
  const id = useId();
  const query = api.useQuery('get', '/api/admin/contractors/{id}/', { params: { path: { id } } });
  const links = <ListLink to="/tasks" search={{ contractor_id: String(id) }} text="Their tasks" />;
  return (
    <PageBody title={query.data?.name ?? `Contractor #${id}`} actions={links}>
      <Shown query={query}>
        {({ specialties, ...contractor }) => (
          <Facts of={{ ...contractor, specialties: specialties.map(({ name }) => name) }} without={['specialty_ids']} />
        )}
      </Shown>
    </PageBody>
  );
}
