import type { Answered } from '../../db/answer.ts';
import type { AdminContext } from '../../usecases/enter-admin.ts';
import type { Asking, Context, Ports } from '../../usecases/ports.ts';

/** Hono's bindings are our ports: the app cannot tell workerd from Node. */
export type AppEnv = {
  Bindings: Ports;
  Variables: {
    request_id: string;
    /** What every use case gets. */
    asking: Asking;
    /** The request's body, within its limit. */
    body: Uint8Array<ArrayBuffer>;
    /** What a read has answered. */
    sent?: Answered;
    /** Set below the sign-in line. */
    ctx: Context;
    /** Set below the admins' line. */
    admin: AdminContext;
  };
};
