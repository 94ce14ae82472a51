import { AppError, type ErrorCode, type ErrorDetails, invalid } from '../domain/errors.ts';

/** What PostgreSQL said, wherever the driver and Drizzle put it. */
type SqlError = Error & { code: string; constraint?: string | undefined; detail?: string | undefined };

/** The SQL error inside an error, if there is one. */
function sqlError(error: unknown): SqlError | null {
  for (let e = error; e instanceof Error; e = e.cause) {
    if ('code' in e && typeof e.code === 'string' && /^[0-9A-Z]{5}$/.test(e.code)) return e as SqlError;
  }
  return null;
}

export const isViolationOf = (constraint: string, error: unknown): boolean => {
  const violation = sqlError(error);
  return violation?.code === '23505' && violation.constraint === constraint;
};

/** Nothing was done and nothing is wrong: the same batch may run again. */
export const isTransient = (error: unknown): boolean => ['40001', '40P01'].includes(sqlError(error)?.code ?? '');

/** The database is well and says no: a guard, a constraint, or another write in the way. */
export const isRefusal = (error: unknown): boolean => /^(HD|23|40|55)/.test(sqlError(error)?.code ?? '');

/** What the guards raise: the SQLSTATE is the kind, the message the code. */
const REFUSALS: Record<string, string> = {
  unauthenticated: 'Sign in first.',
  not_found: 'There is nothing here.',
  forbidden: 'Your role in this home does not allow that.',
  email_unverified: 'Verify your e-mail address first.',
  admins_only: 'Support reads, and changes nothing.',
  confirmation_required: 'Show your password and a code once more first.',
  conflict: 'Somebody else was faster. Read it again.',
  tier_limit_reached: 'Your plan has no room for more.',
  already_member: 'You are a member of this home.',
  share_code_spent: 'This code was used or has expired. Ask for a new one.',
  upgrade_required: 'This version of the app is too old. Update it.',
  too_many_uploads: 'You have asked for too many uploads. Use or wait for those that you have.',
  read_only: 'Nothing can be changed for the moment. Try again later.',
};

/** References that a client may get wrong, by the foreign key that notices. */
const REFERENCES: Record<string, string> = {
  residence_residence_property_type_id_residence_residencetype_id_fk: 'property_type_id',
  task_task_category_id_task_taskcategory_id_fk: 'category_id',
  task_task_priority_id_task_taskpriority_id_fk: 'priority_id',
  task_task_frequency_id_task_taskfrequency_id_fk: 'frequency_id',
  task_task_assignee_is_member: 'assigned_to_id',
  task_task_contractor_is_of_home: 'contractor_id',
  task_task_template_id_task_tasktemplate_id_fk: 'template_id',
  task_tasktemplate_category_id_task_taskcategory_id_fk: 'category_id',
  task_tasktemplate_frequency_id_task_taskfrequency_id_fk: 'frequency_id',
  task_document_task_is_of_home: 'task_id',
  task_document_contractor_is_of_home: 'contractor_id',
  task_contractor_specialties_specialty_id_task_contractorspecialty_id_fk: 'specialty_ids',
};

/** PostgreSQL keeps so many characters of a name. */
const NAME_LENGTH = 63;

const referenceNoticedBy = (constraint: string): string | undefined =>
  Object.entries(REFERENCES).find(([name]) => name.slice(0, NAME_LENGTH) === constraint)?.[1];

const TAKEN: Record<string, [ErrorCode, string]> = {
  auth_user_username_key: ['username_taken', 'That username is taken.'],
  auth_user_email_key: ['email_taken', 'There is an account with that e-mail address.'],
};

/** How long a client had better wait while the operator has switched writing off. */
const READ_ONLY_RETRY_S = 60;

function detailsOf(code: string, detail: string | undefined): ErrorDetails {
  if (code === 'tier_limit_reached') return { tier: JSON.parse(detail ?? '') };
  if (code === 'too_many_uploads') return JSON.parse(detail ?? '');
  return code === 'read_only' ? { retry_after_s: READ_ONLY_RETRY_S } : {};
}

const unavailable = (cause: unknown) =>
  new AppError('database_unavailable', 'The database cannot be reached.', { retry_after_s: 2 }, cause);

/** Every failure of a batch as one of ours, or as it was if nobody foresaw it. */
export function translate(error: unknown): unknown {
  const sql = sqlError(error);
  if (sql === null) return isFromDatabase(error) ? unavailable(error) : error;
  const { code, message, constraint = '' } = sql;
  const refusal = code.startsWith('HD') ? REFUSALS[message] : undefined;
  if (refusal) return new AppError(message as ErrorCode, refusal, detailsOf(message, sql.detail), error);
  if (message === 'upload_not_found') return invalid('upload_ids', 'There is no such upload.');
  const reference = code === '23503' && referenceNoticedBy(constraint);
  if (reference) return invalid(reference, 'There is no such row.');
  // Of the look-up tables.
  if (code === '23505' && constraint.endsWith('_name_unique')) {
    return new AppError('name_taken', 'There is one of that name.', {}, error);
  }
  if (code === '23505' && TAKEN[constraint]) return new AppError(...TAKEN[constraint], {}, error);
  if (code === '55P03' || code === '40001' || code === '40P01') {
    return new AppError('conflict', 'Another write to the same thing is still running.', { retry_after_s: 1 }, error);
  }
  if (['42P01', '42703', '42883'].includes(code)) {
    return new AppError('schema_behind', 'The database is still being upgraded.', { retry_after_s: 10 }, error);
  }
  if (/^(08|53|58|57P|57014)/.test(code)) return unavailable(error);
  return error;
}

/**
 * Of what `translate` has made: the database is out of reach or going down, so that nothing that was sent is to blame.
 * A statement that took too long is.
 */
export function isAway(error: unknown): boolean {
  const sql = sqlError(error);
  if (sql) return /^(08|53|58|57P)/.test(sql.code);
  return error instanceof AppError && error.code === 'database_unavailable';
}

/** What workerd and Node say of an answer that ended before its end. */
const BROKEN_OFF = /^(Network connection lost\.|terminated)$/;

/** No SQL error, and yet no answer: the connection, the deadline, or something in between that does not speak SQL. */
const isFromDatabase = (error: unknown): boolean =>
  error instanceof Error &&
  (error.name === 'NeonDbError' ||
    error.name === 'AbortError' ||
    error.name === 'TimeoutError' ||
    error instanceof SyntaxError ||
    BROKEN_OFF.test(error.message));
