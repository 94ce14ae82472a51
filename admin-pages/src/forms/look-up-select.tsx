import { NativeSelect } from '@mantine/core';
import type { ReactNode } from 'react';
import { useLookUps } from './use-look-ups';

type Props = {
  kind: 'task-categories' | 'task-frequencies';
  label: string;
  value: number | null;
  onChange(id: number | null): void;
  error?: ReactNode;
};

export function LookUpSelect({ kind, label, value, onChange, error }: Props) {
  const options = useLookUps(kind);
  return (
    <NativeSelect
      label={label}
      error={error}
      data={[{ value: '', label: 'None' }, ...options]}
      value={value === null ? '' : String(value)}
      onChange={({ currentTarget }) => onChange(currentTarget.value === '' ? null : Number(currentTarget.value))}
    />
  );
}
