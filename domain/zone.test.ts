import fc from 'fast-check';
import { expect, test } from 'vitest';
import { civilDate } from './dates.ts';
import { parseZone } from './zone.ts';

test.each([
  ['+09:00', '+09:00'],
  ['UTC+05:30', '+05:30'],
  ['GMT-03:00', '-03:00'],
  ['gmt+0545', '+05:45'],
  ['-0930', '-09:30'],
  ['+14:00', '+14:00'],
])('%s is %s: the sign is kept', (name, zone) => expect(parseZone(name)).toBe(zone));

test.each([
  'UTC',
  'America/Chicago',
  'US/Central',
  'Asia/Kolkata',
  'Asia/Calcutta',
  'EST5EDT',
  'Etc/GMT+5',
  'GB',
  'EST',
])('%s is a zone, by its own name', (name) => expect(parseZone(name)).toBe(name));

// PostgreSQL takes them for abbreviations that know no summer time.
test.each(['CET', 'MET', 'EET', 'WET', 'cet'])('%s keeps its summer time', (name) => {
  expect(parseZone(name)).toMatch(/^Europe\//);
});

// ICU knows these of old; PostgreSQL means another zone by them, or none.
test.each(['PST', 'CST', 'IST', 'BST', 'AST', 'ECT', 'SystemV/EST5'])('%s is no zone', (name) => {
  expect(parseZone(name)).toBeNull();
});

test.each(['', ' ', '+', '5', '+5', '+05', '+05:60', '+16:00', '-99:00', 'UTC+5', '+05:30:00', 'Mars/Olympus', 'Z'])(
  '“%s” is no zone',
  (name) => expect(parseZone(name)).toBeNull(),
);

test.each([
  "UTC'; drop table task_task; --",
  'UTC\0',
  'Europe/Berlin\n',
  'UTC '.repeat(100),
  '１２:00',
  'a'.repeat(65),
])('nonsense is no zone: %j', (name) => expect(parseZone(name)).toBeNull());

test('every zone that is taken is one that dates can be told in, the second time too', () => {
  const name = fc.oneof(
    fc.string({ maxLength: 12 }),
    fc.stringMatching(/^(UTC|GMT)?[+-]\d\d:?\d\d$/),
    fc.constantFrom(...Intl.supportedValuesOf('timeZone')).map((name) => name.toLowerCase()),
  );
  const told = fc.property(name, (name) => {
    const zone = parseZone(name);
    expect(parseZone(name)).toBe(zone);
    if (zone !== null) expect(civilDate('2026-03-07T15:00:00Z', zone)).toMatch(/^2026-03-0[678]$/);
  });
  fc.assert(told, { seed: 20260307, numRuns: 1000, interruptAfterTimeLimit: 2000, markInterruptAsFailure: false });
});

test('remembers no more than it needs to', () => {
  for (let n = 0; n < 3000; n += 1) expect(parseZone(`Nowhere/${n}`)).toBeNull();
  expect(parseZone('Europe/Berlin')).toBe('Europe/Berlin');
});
