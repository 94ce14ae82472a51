import { Checkbox, Fieldset, Group } from '@mantine/core';
import { labelOf } from '../show/label';
import type { List, ListPath } from './list';
import { hiddenOf } from './rows';

type Props<P extends ListPath> = { list: List<P>; hidden: string | undefined; onChange(hidden: string): void };

/** Which columns are shown. */
export function ColumnMenu<P extends ListPath>({ list, hidden, onChange }: Props<P>) {
  const names = list.columns.map((column) => (typeof column === 'string' ? column : column.name));
  const now = hiddenOf(list, hidden);
  const toggle = (name: string) => {
    const next = now.includes(name) ? now.filter((other) => other !== name) : [...now, name];
    onChange(next.join(',') || 'none');
  };
  return (
    <Fieldset legend="Columns" id="columns">
      <Group gap="md">
        {names.map((name) => (
          <Checkbox key={name} label={labelOf(name)} checked={!now.includes(name)} onChange={() => toggle(name)} />
        ))}
      </Group>
    </Fieldset>
  );
}
