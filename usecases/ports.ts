import type { Db } from '../db/client.ts';
import type { Key } from '../db/idempotency.ts';
import type { Who } from '../db/who.ts';
import type { ArchiveAudit } from '../domain/audit-archive.ts';
import type { Stores } from '../domain/billing.ts';
import type { Cache } from '../domain/cache.ts';
import type { IsHuman } from '../domain/contact.ts';
import type { Bell } from '../domain/event.ts';
import type { Files } from '../domain/file.ts';
import type { FileWork } from '../domain/file-work.ts';
import type { VerifyIdentity } from '../domain/identity.ts';
import type { SendMail } from '../domain/mail.ts';
import type { MailReports } from '../domain/mail-report.ts';
import type { Observatory } from '../domain/observatory.ts';
import type { MakePaper } from '../domain/paper.ts';
import type { SendPush } from '../domain/push.ts';
import type { Counts } from '../domain/telemetry/counts.ts';
import type { Trace } from '../domain/telemetry/span.ts';
import type { Telemetry } from '../domain/telemetry/telemetry.ts';
import type { KeptStaticData } from './read-static-data.ts';

export type Log = (event: string, fields?: Record<string, unknown>) => void;

/** Turns passwords into PHC strings and back into a yes or no. */
export type Passwords = {
  hash(password: string): Promise<string>;
  /** Null stands for nobody's hash: the same work, and never ok. `needs_rehash`: made with other parameters than today's. */
  verify(password: string, hash: string | null): Promise<{ ok: boolean; needs_rehash: boolean }>;
};

/** What an operator decides. Parsed from the environment once, at the door. */
export type Settings = {
  /** Sign what we give out and want to know again. The first signs; the others are still believed, while they are rotated. */
  signing_keys: [string, ...string[]];
  /** Where links in mails and calendars lead, without a slash at the end. */
  public_url: string;
  /** Whether writing needs a verified e-mail address. */
  verified_only: boolean;
  /** Origins whose pages may call the API. */
  cors_origins: string[];
  /** Where the dashboard is served from: pages of no other origin write as an admin. */
  admin_origins: string[];
  /** Who reads what is written on the public site; absent: nobody is told. */
  contact_to?: string | undefined;
  /** Of this build; shown in the OpenAPI document. */
  release: string;
};

/** What the edge and the origin do differently, and nothing else. Made for each request by workers/index.ts and origin/wire.ts. */
export type Ports = {
  db: Db;
  /** The time, RFC 3339 in UTC. */
  now(): string;
  /** Tells the consumers of their queues that these events wait. May fail: cron rings again. */
  ring(bells: Bell[]): Promise<void>;
  /** Keeps work alive after the answer. */
  defer(work: Promise<unknown>): void;
  log: Log;
  /** Counts a request; false if the subject had too many. Approximate, and per place. */
  limit(by: 'token' | 'address', subject: string): Promise<boolean>;
  passwords: Passwords;
  /** Says whom an identity token of Apple or Google names. */
  verifyIdentity: VerifyIdentity;
  /** Tells people from robots; absent: nobody asks. */
  isHuman?: IsHuman;
  mail: SendMail;
  /** What became of mails after their carrier took them. */
  mailReports: MailReports;
  push: SendPush;
  /** Where the pro tier is bought. */
  stores: Stores;
  /** Where photos and papers are kept. */
  files: Files;
  /** The client's address, from whom this runtime trusts to tell it. */
  address: string;
  /** Lets a request in, and answers what to call when it has been; null: this process is overloaded. Absent: all come in. */
  enter?(): (() => void) | null;
  /** The landing page, the rendered documentation and their assets. */
  site(request: Request): Promise<Response>;
  settings: Settings;
  /** The look-ups, kept by the isolate or the process between requests. */
  static_data: KeptStaticData;
  /** What Redis makes better; absent: nothing is. */
  cache?: Cache | undefined;
  /** What this isolate or process notes of itself; absent: nothing, but for its log. */
  telemetry?: Telemetry | undefined;
  /** Where an operator's questions about all of it go; absent: to the database alone. */
  observatory?: Observatory | undefined;
  /** What this request has spent, where its deadline goes by that. */
  meter?: Meter;
  /** Called with the body that was read, by whom the request may have to be sent on. */
  tookBody?(body: Uint8Array<ArrayBuffer>): void;
};

/** What works off events gets. */
export type Worker = Pick<
  Ports,
  | 'db'
  | 'now'
  | 'ring'
  | 'log'
  | 'mail'
  | 'mailReports'
  | 'push'
  | 'stores'
  | 'files'
  | 'settings'
  | 'cache'
  | 'telemetry'
> & {
  /** Decodes what was uploaded. Absent at the edge, which works off no `long` event. */
  fileWork?: FileWork;
  /** Makes reports and exports. Absent at the edge as well. */
  makePaper?: MakePaper;
  /** Archives the audit log. Absent at the edge as well. */
  archiveAudit?: ArchiveAudit;
};

/** Round trips and time spent on them, for Server-Timing and the log. */
export type Meter = {
  trips: number;
  db_ms: number;
  auth_ms: number;
  storage_ms?: number;
  cache_ms?: number;
  /** Whether the answer came from the cache, where it was asked. */
  cache?: 'hit' | 'miss';
  notes?: Notes | undefined;
  /** The database was out of reach. */
  is_away?: boolean;
  /** It ended in an error that nobody foresaw. */
  has_crashed?: boolean;
};

/** Where a request or a job notes what it does. Without a trace nobody asks for spans. */
export type Notes = { counts: Counts; trace: Trace | null };

/** What a use case gets when nobody is signed in yet. */
export type Asking = Pick<
  Ports,
  | 'db'
  | 'now'
  | 'ring'
  | 'defer'
  | 'log'
  | 'passwords'
  | 'verifyIdentity'
  | 'stores'
  | 'files'
  | 'address'
  | 'settings'
  | 'static_data'
  | 'cache'
> & {
  meter: Meter;
  request_id: string;
  traceparent: string;
  user_agent: string | null;
  /** From X-App-Version; null if there was none, or none that can be compared. */
  app_version: string | null;
};

/** What a use case of a signed-in user gets: the ports, and who asks. */
export type Context = Asking & {
  who: Who;
  /** Whose session the database says it is; nobody's until it was asked. */
  session: { user_id: number | null };
  /** From the Idempotency-Key header, if there was one. */
  key: Key | null;
  /** From If-Match: the row versions that the client is willing to change; null if it did not say. */
  if_match: string[] | null;
  /** From If-None-Match. */
  known: string[];
};
