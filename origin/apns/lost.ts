/** No answer came. */
export class Lost extends Error {
  /** Whether it is sure that nobody acted on the request. */
  readonly isUnprocessed: boolean;
  constructor(isUnprocessed: boolean, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.isUnprocessed = isUnprocessed;
  }
}
