import { Code, Text } from '@mantine/core';

type Props = { fields: Record<string, unknown[]> | null };

/** By field: before and after. What may be personal is a hash. */
export function Changed({ fields }: Props) {
  if (fields === null) return null;
  return Object.entries(fields).map(([name, [before, after]]) => (
    <Text key={name} size="xs" className="wraps">
      {name}: <Code>{shown(before)}</Code> → <Code>{shown(after)}</Code>
    </Text>
  ));
}

const LONGEST = 24;

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value ?? null);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
