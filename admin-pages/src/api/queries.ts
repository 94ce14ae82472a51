import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { isRefusal } from './client';

type Told = { onDone(message: string): void; onRefused(error: Error): void; onSignedOut(): void };

declare module '@tanstack/react-query' {
  interface Register {
    /** `done`: what is said when it has worked. `tellsItself`: whoever asked shows what went wrong. `leaves`: what is shown is gone then. */
    mutationMeta: { done?: string; tellsItself?: boolean; leaves?: boolean };
  }
}

const RETRIES = 2;
const FRESH_MS = 5_000;

/** After each write everything in sight is read again: the write may have changed any of it. */
export function makeQueries({ onDone, onRefused, onSignedOut }: Told): QueryClient {
  const checkSession = (error: Error) => isRefusal(error, 'unauthenticated') && onSignedOut();
  const queries: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError: checkSession }),
    mutationCache: new MutationCache({
      onError: (error, _variables, _result, { meta }) => {
        checkSession(error);
        if (!meta?.tellsItself) onRefused(error);
      },
      onSuccess: async (_data, _variables, _result, { meta }) => {
        if (meta?.done) onDone(meta.done);
        await queries.invalidateQueries({ queryKey: ['get'], refetchType: meta?.leaves ? 'none' : 'active' });
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: FRESH_MS,
        retry: (count, error) => count < RETRIES && !('problem' in error),
      },
    },
  });
  return queries;
}
