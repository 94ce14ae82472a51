import { api } from '../api/client';
import { ListLink } from '../list/list-link';
import { Facts } from '../show/facts';
import { PageBody } from '../show/page';
import { Shown } from '../show/shown';
import { useId } from '../show/use-id';

const REFRESH_MS = 3_000;

export function Page() {
  const id = useId();
  const query = api.useQuery(
    'get',
    '/api/admin/jobs/{id}/',
    { params: { path: { id } } },
    { refetchInterval: ({ state }) => (state.data && isOver(state.data.state) ? false : REFRESH_MS) },
  );
  const { state, request_id } = query.data ?? {};
  return (
    <PageBody
      title={query.data ? `${query.data.type} #${id}` : `Job #${id}`}
      actions={
        <>
          {(state === 'dead' || state === 'uncertain') && (
            <ListLink to={`/dead-letters/${id}`} search={{}} text="As a dead letter" />
          )}
          {request_id && <ListLink to="/audit-log" search={{ request_id }} text="What its request changed" />}
        </>
      }
    >
      <Shown query={query}>{(job) => <Facts of={job} />}</Shown>
    </PageBody>
  );
}

const isOver = (state: string): boolean => ['done', 'dead', 'uncertain'].includes(state);
