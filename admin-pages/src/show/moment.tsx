const MOMENT = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });

/** In the reader's own zone; what was meant exactly on hovering. */
export function Moment({ at }: { at: string }) {
  return (
    <time dateTime={at} title={at} style={{ whiteSpace: 'nowrap' }}>
      {MOMENT.format(new Date(at))}
    </time>
  );
}
