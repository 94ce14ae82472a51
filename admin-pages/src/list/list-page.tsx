import { Box, Button, Group, NativeSelect, Stack } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { ColumnsIcon, DownloadIcon } from '@primer/octicons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { fetchJson } from '../api/client';
import type { Search } from '../app/router';
import { Broken } from '../show/broken';
import { ColumnMenu } from './column-menu';
import { Filters } from './filters';
import { addressOf, askedOf, type List, type ListPath, type Row } from './list';
import { Rows } from './rows';

const LIMITS = ['25', '50', '100', '200'];

/** A list with its filters, orders and pages, all of them kept in the address. */
export function ListOf<P extends ListPath>({ list }: { list: List<P> }) {
  const search: Search = useSearch({ strict: false });
  const navigate = useNavigate();
  const [hasColumns, { toggle: toggleColumns }] = useDisclosure();
  const address = addressOf(list, search);
  const query = useQuery({
    queryKey: ['get', list.path, address],
    queryFn: () => fetchJson<{ results: Row<P>[]; next_cursor: string | null }>(address),
    placeholderData: keepPreviousData,
  });
  /** Another question begins at the first page. */
  const ask = (change: Search) =>
    navigate({ to: '.', search: (before) => ({ ...before, cursor: undefined, ...change }), resetScroll: false });

  return (
    <Stack gap="sm">
      <Filters key={list.path} path={list.path} search={search} onAsk={ask} />
      <Group justify="space-between" align="flex-end">
        <Group gap="xs">
          <Button
            variant="default"
            leftSection={<ColumnsIcon />}
            aria-expanded={hasColumns}
            aria-controls="columns"
            onClick={toggleColumns}
          >
            Columns
          </Button>
          {askedOf(list.path).has_csv && (
            <Button
              component="a"
              variant="default"
              leftSection={<DownloadIcon />}
              href={addressOf(list, { ...search, cursor: undefined, limit: undefined }, { format: 'csv' })}
              download
            >
              CSV
            </Button>
          )}
        </Group>
        <Group gap="xs">
          <NativeSelect
            aria-label="Rows on a page"
            data={LIMITS.map((value) => ({ value, label: `${value} rows` }))}
            value={search.limit ?? '50'}
            onChange={({ currentTarget }) => ask({ limit: currentTarget.value })}
          />
          <Button variant="default" disabled={!search.cursor} onClick={() => ask({})}>
            First page
          </Button>
          <Button
            variant="default"
            disabled={!query.data?.next_cursor || query.isPlaceholderData}
            onClick={() => ask({ cursor: query.data?.next_cursor ?? undefined })}
          >
            Next page
          </Button>
        </Group>
      </Group>
      {hasColumns && (
        <ColumnMenu list={list} hidden={search.hidden} onChange={(hidden) => ask({ hidden, cursor: search.cursor })} />
      )}
      {query.isError ? (
        <Broken error={query.error} reset={() => void query.refetch()} />
      ) : (
        <Box opacity={query.isPlaceholderData ? 0.55 : 1} aria-busy={query.isFetching}>
          <Rows list={list} rows={query.data?.results} search={search} onAsk={ask} />
        </Box>
      )}
    </Stack>
  );
}
