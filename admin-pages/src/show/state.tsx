import { Badge } from '@mantine/core';

const COLORS: Record<string, string> = {
  ok: 'green',
  done: 'green',
  sent: 'green',
  answered: 'green',
  active: 'green',
  pro: 'honey',
  new: 'blue',
  waiting: 'blue',
  scheduled: 'blue',
  running: 'blue',
  pending: 'blue',
  degraded: 'orange',
  uncertain: 'orange',
  grace: 'orange',
  late: 'orange',
  never: 'orange',
  no_answer: 'orange',
  taking_over: 'orange',
  warning: 'orange',
  suppressed: 'orange',
  down: 'red',
  dead: 'red',
  refused: 'red',
  broken: 'red',
  page: 'red',
  error: 'red',
  gone: 'red',
  revoked: 'red',
  deleted: 'red',
};

/** One word of a few; the colour only repeats it. */
export function State({ children: word }: { children: string }) {
  return (
    <Badge variant="dot" color={COLORS[word] ?? 'gray'} tt="none" fw={500} miw="max-content">
      {word.replaceAll('_', ' ')}
    </Badge>
  );
}
