import type { Ports } from '../usecases/ports.ts';
import type { Delivery } from './consume.ts';

/**
 * A doorbell reaches the queue's own dead letters only when the database stayed out of reach. The event is in the outbox,
 * and cron rings again; so this leaves a line in the log and lets the bell go.
 */
export function noteLost({ log }: Pick<Ports, 'log'>, deliveries: readonly Delivery[]): void {
  for (const delivery of deliveries) {
    log('doorbell.lost', { body: JSON.stringify(delivery.body)?.slice(0, 200), attempts: delivery.attempts });
    delivery.ack();
  }
}
