import { Code } from '@mantine/core';

/** As text, whatever is in it. */
export function Json({ value, label }: { value: unknown; label: string }) {
  return (
    <Code block className="json wraps" tabIndex={0} role="region" aria-label={label}>
      {JSON.stringify(value, null, 2)}
    </Code>
  );
}
