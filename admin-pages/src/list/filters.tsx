import { Button, Group, NativeSelect, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { SearchIcon } from '@primer/octicons-react';
import { useState } from 'react';
import type { Search } from '../app/router';
import { labelOf } from '../show/label';
import { askedOf, type Filter, type ListPath } from './list';

const PAUSE_MS = 300;

type Props = { path: ListPath; search: Search; onAsk(change: Search): void };

/** What the list can be asked for, as the API's document says. */
export function Filters({ path, search, onAsk }: Props) {
  const { filters, has_search } = askedOf(path);
  const names = [...(has_search ? ['search'] : []), ...Object.keys(filters)];
  if (names.length === 0) return null;
  const nothing = Object.fromEntries(names.map((name) => [name, undefined]));
  const isAsked = names.some((name) => search[name]);
  return (
    <Group gap="xs" align="flex-end" role="group" aria-label="Filters">
      {has_search && <Words name="search" label="Search" value={search.search} onAsk={onAsk} />}
      {Object.entries(filters).map(([name, filter]) => (
        <Field key={name} name={name} filter={filter} value={search[name]} onAsk={onAsk} />
      ))}
      <Button variant="subtle" disabled={!isAsked} onClick={() => onAsk(nothing)}>
        Clear
      </Button>
    </Group>
  );
}

type FieldProps = { name: string; value: string | undefined; onAsk(change: Search): void };

function Field({ name, filter, value, onAsk }: FieldProps & { filter: Filter }) {
  if (filter.kind === 'number' || filter.kind === 'words') {
    return <Words name={name} label={labelOf(name)} value={value} onAsk={onAsk} isNumber={filter.kind === 'number'} />;
  }
  if (filter.kind === 'moment') {
    return (
      <TextInput
        type="datetime-local"
        label={labelOf(name)}
        value={value ? localOf(value) : ''}
        onChange={({ currentTarget }) =>
          onAsk({ [name]: currentTarget.value ? new Date(currentTarget.value).toISOString() : undefined })
        }
      />
    );
  }
  return (
    <NativeSelect
      label={labelOf(name)}
      data={optionsOf(filter)}
      value={value ?? (filter.kind === 'choice' ? filter.usual : null) ?? ''}
      onChange={({ currentTarget }) => onAsk({ [name]: currentTarget.value || undefined })}
    />
  );
}

function optionsOf(filter: Filter) {
  const any = { value: '', label: 'Any' };
  if (filter.kind !== 'choice') return [any, { value: 'true', label: 'Yes' }, { value: 'false', label: 'No' }];
  const options = filter.options.map((value) => ({ value, label: value.replaceAll('_', ' ') }));
  return filter.usual === null ? [any, ...options] : options;
}

type WordsProps = FieldProps & { label: string; isNumber?: boolean };

/** Asks when the typing pauses. */
function Words({ name, label, value = '', onAsk, isNumber = false }: WordsProps) {
  const [typed, setTyped] = useState({ text: value, of: value });
  // Another address, by the back button say, wins over what was typed before it.
  if (typed.of !== value) setTyped({ text: value, of: value });
  const ask = useDebouncedCallback((text: string) => onAsk({ [name]: text || undefined }), PAUSE_MS);
  return (
    <TextInput
      type={name === 'search' ? 'search' : 'text'}
      label={label}
      inputMode={isNumber ? 'numeric' : 'text'}
      leftSection={name === 'search' ? <SearchIcon /> : undefined}
      w={isNumber ? 120 : 200}
      maxLength={100}
      value={typed.text}
      onChange={({ currentTarget }) => {
        const text = isNumber ? currentTarget.value.replace(/\D/g, '') : currentTarget.value;
        setTyped({ text, of: value });
        ask(text.trim());
      }}
    />
  );
}

/** As such a field wants it: local, without a zone. */
function localOf(at: string): string {
  const local = new Date(at);
  local.setMinutes(local.getMinutes() - local.getTimezoneOffset());
  return local.toISOString().slice(0, 16);
}
