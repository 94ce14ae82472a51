import { api } from '../api/client';

type Kind = 'residence-types' | 'task-categories' | 'task-frequencies';

/** A look-up table as what can be chosen. */
export function useLookUps(kind: Kind): { value: string; label: string }[] {
  const params = { path: { kind }, query: { limit: 200 } };
  const { data } = api.useQuery('get', '/api/admin/look-ups/{kind}/', { params }, { staleTime: 60_000 });
  return data?.results.map(({ id, name }) => ({ value: String(id), label: name })) ?? [];
}
