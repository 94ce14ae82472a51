import { consume } from '../queues/consume.ts';
import type { Worker } from '../usecases/ports.ts';

/** Works off events in this process, each queue's by themselves. What is to wait is found when its time has come. */
export function ringHere(made: Omit<Worker, 'ring'>): Worker {
  const worker: Worker = {
    ...made,
    async ring(bells) {
      const due = bells.filter(({ delay_s = 0 }) => delay_s === 0);
      const queues = [...Map.groupBy(due, ({ queue }) => queue).values()];
      await Promise.all(queues.map((alike) => consume(worker, alike.map(toDelivery))));
    },
  };
  return worker;
}

/** There is nothing to be told of how it went: the outbox knows. */
const toDelivery = ({ event_id }: { event_id: number }) => ({
  body: { event_id },
  attempts: 1,
  ack() {},
  retry() {},
});
