import type { Bell } from '../../domain/event.ts';
import type { Dice } from './dice.ts';

/** A doorbell under way: when it comes, and how often it came before. */
export type Message = Bell & { at_ms: number; attempts: number };

const MAX_DELIVERIES = 10;

/** A queue as bad as a queue may be: bells come late, twice, in any order, or never. */
export function makePost(dice: Dice, count: (what: string) => void, isCalm: () => boolean) {
  let messages: Message[] = [];
  let isAway = false;
  const send = (bell: Bell, now_ms: number, delay_s: number, attempts: number) =>
    messages.push({ ...bell, at_ms: now_ms + delay_s * 1000 + dice.int(0, 4000), attempts });
  return {
    async ring(bells: Bell[], now_ms: number): Promise<void> {
      isAway = !isCalm() && dice.chance(0.03);
      if (isAway) {
        count('queue away');
        throw new Error('The queue is away.');
      }
      for (const bell of bells) {
        const isLost = !isCalm() && dice.chance(0.05);
        const isDouble = !isCalm() && dice.chance(0.05);
        if (isLost) count('bell lost');
        else send(bell, now_ms, bell.delay_s ?? 0, 1);
        if (isDouble) {
          count('bell doubled');
          send(bell, now_ms, dice.pick([0, 0, dice.int(0, 900)]), 1);
        }
      }
    },
    /** Whether it refused the last bells. */
    isAway: () => isAway,
    again({ event_id, queue, attempts }: Message, now_ms: number, delay_s: number): void {
      if (attempts < MAX_DELIVERIES) send({ event_id, queue }, now_ms, delay_s, attempts + 1);
      else count('bell given up');
    },
    next: (): number | null => (messages.length > 0 ? Math.min(...messages.map(({ at_ms }) => at_ms)) : null),
    /** What has come by now, in no order, by queue; a bell that comes again goes to another consumer. */
    take(now_ms: number, most: number): Message[][] {
      const come = messages.filter(({ at_ms }) => at_ms <= now_ms);
      messages = messages.filter(({ at_ms }) => at_ms > now_ms);
      const heard = new Set<number>();
      const isRepeated = ({ event_id }: Message) => heard.size === heard.add(event_id).size;
      const groups = Map.groupBy(dice.shuffled(come), (message) => `${message.queue} ${isRepeated(message)}`);
      return [...groups.values()].flatMap((alike) =>
        Array.from({ length: Math.ceil(alike.length / most) }, (_, n) => alike.slice(n * most, (n + 1) * most)),
      );
    },
  };
}
