import { describe, expect, test } from 'vitest';
import { Login, ProfileChange, Registration, usableHash, usernamesFrom } from './user.ts';

const sent = { username: 'maple', email: 'maple@example.com', password: 'four dry socks' };
const register = (more: object) => Registration.safeParse({ ...sent, ...more });
/** The fields that were refused. */
const refused = (more: object) => (register(more).error?.issues ?? []).map(({ path }) => path[0]);

describe('Registration', () => {
  test('fills in what was not said', () =>
    expect(register({}).data).toEqual({ ...sent, first_name: '', last_name: '', timezone: null }));

  test.each([
    ['abc', []],
    ['ab', ['username']],
    ['a'.repeat(150), []],
    ['a'.repeat(151), ['username']],
    ['  ab  ', ['username']],
    ['two words', ['username']],
    ['no\u00a0break', ['username']],
    ['zero\u200bwidth', ['username']],
    ['nul\0nul', ['username']],
    ['half\ud83d', ['username']],
    ['Zoë', []],
    ['家の人', []],
  ])('username %j: %j', (username, fields) => expect([...new Set(refused({ username }))]).toEqual(fields));

  test('a username is kept in one spelling', () => {
    expect(register({ username: '  ｍａｐｌｅ ' }).data?.username).toBe('maple');
    expect(register({ username: 'Zoe\u0308' }).data?.username).toBe('Zoë');
  });

  test('a username may be an address only if it is one’s own', () => {
    expect(refused({ username: 'somebody@example.com' })).toEqual(['username']);
    expect(refused({ username: 'maple@' })).toEqual(['username']);
    expect(refused({ username: '＠maple' })).toEqual(['username']);
    expect(refused({ username: 'Maple@Example.com' })).toEqual([]);
  });

  test.each([
    ['seven77', ['password']],
    ['eight888x', []],
    ['x'.repeat(128), []],
    ['x'.repeat(129), ['password']],
    ['password', ['password']],
    ['PassWord1', ['password']],
    ['charlton', ['password']],
    ['password of mine', []],
  ])('password %j: %j', (password, fields) => expect(refused({ password })).toEqual(fields));

  test.each([
    ['maple@example.com', []],
    [' maple@example.com ', []],
    ['maple', ['email']],
    ['maple@', ['email']],
    [`${'a'.repeat(250)}@example.com`, ['email']],
  ])('e-mail %j: %j', (email, fields) => expect([...new Set(refused({ email }))]).toEqual(fields));

  test.each([
    ['America/Chicago', 'America/Chicago'],
    ['+05:30', '+05:30'],
    ['UTC+05:30', '+05:30'],
    ['GMT-03:00', '-03:00'],
    ['CET', 'Europe/Brussels'],
  ])('zone %s is kept as %s', (timezone, kept) => {
    expect(register({ timezone }).data?.timezone).toBe(kept);
    expect(ProfileChange.parse({ timezone })).toEqual({ timezone: kept });
  });

  test.each(['', 'Mars/Olympus', '+25:00', 'a'.repeat(65)])('zone %j is refused', (timezone) =>
    expect(refused({ timezone })).toContain('timezone'),
  );
});

test('a change of profile says only what changes', () => {
  expect(ProfileChange.parse({})).toEqual({});
  expect(ProfileChange.parse({ first_name: ' Ann ', timezone: null })).toEqual({ first_name: 'Ann', timezone: null });
  expect(ProfileChange.safeParse({ first_name: null }).success).toBe(false);
});

test('signing in takes a username or an e-mail', () => {
  const password = 'x';
  expect(Login.safeParse({ username: 'maple', password }).success).toBe(true);
  expect(Login.safeParse({ email: 'maple@example.com', password }).success).toBe(true);
  expect(Login.safeParse({ password }).error?.issues[0]?.path).toEqual(['username']);
  expect(Login.safeParse({ username: 'maple' }).success).toBe(false);
  expect(Login.safeParse({ username: 'maple', password: 'x'.repeat(129) }).success).toBe(false);
});

describe('usernamesFrom', () => {
  test.each([
    ['Ann.Lee+home@example.com', /^ann\.lee$/],
    ['al@example.com', /^al\d{4}$/],
    ['+x@example.com', /^user\d{4}$/],
  ])('%s', (email, first) => {
    const names = usernamesFrom(email);
    expect(names[0]).toMatch(first);
    expect(names.at(-1)).toMatch(/\d{12}$/);
    for (const username of names) expect(refused({ username })).toEqual([]);
  });
});

test('a mark in place of a hash is no hash', () => {
  expect(usableHash('!')).toBeNull();
  expect(usableHash('!k3jh5')).toBeNull();
  expect(usableHash('$scrypt$ln=14')).toBe('$scrypt$ln=14');
});
