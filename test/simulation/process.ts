import type { Db } from '../../db/client.ts';
import type { Dice } from './dice.ts';
import type { Gate } from './in-turns.ts';

const FAULTS = ['dies before', 'dies after', 'loses the request', 'loses the answer', 'deadlock'] as const;
type Fault = (typeof FAULTS)[number];

/** Something that runs until its end, or until it is killed: then it stops where it stands, and does nothing any more. */
export type Process = {
  db: Db;
  /** Whether anything went wrong that it had no part in. */
  isShaken(): boolean;
  isDead(): boolean;
  /** Never resolves once it is dead. */
  alive(): Promise<void>;
  /** Lets it come no further than to its next trip; what it is about to do at the same time is done, in whatever order. */
  doom(): void;
  death: Promise<void>;
};

const never = () => new Promise<never>(() => {});

/** A process whose trips take turns with others'. At most one of them, drawn before, goes wrong. */
export function makeProcess(db: Db, gate: Gate, dice: Dice, share: number, count: (what: string) => void): Process {
  const fault = dice.chance(share) ? { at: dice.int(1, 8), kind: dice.pick(FAULTS) } : null;
  const killed = Promise.withResolvers<void>();
  let trips = 0;
  let isShaken = false;
  let isDead = false;
  let isDoomed = false;
  const die = () => {
    isDead = true;
    isShaken = true;
    killed.resolve();
    return never();
  };

  async function batch(statements: Parameters<Db['batch']>[0]) {
    trips += 1;
    const drawn: Fault | null = fault?.at === trips ? fault.kind : null;
    if (drawn) {
      count(`trip ${drawn}`);
      isShaken = true;
    }
    if (isDead) return await never();
    if (isDoomed) return await die();
    if (drawn === 'dies before') return await die();
    if (drawn === 'loses the request') throw connectionLost();
    if (drawn === 'deadlock') throw Object.assign(new Error('deadlock detected'), { code: '40P01' });
    const answer = await gate(() => db.batch(statements));
    if (drawn === 'dies after') return await die();
    if (drawn === 'loses the answer') throw connectionLost();
    return answer;
  }

  return {
    db: new Proxy(db, { get: (target, name) => (name === 'batch' ? batch : Reflect.get(target, name)) }),
    isShaken: () => isShaken,
    isDead: () => isDead,
    alive: () => (isDead ? never() : Promise.resolve()),
    doom() {
      isDoomed = true;
      isShaken = true;
    },
    death: killed.promise,
  };
}

const connectionLost = () => Object.assign(new Error('connection closed'), { name: 'NeonDbError', code: '08006' });
