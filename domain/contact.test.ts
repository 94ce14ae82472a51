import { expect, test } from 'vitest';
import { NewContactMessage, networkOf, newContactKey } from './contact.ts';

test.each([
  ['203.0.113.7', '203.0.113.0/24'],
  ['::ffff:203.0.113.7', '203.0.113.0/24'],
  ['2001:0db8:00a0:1::1', '2001:db8:a0::/48'],
  ['2001:DB8:a0:ffff:1:2:3:4', '2001:db8:a0::/48'],
  ['2001:db8::1', '2001:db8::/48'],
  ['unknown', 'unknown::/48'],
])('%s is of %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});

test('a message has a name, an address and a text, and its hidden field is empty', () => {
  const message = { name: ' Jane ', email: 'jane@example.com', message: ' Hi\n there ' };
  expect(NewContactMessage.parse({ ...message, leave_empty: '' })).toMatchObject({
    name: 'Jane',
    message: 'Hi\n there',
  });
  const bad = { name: 'x'.repeat(101), email: 'jane', message: ' ', leave_empty: 'http://spam.example' };
  const fields = NewContactMessage.safeParse(bad).error?.issues.map(({ path }) => path[0]);
  expect(fields).toEqual(['name', 'email', 'message', 'leave_empty']);
  expect(NewContactMessage.safeParse({ ...message, message: 'x'.repeat(1000) }).success).toBe(true);
  expect(NewContactMessage.safeParse({ ...message, message: 'x'.repeat(1001) }).success).toBe(false);
});

test('a key is long, and no other is like it', () => {
  expect(newContactKey()).toMatch(/^hdc_[\w-]{43}$/);
  expect(newContactKey()).not.toBe(newContactKey());
});
