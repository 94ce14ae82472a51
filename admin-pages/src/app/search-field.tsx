import { TextInput } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { SearchIcon } from '@primer/octicons-react';
import { useNavigate } from '@tanstack/react-router';
import { useRef } from 'react';

/** Over everything; a slash leads there. */
export function SearchField() {
  const field = useRef<HTMLInputElement>(null);
  const navigate = useNavigate();
  useHotkeys([['/', () => field.current?.focus()]]);
  return (
    <search style={{ flex: '0 1 420px' }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const q = field.current?.value.trim();
          if (q) navigate({ to: '/search', search: { q } });
        }}
      >
        <TextInput
          ref={field}
          type="search"
          aria-label="Search everything"
          placeholder="Search everything ( / )"
          leftSection={<SearchIcon />}
          maxLength={100}
        />
      </form>
    </search>
  );
}
