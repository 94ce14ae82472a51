import { describe, expect, test } from 'vitest';
import * as account from '../../domain/mails/account.ts';
import { letters, withCode } from './letters.ts';

const DATA = { code: '049731', username: 'jane.doe' };
const HOSTILE = `<script>alert(1)</script>"'><img src=x onerror=alert(1)>&amp;`;

test('every mail of an account is tried here', () => {
  const tried = new Set(letters(DATA).map(([, { html }]) => html));
  expect(tried.size).toBe(letters(DATA).length);
  expect(Object.keys(account).sort()).toEqual([
    'accountDeleted',
    'confirmNewEmail',
    'emailChanged',
    'passwordChanged',
    'resetPassword',
    'signInLinked',
    'verifyEmail',
  ]);
});

test.each(letters(DATA))('%s says the same in its text as in its HTML', (_name, { subject, text, html }) => {
  expect(subject).toMatch(/honeyDue|e-mail address/);
  expect(subject.length).toBeLessThanOrEqual(60);
  expect(textOf(html)).toBe(text.trim().replace(/\s+/g, ' '));
});

test.each(Object.entries(withCode(DATA)))('%s has its code alone on a line, and in its subject', (_name, letter) => {
  expect(letter.text.split('\n')).toContain(DATA.code);
  expect(letter.html).toContain(`>${DATA.code}</p>`);
  expect(letter.subject).toContain(DATA.code);
  expect(letter.text).toContain('within 10 minutes');
});

test('a code goes to whoever was typed in, and takes no word of a stranger along', () => {
  for (const letter of Object.values(withCode({ ...DATA, username: 'visit-evil.example' }))) {
    expect(JSON.stringify(letter)).not.toContain('evil');
  }
});

test('what is said of an account is exact', () => {
  expect(account.accountDeleted({ username: 'jane', erased_on: '2026-04-06' }).text).toContain('On April 6, 2026 ');
  expect(account.signInLinked({ username: 'jane', provider: 'apple' }).text).toContain('account “jane” with Apple.');
  expect(account.signInLinked({ username: 'jane', provider: 'google' }).subject).toMatch(/^Google can now sign in/);
});

describe('data stays data', () => {
  test.each(letters({ code: HOSTILE, username: HOSTILE }))('%s escapes it', (_name, { html, text }) => {
    expect(html).not.toMatch(/<script|<img|onerror=alert\(1\)>/);
    expect(tagsOf(html)).toEqual(tagsOf(Object.fromEntries(letters(DATA))[_name]?.html ?? ''));
    expect(html).toContain(
      '&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&gt;&lt;img src=x onerror=alert(1)&gt;&amp;amp;',
    );
    expect(text).toContain(HOSTILE);
  });

  const BROKEN = 'jane\r\nBcc: thief@example.com\n\nPay here:\u2028x\u202Ey\0';
  test.each(letters({ code: BROKEN, username: BROKEN }))('%s lets it begin no line', (_name, letter) => {
    const plain = Object.fromEntries(letters(DATA))[_name];
    expect(letter.subject).not.toMatch(/[\p{C}\u2028\u2029]/u);
    expect(letter.text.split('\n').length).toBe(plain?.text.split('\n').length);
    expect(letter.text).toContain('jane Bcc: thief@example.com Pay here: x y');
    expect(letter.html).not.toMatch(/\r|\u2028|\u202e|\0/);
  });
});

const tagsOf = (html: string): string[] => html.match(/<[^>]*>/g) ?? [];

const textOf = (html: string): string =>
  html
    .replace(/^[\s\S]*<p class="mark"[^>]*>honeyDue<\/p>/, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
