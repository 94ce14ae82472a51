/** Every way in which honeyDue says no. Clients switch on these; they never change their meaning. */
export type ErrorCode =
  | 'validation'
  | 'malformed_json'
  | 'invalid_signature'
  | 'code_invalid'
  | 'identity_without_email'
  | 'unauthenticated'
  | 'invalid_credentials'
  | 'forbidden'
  | 'email_unverified'
  | 'cross_site'
  | 'admins_only'
  | 'confirmation_required'
  | 'tier_limit_reached'
  | 'not_found'
  | 'method_not_allowed'
  | 'conflict'
  | 'username_taken'
  | 'email_taken'
  | 'already_completed'
  | 'occurrence_completed'
  | 'task_not_active'
  | 'not_recurring'
  | 'already_member'
  | 'owner_must_stay'
  | 'purchase_taken'
  | 'subscribed_elsewhere'
  | 'in_use'
  | 'name_taken'
  | 'share_code_spent'
  | 'request_timeout'
  | 'precondition_failed'
  | 'too_large'
  | 'misdirected'
  | 'unsupported_media_type'
  | 'range_not_satisfiable'
  | 'idempotency_key_reused'
  | 'purchase_invalid'
  | 'file_empty'
  | 'file_type_refused'
  | 'file_type_mismatch'
  | 'file_active_content'
  | 'file_archive_refused'
  | 'file_polyglot'
  | 'file_damaged'
  | 'file_size_mismatch'
  | 'image_too_large'
  | 'upgrade_required'
  | 'rate_limited'
  | 'too_many_uploads'
  | 'overloaded'
  | 'internal'
  | 'storage_unavailable'
  | 'identity_unavailable'
  | 'billing_unavailable'
  | 'mail_unavailable'
  | 'read_only'
  | 'schema_behind'
  | 'database_unavailable';

/** What an error may carry besides its sentence. */
export type ErrorDetails = {
  /** By field: what is wrong with it. */
  fields?: Record<string, string[]>;
  retry_after_s?: number;
  /** The current representation's validator, on `precondition_failed`. */
  etag?: string;
  /** How long the file is, on `range_not_satisfiable`. */
  content_range?: string;
  /** The methods that the path does take, on `method_not_allowed`. */
  allow?: string[];
  /** The exact limit that was hit, on `rate_limited`. */
  limit?: { name: string; quota: number; window_s: number; remaining: number; reset_s: number };
  /** What the owner's tier allows and holds, on `tier_limit_reached`. */
  tier?: { kind: string; limit: number; usage: number };
};

/** The only error that is thrown on purpose. Anything else is a bug. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;
  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'AppError';
    this.code = code;
    this.details = details;
  }
}

export const invalid = (field: string, message: string): AppError =>
  new AppError('validation', 'Some fields are missing or wrong.', { fields: { [field]: [message] } });
