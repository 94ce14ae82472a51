import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { COLUMNS } from './board.ts';
import { categoryFor, fitted, lifeOf, PUSH_CATEGORIES, type Push } from './push.ts';

const push = (more: Partial<Push> = {}): Push => ({
  platform: 'ios',
  token: 'a',
  environment: 'production',
  title: 'Title',
  body: 'Body',
  data: {},
  message_key: 'k',
  ...more,
});

describe('a task’s buttons', () => {
  test.each(COLUMNS)('of $name are those of its column', ({ name, button_types }) => {
    for (const recurs of [false, true]) {
      const actions: string[] = PUSH_CATEGORIES[categoryFor(name, { recurs })];
      expect([...button_types, 'skip']).toEqual(expect.arrayContaining(actions));
    }
  });

  test('are never those that undo or destroy by a slip of the thumb', () => {
    expect(Object.values(PUSH_CATEGORIES).flat()).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^cancel|delete/)]),
    );
  });

  test.each([
    ['overdue_tasks', 'task_due', 'task_due_recurring'],
    ['due_soon_tasks', 'task_due', 'task_due_recurring'],
    ['upcoming_tasks', 'task_due', 'task_due_recurring'],
    ['in_progress_tasks', 'task_in_progress', 'task_in_progress'],
    ['completed_tasks', 'task_completed', 'task_completed'],
    ['cancelled_tasks', 'task_cancelled', 'task_cancelled'],
  ] as const)('%s: %s, and %s if it recurs', (column, once, again) => {
    expect([categoryFor(column), categoryFor(column, { recurs: true })]).toEqual([once, again]);
  });
});

describe('what a push is cut to', () => {
  const payloadOf = ({ title, body }: Push) => ({ title, body });
  const bytesOf = (cut: Push) => Buffer.byteLength(JSON.stringify(payloadOf(cut)));

  test('is all of it while it fits', () => {
    const empty = bytesOf(push({ body: '' }));
    const full = push({ body: 'x'.repeat(4096 - empty) });
    expect(fitted(full, payloadOf)).toEqual(full);
    const cut = fitted(push({ body: `${full.body}y` }), payloadOf);
    expect(cut.body).toBe(`${'x'.repeat(4096 - empty - 3)}…`);
    expect(bytesOf(cut)).toBe(4096);
  });

  test('is as much of its beginning as fits, in whole characters', () => {
    const parts = fc.constantFrom(
      'a',
      ' ',
      '"',
      '\\',
      '\n',
      '\u0007',
      'é',
      'é',
      '濾',
      '👩‍👩‍👧‍👦',
      '🇩🇪',
      '\ud800',
      'नि',
    );
    fc.assert(
      fc.property(fc.array(parts, { minLength: 1500, maxLength: 3000 }), (many) => {
        const body = many.join('').repeat(3);
        const cut = fitted(push({ body }), payloadOf);
        expect(bytesOf(cut)).toBeLessThanOrEqual(4096);
        const kept = cut.body.slice(0, -1);
        const starts = [...new Intl.Segmenter().segment(body)].map(({ index }) => index);
        const next = starts.find((at) => at > kept.length && body.slice(kept.length, at).trim() !== '') ?? 0;
        expect(body.startsWith(kept)).toBe(true);
        expect(starts).toContain(next);
        expect(bytesOf(push({ body: `${body.slice(0, next)}…` }))).toBeGreaterThan(4096);
      }),
      { numRuns: 20 },
    );
  });

  test('is nothing of one endless character', () => {
    expect(fitted(push({ body: `a${'\u0301'.repeat(5000)}` }), payloadOf).body).toBe('…');
  });

  test('cannot be a title', () => {
    expect(() => fitted(push({ title: 'x'.repeat(5000) }), payloadOf)).toThrow('too long');
  });
});

test('how long a push is worth something', () => {
  const now = '2026-11-21T12:00:00.000Z';
  const until = (expires_at: string) => () => lifeOf(push({ expires_at }), now);
  expect(lifeOf(push(), now)).toBe(28 * 24 * 3600);
  expect(until('2026-11-21T13:00:00Z')()).toBe(3600);
  expect(until('2026-11-21T13:00:00+01:00')).toThrow('no use');
  expect(until('2026-11-21T12:00:00.001Z')()).toBe(1);
  expect(until('2027-11-21T12:00:00Z')()).toBe(28 * 24 * 3600);
  expect(until(now)).toThrow('no use');
  expect(until('soon')).toThrow('no use');
});
