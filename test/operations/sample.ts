import type { Person, World } from '../home.ts';

/** What requests are about: one home, one task in it, and what `make` added. */
export type Subject = { residence_id: number; task_id: number; [more: string]: number | string };

export type Household = Awaited<ReturnType<World['home']>>;

/** What each role is answered: a status, or 2 for any success. */
export type Answers = Record<'owner' | 'member' | 'viewer' | 'stranger', number>;

/** A valid request to an operation, and what it comes to. */
export type Sample = {
  /** Makes what the request is about beyond the home and its task; runs before each request, as the home's owner. */
  make?: (world: World, home: Household, caller: Person) => Promise<Record<string, number | string>>;
  request: (subject: Subject) => { path: string; body?: object; headers?: Record<string, string> };
  /** Where it differs from most: members read, all but viewers write, for strangers nothing is here. */
  answers?: Partial<Answers>;
  /** Round trips before the answer, where it is not one for a read and two for a write. */
  trips?: number;
};

export type Samples = Record<string, Sample>;

/** About the caller alone: everybody is answered. */
export const OWN: Partial<Answers> = { viewer: 2, stranger: 2 };
export const OWNERS_ONLY: Partial<Answers> = { member: 403 };

export const answersOf = (name: string, { answers }: Sample): Answers => ({
  owner: 2,
  member: 2,
  viewer: name.startsWith('GET') ? 2 : 403,
  stranger: 404,
  ...answers,
});

export const tripsOf = (name: string, { trips }: Sample): number => trips ?? (name.startsWith('GET') ? 1 : 2);
