import type { ReactNode } from 'react';
import { Broken } from './broken';
import { Loading } from './loading';

type Asked<T> = { data: T | undefined; isError: boolean; error: unknown; refetch(): Promise<unknown> };
type Props<T> = { query: Asked<T>; children: (data: T) => ReactNode };

/** What was asked for, or that it is on its way, or why it does not come. */
export function Shown<T>({ query, children }: Props<T>) {
  if (query.data !== undefined) return children(query.data);
  if (query.isError) return <Broken error={query.error} reset={() => void query.refetch()} />;
  return <Loading />;
}
