declare module 'pg/lib/utils' {
  /** As text, or as bytes. */
  export function prepareValue(value: unknown): string | number | boolean | Buffer | null;
}
