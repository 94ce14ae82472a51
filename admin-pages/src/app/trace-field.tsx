import { Button, Group, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';

/** Leads to what is kept of a request. */
export function TraceField({ id = '' }: { id?: string }) {
  const [typed, setTyped] = useState({ text: id, of: id });
  // Another address, by the back button say, wins over what was typed before it.
  if (typed.of !== id) setTyped({ text: id, of: id });
  const navigate = useNavigate();
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const asked = typed.text.trim();
        if (asked) navigate({ to: '/trace', search: { id: asked } });
      }}
    >
      <Group gap="xs" align="flex-end">
        <TextInput
          label="Request or trace id"
          description="As an error shows it: “request_id”, or the header X-Request-Id"
          maxLength={100}
          flex="0 1 420px"
          value={typed.text}
          onChange={({ currentTarget }) => setTyped({ text: currentTarget.value, of: id })}
        />
        <Button type="submit" variant="default">
          Find
        </Button>
      </Group>
    </form>
  );
}
