import { describe, expect, test } from 'vitest';
import * as household from '../../domain/mails/household.ts';
import { householdLetters, NAMES, ofThemselves, STOP, TODAY, thatCanBeStopped } from './letters.ts';

const HOSTILE = `<script>alert(1)</script>"'><img src=x onerror=alert(1)>&amp;{{heading}}`;
const SOFT_BREAKS = 'x\u2028Bcc: thief@example.com\u202Ey\0';
const APP = { app_url: 'https://honeydue.example/', unsubscribe_url: STOP };

test('every mail of a household is tried here', () => {
  const tried = new Set(householdLetters(NAMES).map(([, { html }]) => html));
  expect(tried.size).toBe(Object.keys(household).length);
});

test.each(householdLetters(NAMES))('%s says the same in its text as in its HTML', (_name, { subject, text, html }) => {
  expect(subject.length).toBeGreaterThan(10);
  expect(subject.length).toBeLessThanOrEqual(60);
  expect(html).not.toMatch(/\{\{|undefined|NaN|\[object/);
  const said = text.replace(/ <(?:https|mailto):[^>]+>/g, '').replace(/^(?: \* | {3}|> )/gm, '');
  expect(textOf(html)).toBe(said.replace(/\s+/g, ' ').trim());
});

describe('data stays data', () => {
  const plain = Object.fromEntries(householdLetters(NAMES));

  test.each(householdLetters({ person: HOSTILE, home: HOSTILE, task: HOSTILE }))('%s escapes it', (name, letter) => {
    expect(tagsOf(letter.html)).toEqual(tagsOf(plain[name]?.html ?? ''));
    expect(letter.html).not.toMatch(/<script|<img/);
    if (name !== 'no residence' && name !== 'export ready') {
      expect(letter.html).toContain('&lt;img src=x onerror=alert(1)&gt;&amp;amp;{{heading}}');
      expect(letter.text).toContain(HOSTILE);
    }
  });

  test.each(householdLetters({ person: SOFT_BREAKS, home: SOFT_BREAKS, task: SOFT_BREAKS }))(
    '%s lets a name begin no line',
    (_name, { subject, text, html }) => {
      expect(subject).not.toMatch(/[\p{C}\u2028\u2029]/u);
      expect(text).not.toMatch(/^Bcc/m);
      expect(`${text}${html}`).not.toMatch(/\u2028|\u202e|\0/);
    },
  );

  test('a link runs nothing', () => {
    const ready = { expires_at: '2026-11-22T15:04:05Z', zone: 'UTC' };
    for (const url of ['javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd', '/relative']) {
      expect(() => household.exportReady({ ...ready, url })).toThrow();
      expect(() => household.residenceJoined({ ...APP, residence_name: 'x', role: 'viewer', app_url: url })).toThrow();
    }
    const quoted = household.exportReady({ ...ready, url: `https://files.example/"><b>?a='&b=1` });
    expect(quoted.html).toContain('href="https://files.example/%22%3E%3Cb%3E?a=%27&amp;b=1"');
  });
});

test.each(Object.entries(thatCanBeStopped(NAMES)))(
  '%s can be switched off, from its foot and in one click',
  (_, mail) => {
    expect(mail.list_unsubscribe).toBe(STOP);
    expect(mail.html).toContain(`href="${STOP.replace('&', '&amp;')}"`);
    expect(mail.text.trim().endsWith(`Stop mails of this kind. <${STOP}>`)).toBe(true);
  },
);

test.each(Object.entries(ofThemselves(NAMES)))('%s has nothing to be switched off', (_name, mail) => {
  expect(Object.keys(mail).sort()).toEqual(['html', 'subject', 'text']);
  expect(mail.html).not.toContain('Stop mails');
});

describe('what is said is exact', () => {
  const task = { ...APP, task_title: 'Clean the gutters', residence_name: 'Maple Street', today: TODAY };

  test.each([
    ['2026-11-21', 'today'],
    ['2026-11-22', 'tomorrow'],
    ['2026-12-21', 'in 30 days'],
  ])('a task due on %s is due %s', (effective_date, when) => {
    const { subject, text } = household.taskDueSoon({ ...task, effective_date });
    expect(subject).toBe(`Due ${when}: Clean the gutters`);
    expect(text).toContain(`Due ${when}, on `);
  });

  test('what is overdue was due that many days ago', () => {
    const { subject, text } = household.taskOverdue({ ...task, effective_date: '2026-11-18' });
    expect(subject).toBe('Overdue: Clean the gutters');
    expect(text).toContain('It was due 3 days ago, on November 18, 2026, in “Maple Street”.');
  });

  test('a completion without notes and a next date says neither', () => {
    const done = { ...task, completed_by: 'Jane', completed_on: TODAY };
    const { html, text } = household.taskCompleted({ ...done, notes: '', next_due_date: null });
    expect(text).toContain('Jane completed “Clean the gutters” in “Maple Street” on November 21, 2026.\n\nOpen');
    expect(html).not.toContain('<blockquote');
    const again = household.taskCompleted({ ...done, notes: 'Two\nlines', next_due_date: '2027-05-21' });
    expect(again.text).toContain('> Two\n> lines\n\nIt is due again on May 21, 2027.');
    expect(again.html).toContain('>Two<br>lines</blockquote>');
  });

  test('a link ends at a time of its reader’s zone', () => {
    const file = { url: 'https://files.example/a', expires_at: '2026-11-22T23:30:00Z' };
    const until = (zone: string) => household.exportReady({ ...file, zone }).text.replace('\u202f', ' ');
    expect(until('America/Chicago')).toContain('works until November 22, 2026 at 5:30 PM,');
    expect(until('+05:30')).toContain('works until November 23, 2026 at 5:00 AM,');
  });

  test('an answer to a contact message goes to whoever wrote it', () => {
    const { text } = household.contactMessage({ id: 7, name: 'Bob', email: 'bob?cc=x@evil.example', message: 'Hi' });
    expect(text).toContain('Reply <mailto:bob%3Fcc%3Dx%40evil.example>');
  });

  test('a title as long as may be leaves a subject that is shown whole', () => {
    const { subject } = household.taskOverdue({ ...task, task_title: '🏡'.repeat(200), effective_date: TODAY });
    expect([...subject]).toHaveLength(120);
    expect(subject.endsWith('🏡…')).toBe(true);
  });
});

describe('the daily digest', () => {
  const columns = (...named: [name: 'overdue_tasks' | 'due_soon_tasks' | 'upcoming_tasks', titles: string[]][]) =>
    named.map(([name, titles]) => ({
      name,
      count: titles.length,
      tasks: titles.map((title) => ({ title, effective_date: '2026-11-20' })),
    }));
  const digest = (residences: { name: string; columns: ReturnType<typeof columns> }[]) =>
    household.dailyDigest({ ...APP, today: TODAY, residences });

  test('lists home by home, column by column, each task with its date', () => {
    const { subject, text } = digest([
      {
        name: 'Maple Street',
        columns: columns(['overdue_tasks', ['Filter', 'Gutters']], ['due_soon_tasks', ['Roof']]),
      },
      { name: 'Lake cabin', columns: columns(['overdue_tasks', ['Pump']]) },
    ]);
    expect(subject).toBe('Your homes today: 3 overdue, 1 due soon');
    expect(text).toContain(
      [
        'November 21, 2026: 3 overdue, 1 due soon.',
        'Maple Street',
        'Overdue (2)',
        ' * Filter\n   Fri, Nov 20, 2026 · yesterday\n * Gutters\n   Fri, Nov 20, 2026 · yesterday',
        'Due soon (1)',
        ' * Roof\n   Fri, Nov 20, 2026 · yesterday',
        'Lake cabin',
        'Overdue (1)',
        ' * Pump\n   Fri, Nov 20, 2026 · yesterday',
        'Open honeyDue',
      ].join('\n\n'),
    );
  });

  test('leaves out empty columns, and homes without tasks', () => {
    const { subject, text } = digest([
      { name: 'Maple Street', columns: columns(['overdue_tasks', []], ['upcoming_tasks', ['Roof']]) },
      { name: 'Lake cabin', columns: columns(['overdue_tasks', []]) },
    ]);
    expect(subject).toBe('Your home today: 1 task');
    expect(text).not.toMatch(/Lake cabin|Overdue/);
  });

  test('counts what it does not list', () => {
    const titles = Array.from({ length: 12 }, (_, index) => `Task ${index + 1}.`);
    const { text } = digest([{ name: 'Maple Street', columns: columns(['overdue_tasks', titles]) }]);
    expect(text).toContain('Overdue (12)');
    expect(text).toContain(' * Task 10.\n');
    expect(text).not.toContain('Task 11.');
    expect(text).toContain('\n * and 2 other tasks\n');
  });
});

const tagsOf = (html: string): string[] => html.match(/<[^>]*>/g) ?? [];

const textOf = (html: string): string =>
  html
    .replace(/^[\s\S]*?>honeyDue<\/p>/, '')
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&#39;', "'")
    .replace(/\s+/g, ' ')
    .trim();
