import { Card, Table } from '@mantine/core';
import { labelOf } from './label';
import { Value } from './value';

type Props = { of: object; only?: readonly string[]; without?: readonly string[]; label?: string };

/** The fields of something, one below the other. */
export function Facts({ of, only, without = [], label = 'Details' }: Props) {
  const fields = Object.entries(of).filter(([name]) => (only?.includes(name) ?? true) && !without.includes(name));
  return (
    <Card withBorder p="xs">
      <Table variant="vertical" layout="fixed" aria-label={label}>
        <Table.Tbody>
          {fields.map(([name, value]) => (
            <Table.Tr key={name}>
              <Table.Th scope="row" w={190}>
                {labelOf(name)}
              </Table.Th>
              <Table.Td>
                <Value name={name} value={value} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Card>
  );
}
