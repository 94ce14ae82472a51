import { Card, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

type Heard<T> = { state: 'ok' | 'not_configured' | 'no_answer'; found: T | null };
type Who = { who: string; setting: string };
type Props<T> = Who & { of: Heard<T>; title: string; children: (found: T) => ReactNode };

/** What somebody outside has said; in its place, or beside what there is of it, why there is no more. */
export function HeardFrom<T>({ of, title, who, setting, children }: Props<T>) {
  return (
    <>
      {of.state !== 'ok' && (
        <Card withBorder>
          <Title order={2} size="h5" mb="xs">
            {title}
          </Title>
          <Unheard state={of.state} who={who} setting={setting} />
        </Card>
      )}
      {of.found !== null && children(of.found)}
    </>
  );
}

/** Nothing, of whoever has answered. */
export function Unheard({ state, who, setting }: Who & { state: Heard<unknown>['state'] }) {
  if (state === 'ok') return null;
  return state === 'no_answer' ? (
    <Text size="sm">{who} does not answer.</Text>
  ) : (
    <Text size="sm" c="dimmed">
      {who} is not set up ({setting}).
    </Text>
  );
}
