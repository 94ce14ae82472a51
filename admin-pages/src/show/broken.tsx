import { Alert, Button, Code, Stack, Text } from '@mantine/core';
import { Refusal } from '../api/client';
import { saidBy } from './said-by';

/** A red of WCAG's contrast, on either ground. */
const READABLE = 'light-dark(var(--mantine-color-red-9), var(--mantine-color-red-3))';

type Props = { error: unknown; reset?: () => void };

/** What went wrong, what to say of it to somebody who can look it up, and another try. */
export function Broken({ error, reset = () => window.location.reload() }: Props) {
  const problem = error instanceof Refusal ? error.problem : undefined;
  return (
    <Alert
      color="red"
      variant="outline"
      styles={{ title: { color: READABLE } }}
      title={problem?.code === 'not_found' ? 'Nothing here' : 'That did not work'}
    >
      <Stack align="flex-start" gap="sm">
        <Text size="sm">{saidBy(error)}</Text>
        {problem?.request_id && (
          <Text size="sm">
            Request <Code>{problem.request_id}</Code>
          </Text>
        )}
        <Button variant="default" onClick={reset}>
          Try again
        </Button>
      </Stack>
    </Alert>
  );
}
