import { addInterval } from '../../domain/dates.ts';
import type { Dice } from './dice.ts';
import type { Facts } from './facts.ts';
import { drawEnd, drawTask, drawWishes, drawZone } from './family.ts';
import { PASSWORD } from './settle.ts';

/** A request of somebody; nobody's, if there is no `by`. */
export type Request = { by: number | null; method: string; path: string; input?: object };

type Given = { dice: Dice; facts: Facts; today: string; number: number };
type Act = (given: Given) => Request | null;

const TURNS = ['mark-in-progress', 'clear-in-progress', 'cancel', 'cancel', 'uncancel', 'archive', 'unarchive'];

const someMember = ({ dice, facts }: Given) => (facts.members.length > 0 ? dice.pick(facts.members) : null);
const someTask = ({ dice, facts }: Given) => (facts.tasks.length > 0 ? dice.pick(facts.tasks) : null);

/** On a task, by somebody who may do it. */
const onTask =
  (method: string, tail: string, input?: (given: Given) => object): Act =>
  (given) => {
    const task = someTask(given);
    const here = given.facts.members.filter((m) => m.residence_id === task?.residence_id && m.role !== 'viewer');
    if (!task || here.length === 0) return null;
    const by = given.dice.pick(here).user_id;
    return { by, method, path: `/api/tasks/${task.id}/${tail}`, input: input?.(given) ?? {} };
  };

/** On a warranty, by somebody who may do it. */
const onWarranty =
  (method: string, tail: (given: Given) => string, input?: (given: Given) => object): Act =>
  (given) => {
    const { dice, facts } = given;
    const warranty = facts.warranties.length > 0 ? dice.pick(facts.warranties) : null;
    const here = facts.members.filter((m) => m.residence_id === warranty?.residence_id && m.role !== 'viewer');
    if (!warranty || here.length === 0) return null;
    const path = `/api/documents/${warranty.id}/${tail(given)}`;
    return { by: dice.pick(here).user_id, method, path, input: input?.(given) ?? {} };
  };

const onHome =
  (method: string, tail: (given: Given, residence_id: number) => string, input?: (given: Given) => object): Act =>
  (given) => {
    const homes = given.facts.homes.filter(({ is_deleted }) => !is_deleted);
    if (homes.length === 0) return null;
    const { id } = given.dice.pick(homes);
    const owner = given.facts.members.find((m) => m.residence_id === id && m.role === 'owner');
    const path = `/api/residences/${id}/${tail(given, id)}`;
    return owner ? { by: owner.user_id, method, path, input: input?.(given) ?? {} } : null;
  };

const bySomebody =
  (method: string, path: string, input: (given: Given) => object): Act =>
  (given) => ({ by: given.dice.pick(given.facts.people).id, method, path, input: input(given) });

const otherMember = ({ dice, facts }: Given, home: number) =>
  dice.pick(facts.members.filter(({ residence_id }) => residence_id === home)).user_id;

/** What people do, and how often. Some of it is refused: by roles, by the state of a task, or because it is gone. */
const ACTS: [weight: number, act: Act][] = [
  [30, onTask('POST', 'quick-complete/')],
  [14, onTask('PATCH', '', ({ dice, today }) => ({ due_date: addInterval(today, dice.int(-10, 35), 'day') }))],
  [4, onTask('PATCH', '', ({ dice }) => ({ frequency_id: dice.int(1, 12) }))],
  [5, onTask('POST', 'skip/')],
  [8, (given) => onTask('POST', `${given.dice.pick(TURNS)}/`)(given)],
  [2, onTask('DELETE', '')],
  [
    6,
    (given) => {
      const member = someMember(given);
      const task = member && given.facts.tasks.find(({ residence_id }) => residence_id === member.residence_id);
      const owner = given.facts.members.find((m) => m.residence_id === task?.residence_id && m.role === 'owner');
      if (!member || !task || !owner) return null;
      const assigned_to_id = given.dice.chance(0.3) ? null : member.user_id;
      return { by: owner.user_id, method: 'PATCH', path: `/api/tasks/${task.id}/`, input: { assigned_to_id } };
    },
  ],
  [
    8,
    (given) => {
      const member = someMember(given);
      const task = { residence_id: member?.residence_id, ...drawTask(given.dice, given.today) };
      return member ? { by: member.user_id, method: 'POST', path: '/api/tasks/', input: task } : null;
    },
  ],
  [
    4,
    ({ dice, facts }) => {
      const made = facts.completions.at(-dice.int(1, 3));
      const task = facts.tasks.find(({ id }) => id === made?.task_id);
      const member = facts.members.find((m) => m.residence_id === task?.residence_id && m.role !== 'viewer');
      return made && member
        ? { by: member.user_id, method: 'DELETE', path: `/api/task-completions/${made.id}/` }
        : null;
    },
  ],
  [
    6,
    onWarranty(
      'PATCH',
      () => '',
      ({ dice, today }) => ({ ends_on: drawEnd(dice, today) }),
    ),
  ],
  [3, onWarranty('POST', ({ dice }) => `${dice.pick(['activate', 'activate', 'deactivate'])}/`)],
  [1, onWarranty('DELETE', () => '')],
  [
    4,
    (given) => {
      const member = someMember(given);
      const paper = { title: 'A new paper', document_type: 'warranty', ends_on: drawEnd(given.dice, given.today) };
      const input = { residence_id: member?.residence_id, ...paper };
      return member ? { by: member.user_id, method: 'POST', path: '/api/documents/', input } : null;
    },
  ],
  [7, onHome('POST', ({ dice }) => `${dice.pick(['pause', 'resume', 'resume'])}/`)],
  [10, bySomebody('PUT', '/api/notifications/preferences/', ({ dice }) => drawWishes(dice))],
  [5, bySomebody('PATCH', '/api/auth/me/', ({ dice }) => ({ timezone: drawZone(dice) }))],
  [
    2,
    (given) => {
      const member = someMember(given);
      return (
        member && {
          by: member.user_id,
          method: 'POST',
          path: `/api/residences/${member.residence_id}/leave/`,
          input: {},
        }
      );
    },
  ],
  [1, onHome('DELETE', (given, home) => `users/${otherMember(given, home)}/`)],
  [
    2,
    onHome(
      'PATCH',
      (given, home) => `users/${otherMember(given, home)}/`,
      ({ dice }) => ({ role: dice.pick(['member', 'viewer']) }),
    ),
  ],
  [1, onHome('DELETE', () => '')],
  [
    2,
    ({ facts, dice }) => {
      const gone = facts.homes.filter(({ is_deleted }) => is_deleted);
      const home = gone.length > 0 ? dice.pick(gone) : null;
      const owner = facts.members.find((m) => m.residence_id === home?.id && m.role === 'owner');
      return home && owner
        ? { by: owner.user_id, method: 'POST', path: `/api/residences/${home.id}/restore/`, input: {} }
        : null;
    },
  ],
  [3, bySomebody('POST', '/api/residences/', () => ({ name: 'Another home' }))],
  [1, bySomebody('DELETE', '/api/auth/account/', () => ({ password: PASSWORD }))],
  [
    5,
    ({ dice, number }) => {
      const username = `n${number}x${dice.int(0, 999_999)}`;
      const input = { username, email: `${username}@example.com`, password: PASSWORD, timezone: drawZone(dice) };
      return { by: null, method: 'POST', path: '/api/auth/register/', input };
    },
  ],
  [
    4,
    bySomebody('POST', '/api/notifications/devices/', ({ dice }) => ({
      platform: dice.pick(['ios', 'android']),
      token: `t${dice.int(0, 999_999)}`,
    })),
  ],
  [
    2,
    ({ dice, facts }) => {
      const owner = dice.pick(facts.people);
      const [phone] = owner.devices;
      return phone ? { by: owner.id, method: 'DELETE', path: `/api/notifications/devices/${phone.id}/` } : null;
    },
  ],
];

const ALL = ACTS.flatMap(([weight, act]) => Array.from({ length: weight }, () => act));

/** What somebody of a family does next. */
export const drawAct = (given: Given): Request | null => given.dice.pick(ALL)(given);
