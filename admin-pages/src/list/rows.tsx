import { Card, Center, Skeleton, Table, Text, UnstyledButton } from '@mantine/core';
import { TriangleDownIcon, TriangleUpIcon } from '@primer/octicons-react';
import { columnVisibilityFeature, createColumnHelper, tableFeatures, useTable } from '@tanstack/react-table';
import { useMemo } from 'react';
import type { Search } from '../app/router';
import { labelOf } from '../show/label';
import { Value } from '../show/value';
import { askedOf, type Column, type List, type ListPath, type Row } from './list';

const features = tableFeatures({ columnVisibilityFeature });
const SKELETON_ROWS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

type Props<P extends ListPath> = {
  list: List<P>;
  /** Nothing while they are on their way. */
  rows: Row<P>[] | undefined;
  search: Search;
  onAsk(change: Search): void;
};

export function Rows<P extends ListPath>({ list, rows, search, onAsk }: Props<P>) {
  const { columns, keyOf } = list;
  const made = useMemo(() => columns.map(columnOf<Row<P>>), [columns]);
  const data = useMemo(() => rows ?? [], [rows]);
  const hidden = hiddenOf(list, search.hidden);
  const table = useTable({
    features,
    columns: made,
    data,
    state: { columnVisibility: Object.fromEntries(hidden.map((name) => [name, false])) },
    getRowId: (row, index) => String(keyOf?.(row) ?? ('id' in row ? row.id : index)),
  });
  const shown = table.getVisibleLeafColumns();
  return (
    <Card withBorder p={0}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard. */}
      <section aria-label="Table" tabIndex={0} style={{ overflowX: 'auto' }}>
        <Table highlightOnHover verticalSpacing="xs" horizontalSpacing="md">
          <Table.Thead>
            {table.getHeaderGroups().map((group) => (
              <Table.Tr key={group.id}>
                {group.headers.map(({ id }) => (
                  <Head key={id} name={id} sort={sortOf(columns, id)} list={list} search={search} onAsk={onAsk} />
                ))}
              </Table.Tr>
            ))}
          </Table.Thead>
          <Table.Tbody>
            {rows === undefined &&
              SKELETON_ROWS.map((key) => (
                <Table.Tr key={key}>
                  <Table.Td colSpan={shown.length}>
                    <Skeleton h={20} />
                  </Table.Td>
                </Table.Tr>
              ))}
            {table.getRowModel().rows.map((row) => (
              <Table.Tr key={row.id}>
                {row.getVisibleCells().map((cell) => (
                  <Table.Td key={cell.id}>
                    <div className="cell">
                      <table.FlexRender cell={cell} />
                    </div>
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </section>
      {rows?.length === 0 && (
        <Center py="xl">
          <Text c="dimmed">Nothing is like that.</Text>
        </Center>
      )}
    </Card>
  );
}

type HeadProps = Pick<Props<ListPath>, 'search' | 'onAsk'> & { name: string; sort: string; list: { path: ListPath } };

/** A header that is a button where the API can put the list in its order. */
function Head({ name, sort, list, search, onAsk }: HeadProps) {
  const { sorts } = askedOf(list.path);
  const offered = [sort, `-${sort}`].filter((order) => sorts.includes(order));
  const [first] = offered;
  if (!first) return <Table.Th style={{ whiteSpace: 'nowrap' }}>{labelOf(name)}</Table.Th>;
  const now = search.sort ?? sorts[0];
  const direction = now === sort ? 'ascending' : now === `-${sort}` ? 'descending' : 'none';
  const next = offered.find((order) => order !== now) ?? first;
  return (
    <Table.Th aria-sort={direction} style={{ whiteSpace: 'nowrap' }}>
      <UnstyledButton fz="sm" fw={700} onClick={() => onAsk({ sort: next === sorts[0] ? undefined : next })}>
        {labelOf(name)} {direction === 'ascending' && <TriangleUpIcon />}
        {direction === 'descending' && <TriangleDownIcon />}
      </UnstyledButton>
    </Table.Th>
  );
}

function columnOf<R extends object>(column: Column<R>) {
  const helper = createColumnHelper<typeof features, R>();
  if (typeof column !== 'string') {
    return helper.display({ id: column.name, cell: ({ row }) => column.show(row.original) });
  }
  return helper.display({ id: column, cell: ({ row }) => <Value name={column} value={row.original[column]} /> });
}

function sortOf<R>(columns: Column<R>[], name: string): string {
  const found = columns.find((column) => typeof column !== 'string' && column.name === name);
  return (typeof found === 'object' ? found.sort : undefined) ?? name;
}

/** As the address says, or as the list says at first. */
export function hiddenOf<P extends ListPath>({ hidden = [] }: List<P>, asked: string | undefined): string[] {
  if (asked === undefined) return hidden;
  return asked === 'none' ? [] : asked.split(',');
}
