import { api } from '../api/client';
import { ListLink } from '../list/list-link';
import { Facts } from '../show/facts';
import { PageBody } from '../show/page';
import { Shown } from '../show/shown';
import { useId } from '../show/use-id';

export function Page() {
  const id = useId();
  const query = api.useQuery('get', '/api/admin/tasks/{id}/', { params: { path: { id } } });
  const links = <ListLink to="/completions" search={{ task_id: String(id) }} text="Its completions" />;
  return (
    <PageBody title={query.data?.title ?? `Task #${id}`} actions={links}>
      <Shown query={query}>
        {({ category, priority, frequency, ...task }) => (
          <Facts
            of={{ ...task, category: category?.name, priority: priority?.name, frequency: frequency?.name }}
            without={['category_id', 'priority_id', 'frequency_id']}
          />
        )}
      </Shown>
    </PageBody>
  );
}
