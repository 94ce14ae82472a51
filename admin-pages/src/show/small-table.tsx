import { Card, Table, Text, Title } from '@mantine/core';
import type { Column } from '../list/list';
import { labelOf } from './label';
import { Value } from './value';

type Props<R> = {
  title: string;
  rows: R[];
  columns: Column<R>[];
  keyOf(row: R): string | number;
};

/** All there is of something, under its title. */
export function SmallTable<R>({ title, rows, columns, keyOf }: Props<R>) {
  return (
    <Card withBorder>
      <Title order={2} size="h5" mb="xs">
        {title}
      </Title>
      {rows.length === 0 ? (
        <Text c="dimmed">None.</Text>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard.
        <section aria-label={title} tabIndex={0} style={{ overflowX: 'auto' }}>
          <Table>
            <Table.Thead>
              <Table.Tr>
                {columns.map((column) => (
                  <Table.Th key={nameOf(column)}>{labelOf(nameOf(column))}</Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map((row) => (
                <Table.Tr key={keyOf(row)}>
                  {columns.map((column) => (
                    <Table.Td key={nameOf(column)}>
                      <div className="cell">
                        {typeof column === 'string' ? <Value name={column} value={row[column]} /> : column.show(row)}
                      </div>
                    </Table.Td>
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </section>
      )}
    </Card>
  );
}

const nameOf = <R,>(column: Column<R>): string => (typeof column === 'string' ? column : column.name);
