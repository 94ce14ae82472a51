import type { Sides } from './failover-sides.ts';
import type { Mode } from './proxy.ts';

const FLAP_MS = 2000;

export type Fault = {
  name: string;
  begin(sides: Sides): void;
  seconds: number;
  /** Whether the origin answers then, and can be asked directly for comparison. */
  isOver: boolean;
};

const flapping = (): (() => Mode) => {
  const began = performance.now();
  return () => (Math.floor((performance.now() - began) / FLAP_MS) % 2 ? 'pass' : 'refuse');
};

const database = (name: string, mode: Mode, seconds: number): Fault => ({
  name: `the edge’s way to the database ${name}`,
  begin: ({ toNeon }) => toNeon.be(mode),
  seconds,
  isOver: true,
});

/** Each by itself. What hangs needs longer to be told from what is slow, and more answers to be weighed against. */
export const faults = (seconds: number): Fault[] => [
  database('is dead', 'refuse', seconds),
  database('hangs', 'hang', 4 * seconds),
  database('breaks off in its answers', 'cut', seconds),
  database('answers 500', 'page', seconds),
  database('loses the answers to what it has done', 'lose', seconds),
  database('answers what the driver chokes on, an exception of the edge', 'odd', seconds),
  {
    name: 'the edge’s way to the database flaps every 2 s',
    begin: ({ toNeon }) => toNeon.be(flapping()),
    seconds: 2 * seconds,
    isOver: true,
  },
  { name: 'the origin is down', begin: ({ toOrigin }) => toOrigin.be('refuse'), seconds, isOver: false },
  { name: 'the origin is slow', begin: ({ toOrigin }) => toOrigin.be('slow'), seconds, isOver: false },
  {
    name: 'the origin’s way to the database is dead',
    begin: ({ toPostgres }) => toPostgres.be('refuse'),
    seconds,
    isOver: false,
  },
];

/** Every fault there is, at random: a quarter of what the edge asks the database goes wrong in one way or another. */
export function storm(seed: number, seconds: number): Fault {
  const MODES: Mode[] = ['refuse', 'cut', 'lose', 'page', 'odd', 'lose'];
  let state = seed >>> 0;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const mode = () => (random() < 0.25 ? (MODES[Math.floor(random() * MODES.length)] ?? 'pass') : 'pass');
  return { name: `faults at random (seed ${seed})`, begin: ({ toNeon }) => toNeon.be(mode), seconds, isOver: false };
}
