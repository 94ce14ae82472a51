import * as z from 'zod';

const about = {
  user: { user_id: z.int() },
  residence: { residence_id: z.int() },
  task: { residence_id: z.int(), task_id: z.int() },
};
const fact = <T extends string, S extends z.ZodRawShape>(type: T, ids: S) =>
  z.object({ type: z.literal(type), ...ids });

/** Every fact the system may act on later, in the past tense and as ids: a handler reads the rest fresh. */
export const Event = z.discriminatedUnion('type', [
  fact('user.registered', about.user),
  fact('user.signed_in', about.user),
  fact('user.signed_out', about.user),
  fact('user.updated', about.user),
  fact('residence.created', about.residence),
  fact('residence.updated', about.residence),
  fact('residence.deleted', about.residence),
  fact('task.created', about.task),
  fact('task.updated', about.task),
  fact('task.deleted', about.task),
  fact('task.started', about.task),
  fact('task.stopped', about.task),
  fact('task.cancelled', about.task),
  fact('task.uncancelled', about.task),
  fact('task.archived', about.task),
  fact('task.unarchived', about.task),
  fact('task.completed', { ...about.task, completion_id: z.int() }),
]);
export type Event = z.infer<typeof Event>;

/** What travels through a queue: only a doorbell. The event itself waits in the outbox. */
export const Doorbell = z.object({ event_id: z.int() });
export type Doorbell = z.infer<typeof Doorbell>;
